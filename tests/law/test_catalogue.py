"""Every word of the portal has its Russian, and pages in Russian hold no other language."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask

from portal.levels.roles import Post
from portal.workflow.text import Text
from tests import cast, texts
from tests.browser import Browser, Page
from tests.conftest import on_one_database
from tests.office import Office

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "portal" / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
KEYWORDS = ("N_", "_", "gettext", "ngettext:1,2", "lazy_gettext")
HOLE = re.compile(r"%\((\w+)\)[sd]")
LATIN = re.compile(r"[A-Za-z][A-Za-z]+")

#: What is written in Latin letters in Russian too: names of formats and keys, and words of files and languages.
NAMES = {
    "CSV", "XLSX", "en", "ru", "JSON", "TOML", "UTF", "SHA", "Parquet", "YYYY", "MM", "DD", "Ctrl", "Enter", "Esc",
}  # fmt: skip
IN_FILES = {"true", "yes", "columns", "constants", "declaration", "id"}

#: Terms of the glossary that a page also uses for something else.
ELSEWHERE = {
    "stage": "the stage of a declaration is стадия; that of a document is этап",
    "endorsement": "names the status in which the endorsements are collected",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with SOURCE.open("rb") as file:
        return read_po(file, locale="ru")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the extraction of `make translations` finds in the source."""
    words = tmp_path_factory.mktemp("words") / "messages.pot"
    options = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    command = [
        "pybabel",
        "-q",
        "extract",
        "-F",
        str(ROOT / "babel.cfg"),
        *options,
        "-o",
        str(words),
        str(ROOT),
    ]
    CommandLineInterface().run(command)
    with words.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module", autouse=True)
def _compiled(catalogue: Catalog) -> None:
    """The catalogue as the application reads it, made anew when it is older than its source."""
    target = SOURCE.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= SOURCE.stat().st_mtime:
        return
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)


def messages(catalogue: Catalog) -> Iterator[tuple[Message, list[str]]]:
    """Each message with its Russian forms."""
    for message in catalogue:
        if message.id:
            yield message, [*message.string] if message.pluralizable else [message.string]


def last(message: Message) -> str:
    """The English words; of a pair, those for several."""
    return str(message.id[-1] if message.pluralizable else message.id)


def test_the_catalogue_holds_the_words_of_the_source_and_no_others(
    catalogue: Catalog, found: Catalog
) -> None:
    ours, theirs = ({m.id for m in each if m.id} for each in (catalogue, found))
    assert len(theirs) > 1000, "the extraction finds the words of the portal"
    assert sorted(map(str, theirs - ours)) == [], "run `make translations` and translate what is new"
    assert sorted(map(str, ours - theirs)) == [], "run `make translations`"
    assert not catalogue.obsolete


def test_every_word_is_translated_and_none_is_guessed(catalogue: Catalog) -> None:
    unsaid = [message.id for message, forms in messages(catalogue) if not all(forms)]
    guessed = [message.id for message, _ in messages(catalogue) if message.fuzzy]
    assert (unsaid, guessed) == ([], [])


def test_russian_has_three_forms_of_number(catalogue: Catalog) -> None:
    paired = [(message, forms) for message, forms in messages(catalogue) if message.pluralizable]
    assert len(paired) > 20
    assert [message.id for message, forms in paired if len(forms) != 3] == []


def test_the_holes_of_a_message_are_those_of_its_translation(catalogue: Catalog) -> None:
    for message, forms in messages(catalogue):
        expected = sorted(HOLE.findall(last(message)))
        for form in forms:
            assert sorted(HOLE.findall(form)) == expected, message.id
            assert "%" not in HOLE.sub("", form).replace("%%", ""), message.id


def test_russian_is_plain_and_calm(catalogue: Catalog) -> None:
    for message, forms in messages(catalogue):
        for form in forms:
            assert "!" not in form, message.id
            assert "успешно" not in form.lower(), message.id
            assert form == form.strip(), message.id
            written = LATIN.findall(re.sub(r"`[^`]*`", "", HOLE.sub("", form)))
            assert set(written) <= NAMES | IN_FILES, message.id
            for end in (".", ":", "?"):
                assert form.endswith(end) == last(message).endswith(end), message.id


def test_the_terms_of_the_office_are_those_of_the_glossary(catalogue: Catalog) -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    terms = {english: re.sub(r" \(.*\)", "", russian) for english, russian, _ in cells[2:]}
    said = {last(message).lower(): forms[-1].lower() for message, forms in messages(catalogue)}
    used = terms.keys() & said.keys() - ELSEWHERE.keys()
    assert len(used) >= 20
    assert {term: said[term] for term in used} == {term: terms[term].lower() for term in used}


def russian_text() -> Text:
    """A complete text of which every word that an officer writes is Russian."""
    text = texts.complete(title="Обувь из третьих стран", formalisation="automated")
    text["groups"][0]["name"] = "Обувь"
    text["questions"] = ["Упаковка выглядит новой?"]
    text["measures"][0]["description"] = "Вскрыть"
    text["contact"] = {"unit": "Отдел товаров", "officer": "А. Петров", "telephone": "+7 495 000"}
    text["note"].update({name: "Указано" for name, value in text["note"].items() if isinstance(value, str)})
    return text


#: The English names of the cast, the longest first: places, then officers, who are called by post and login.
PLACES = sorted((name for *_, name in cast.AUTHORITIES.values()), key=len, reverse=True)
OFFICERS = re.compile(rf"({'|'.join(re.escape(post.label) for post in Post)}) \d{{8}}\.[\w.]+")
ASIDE = "script, code, pre, textarea, .rp-number, .rp-hash, .rp-tabular, .rp-change, [hreflang]"


def latin_in(page: Page) -> set[str]:
    """The Latin words that a reader sees or hears on a page, but for names, numbers, hashes and logins."""
    soup = BeautifulSoup(page.text, "html.parser")
    for tag in soup.select(ASIDE):
        tag.decompose()
    heard = [
        tag[name]
        for name in ("aria-label", "placeholder", "title")
        for tag in soup.find_all(attrs={name: True})
    ]
    said = OFFICERS.sub(" ", " ".join([soup.get_text(" "), *map(str, heard)]))
    for name in PLACES:
        said = said.replace(name, " ")
    return set(LATIN.findall(said)) - NAMES - IN_FILES


DOCUMENT = ("", "/note", "/remarks", "/signatures", "/versions", "/history", "/print/text", "/print/note")
SECTIONS = ("header", "territory", "questions", "measures", "contact", "note")
PAGES: dict[str, tuple[str, ...]] = {
    "": ("/sign-in", "/nowhere"),
    "10130000.officer.goods": (
        "/10130000/",
        "/10130000/drafts",
        "/10130000/drafts/new",
        *(f"/10130000/drafts/{{written}}{part}" for part in DOCUMENT),
        *(f"/10130000/drafts/{{written}}/sections/{section}" for section in SECTIONS),
        "/10130000/documents/{written}/submit",
        "/10130000/documents/{written}/groups",
        "/10130000/documents/{written}/back-test",
        *(f"/10130000/drafts/{{sent}}{part}" for part in DOCUMENT),
        "/10130000/profiles",
        "/10130000/alerts",
        "/10130000/search?words=ничего",
        "/10130000/history",
        "/10130000/history/upload",
        "/10130000/directory",
        "/10130000/effectiveness",
        "/10130000/registers/drafts",
        "/10130000/registers/draft/journal",
        *(f"/10130000/duties?part={part}" for part in ("posts", "interaction", "limits", "statuses")),
        "/10130000/states",
    ),
    "10000000.officer.goods": (
        "/10000000/",
        *(f"/10000000/drafts/{{sent}}{part}" for part in DOCUMENT),
        *(
            f"/10000000/documents/{{sent}}/{move}"
            for move in ("propose_expedient", "find_inexpedient", "ask_rtu")
        ),
        *(f"/10000000/profiles/{{profile}}{part}" for part in (*DOCUMENT, "/carrier", "/publication")),
        "/10000000/union-information",
    ),
    "10000000.registrar.risk": (
        "/10000000/",
        "/10000000/registers/profiles",
        "/10000000/registers/profile/journal",
    ),
    "10130010.inspector": (
        "/10130010/",
        "/10130010/queue",
        "/10130010/queue?state=released",
        "/10130010/screen",
    ),
    "10000000.auditor": (
        "/10000000/",
        "/10000000/duties",
        "/account/password",
        "/account/factors",
        "/account/factors/passkey",
        "/account/sessions",
    ),
    "00000000.union_coordinator": (
        "/00000000/",
        "/00000000/states",
        "/00000000/risk-information",
        "/00000000/risk-information/new",
        "/00000000/duties?part=interaction",
    ),
}


@pytest.mark.slow
@on_one_database
def test_pages_in_russian_hold_no_english(app: Flask, browse: Callable[[str], Browser]) -> None:
    office = Office(app)
    profile = office.prepared_profile(text=russian_text())
    office.profile_to_force(profile)
    documents = {
        "written": office.draft(text=russian_text()),
        "sent": office.reviewed_draft(text=russian_text()),
        "profile": profile,
    }
    faults = []
    for login, addresses in PAGES.items():
        browser = browse(login)
        browser.client.set_cookie("language", "ru")
        for address in addresses:
            page = browser.get(address.format(**documents))
            assert page.status in (200, 403, 404), page.url
            assert page.soup.html is not None
            assert page.soup.html["lang"] == "ru"
            if words := latin_in(page):
                faults.append(f"{page.url}: {' '.join(sorted(words))}")
    assert not faults, "\n".join(faults)

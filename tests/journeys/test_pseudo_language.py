"""Pages in a language 40 per cent longer than English: nothing overflows, and no word is left unmarked."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import get_domain
from playwright.sync_api import Browser as Chromium

from portal import create_app
from portal.extensions import db
from tests import crawl, past, pseudo, walks
from tests.conftest import SETTINGS
from tests.walks import OVERFLOW, SMALL, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORD = re.compile(r"[A-Za-z]{3,}")
#: Names of formats, keys, languages' own marks and days of the calendar that no catalogue translates.
NAMES = {"csv", "json", "toml", "utf", "sha", "ctrl", "enter", "esc", "parquet", "yyyy"}

#: The text that a reader sees and a screen reader says, but for what is code, data typed in, or another language.
TEXTS = """() => {
    const apart = "script, style, template, textarea, code, pre, kbd, time, option, .rp-code, .rp-number, .rp-hash";
    const foreign = one => one.closest("[lang]") !== document.documentElement;
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const holder = walker.currentNode.parentElement;
        if (!holder.closest(apart) && !foreign(holder)) texts.push(walker.currentNode.textContent);
    }
    document.querySelectorAll("[aria-label], [placeholder], [title], [alt]").forEach(one => {
        if (!foreign(one)) for (const name of ["aria-label", "placeholder", "title", "alt"])
            texts.push(one.getAttribute(name) || "");
    });
    return texts.concat(document.title);
}"""


@pytest.fixture(scope="module")
def spoken(furnished_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The furnished portal, whose Russian is the language of no people."""
    folder = tmp_path_factory.mktemp("pseudo")
    pseudo.write(folder)
    there = furnished_app.config["ENVIRONMENT"]
    app = create_app({**SETTINGS, "BABEL_TRANSLATION_DIRECTORIES": str(folder)}, there)
    with app.app_context():
        read = get_domain().cache  # one for all applications of a process
    read.clear()
    with walks.serving(app) as address:
        yield address
    read.clear()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def data(furnished_app: Flask) -> set[str]:
    """The words of the database and of the past: what officers wrote is shown as they wrote it."""
    path = Path(furnished_app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    words = {word.lower() for row in past.ROWS for word in WORD.findall(row)}
    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, str):
                        words.update(found.lower() for found in WORD.findall(value))
    connection.close()
    return words


def test_the_language_is_longer_and_keeps_its_holes() -> None:
    text = "%(num)s drafts wait for <b>you</b>, 100 %%"
    spoken = pseudo.said(text)
    assert pseudo.KEPT.findall(spoken) == ["%(num)s", "<b>", "</b>", "%%"]
    letters = [sum(sign.isalpha() for sign in pseudo.KEPT.sub("", one)) for one in (text, spoken)]
    assert letters[1] >= 1.35 * letters[0]
    assert not WORD.search(pseudo.KEPT.sub("", spoken))


def test_every_page_has_room_and_marked_words(
    chromium: Chromium, spoken: str, found: crawl.Found, data: set[str]
) -> None:
    chosen = crawl.one_of_each(found)
    assert len(chosen) > 50
    faults: list[str] = []
    accented = 0
    for login in walks.WALKERS:
        page = walks.signed_in(chromium, spoken, "ru", found.cookies[login])
        for seen in (one for one in chosen if one.login == login):
            page.goto(seen.url)
            texts = page.evaluate(TEXTS)
            accented += sum("á" in text for text in texts)
            unmarked = {word for text in texts for word in WORD.findall(text)}
            strange = {word for word in unmarked if word.lower() not in data | NAMES}
            faults += [f"{seen.url}: not marked for translation: {sorted(strange)}"] if strange else []
            for size in (WIDE, SMALL):
                page.set_viewport_size(size)
                faults += [f"{seen.url}: {fault}" for fault in page.evaluate(OVERFLOW)]
        page.context.close()
    assert accented > 1_000, "the catalogue is the one that is read"
    assert faults == []

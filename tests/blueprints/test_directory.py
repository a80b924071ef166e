"""The directory: what applies here, need to know, receipts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select

from portal.models import Authority, Publication
from portal.store import publications
from portal.store.session import acting, session
from tests.browser import Browser, Page
from tests.cast import CENTRE
from tests.directory import measure, profile_text, put_in_force, starts

POINT = "eeu.ru.10100000.10130000.10130010."
TULA = "eeu.ru.10110000."
RTU = "eeu.ru.10100000."
N1, N2, N3 = "11/10000/01012026/00001", "12/10000/01012026/00002", "13/10000/01012026/00003"
CANARY = "canary-of-the-note"
Browse = Callable[[str], Browser]


def links(page: Page) -> list[str]:
    return [a.get_text(strip=True) for a in page.soup.select("table tbody th a")]


def full_text(**changed: object):  # type: ignore[no-untyped-def]
    text = profile_text(
        {"all": [starts("64"), {"field": "importer_id", "op": "in", "value": {"list": "suspects"}}]},
        formalisation="automated",
        questions=["Is the packing new?"],
        measures=[measure("109", 37, description="Open the boxes"), measure("101", mandatory=False)],
        **changed,  # type: ignore[arg-type]
    )
    text["groups"][0]["exceptions"] = starts("640199")
    text["groups"][0]["name"] = "Footwear"
    for part in (
        "sources",
        "operations",
        "methodology",
        "assessment",
        "consequences",
        "validity",
        "estimate_reason",
    ):
        text["note"][part] = f"{CANARY}-{part}"
    text["note"]["estimate"] = 987654
    return text


def test_an_entry_says_all_that_is_needed_and_nothing_of_the_note(app: Flask, browse: Browse) -> None:
    entry = put_in_force(app, N1, full_text(), version=3)
    page = browse("10130010.inspector").get(f"/10130010/directory/{entry}")
    assert page.status == 200
    for words in (
        N1,
        "version 3",
        "commodity code begins with 64",
        "suspects",
        "640199",
        "Is the packing new?",
        "109 Inspection of goods",
        "Open the boxes",
        "1 2 3 4 05 6 07",
        "Optional",
        "A. Petrov",
        "+7 495 000",
        "1 Jan 2026",
        "31 Dec 2027",
        "Federal Customs Service",
        "(10000000)",
    ):
        assert words in page.words, words
    assert CANARY not in page.text
    assert "987654" not in page.text
    assert "37" not in page.words
    listing = browse("10130010.inspector").get("/10130010/directory")
    assert CANARY not in listing.text


def test_the_issuer_is_named_in_the_language_of_the_reader(app: Flask, browse: Browse) -> None:
    entry = put_in_force(app, N1, full_text())
    with app.app_context(), acting(CENTRE, "test"):
        centre = session().scalars(select(Authority).where(Authority.authority_path == CENTRE)).one()
        centre.name_en, centre.name_ru = "The Service", "Служба"
    inspector = browse("10130010.inspector")
    for language, name in (("en", "The Service"), ("ru", "Служба")):
        inspector.client.set_cookie("language", language)
        for address in ("directory", "directory.csv", f"directory/{entry}"):
            assert f"{name} (10000000)" in inspector.get(f"/10130010/{address}").text, (language, address)


@pytest.mark.parametrize(
    ("login", "code", "seen"),
    [
        ("10130010.inspector", "10130010", [N2, N1]),
        ("10130000.officer.goods", "10130000", [N2, N1]),
        ("10110000.inspector", "10110000", [N3, N1]),
        ("10000000.officer.goods", "10000000", [N3, N2, N1]),
        ("05100010.inspector", "05100010", []),
    ],
)
def test_only_what_applies_in_the_territory_is_listed(
    app: Flask, browse: Browse, login: str, code: str, seen: list[str]
) -> None:
    put_in_force(app, N1, profile_text(starts("64")))
    house = put_in_force(app, N2, profile_text(starts("65")), applies_to=(RTU,))
    tula = put_in_force(app, N3, profile_text(starts("66")), applies_to=(TULA,))
    page = browse(login).get(f"/{code}/directory")
    assert links(page) == seen
    for entry, number in ((house, N2), (tula, N3)):
        expected = 200 if number in seen else 404
        assert browse(login).get(f"/{code}/directory/{entry}").status == expected


def test_a_zonal_profile_stands_once_in_the_centre_s_list(app: Flask, browse: Browse) -> None:
    put_in_force(app, N3, profile_text(starts("64")), applies_to=(TULA, RTU))
    assert links(browse("10000000.officer.goods").get("/10000000/directory")) == [N3]
    assert links(browse("10130010.inspector").get("/10130010/directory")) == [N3]
    assert links(browse("10110000.inspector").get("/10110000/directory")) == [N3]


@pytest.mark.parametrize(
    ("change", "listed"),
    [
        ({}, True),
        ({"state": "suspended"}, False),
        ({"state": "ended"}, False),
        ({"valid_to": date(2026, 1, 31)}, False),
    ],
)
def test_only_profiles_in_force_are_listed(
    app: Flask, browse: Browse, change: dict[str, object], listed: bool
) -> None:
    entry = put_in_force(app, N1, profile_text(starts("64")))
    with app.app_context(), acting(CENTRE, "test"):
        for name, value in change.items():
            setattr(session().get_one(Publication, entry), name, value)
    inspector = browse("10130010.inspector")
    assert (links(inspector.get("/10130010/directory")) == [N1]) is listed
    assert (
        inspector.get(f"/10130010/directory/{entry}").status == 200
    )  # an old hit still leads to its profile


def test_filters_narrow_the_list_and_the_file(app: Flask, browse: Browse) -> None:
    put_in_force(app, N1, profile_text(starts("64"), title="Footwear"))
    put_in_force(app, N2, profile_text(starts("87"), title="=Cars, used", kind="orientation", measures=[]))
    inspector = browse("10130010.inspector")
    for query, seen in (
        ("words=foot", [N1]),
        (f"words={N2}", [N2]),
        ("kind=orientation", [N2]),
        ("level=high", [N1]),
        ("scope=local", []),
        ("kind=nonsense", [N2, N1]),
    ):
        assert links(inspector.get(f"/10130010/directory?{query}")) == seen, query
    answer = inspector.get("/10130010/directory.csv?level=medium").response
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[:3] for row in rows[1:]] == [[N2, "1", "'=Cars, used"]]


def test_pages_of_the_list_neither_repeat_nor_leave_out(
    app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.blueprints.directory import routes

    numbers = [f"11/10000/01012026/{serial:05}" for serial in range(1, 8)]
    for number in numbers:
        put_in_force(app, number, profile_text(starts("64")))
    monkeypatch.setattr(routes, "PAGE", 3)
    monkeypatch.setattr(publications.listing, "__defaults__", (None, None, 3))
    inspector = browse("10130010.inspector")
    page = inspector.get("/10130010/directory")
    pages = [links(page)]
    while (older := _pager(page, "Older")) is not None:
        page = inspector.get(str(older["href"]))
        pages.append(links(page))
    assert pages == [numbers[:3:-1], numbers[3:0:-1], numbers[:1]]
    newer = _pager(page, "Newer")
    assert newer is not None
    back = inspector.get(str(newer["href"]))
    assert links(back) == pages[1]
    first = _pager(back, "Newer")
    assert first is not None
    assert _pager(inspector.get(str(first["href"])), "Newer") is None


def _pager(page: Page, word: str) -> Tag | None:
    return next((a for a in page.soup.select(".rp-pager a") if word in a.get_text()), None)


def test_a_receipt_is_given_once_and_the_centre_sees_it(app: Flask, browse: Browse) -> None:
    entry = put_in_force(app, N1, profile_text(starts("64")))
    inspector = browse("10130010.inspector")
    assert "1 profile waits for your read receipt" in inspector.get("/10130010/directory").words
    shown = inspector.get(f"/10130010/directory/{entry}")
    read = shown.form("/receipt").submit()
    assert "You confirmed reading it" in read.words
    twice = shown.form("/receipt")
    twice.values = [(name, "another" if name == "form_key" else value) for name, value in twice.values]
    assert twice.submit().status == 200
    assert links(inspector.get("/10130010/directory?unread=1")) == []
    assert links(browse("10130000.inspector").get("/10130000/directory?unread=1")) == [N1]
    with app.app_context(), acting(CENTRE, "test", writes=False):
        document = session().get_one(Publication, entry).document_id
        found = publications.receipts(document)
    assert [(one.authority.code, one.officer_name) for one in found] == [
        ("10130010", "Inspector 10130010.inspector")
    ]
    with app.app_context(), acting(TULA, "test", writes=False):
        assert publications.receipts(document) == ()


def test_no_receipt_for_what_does_not_apply(app: Flask, browse: Browse) -> None:
    entry = put_in_force(app, N1, profile_text(starts("64")), applies_to=(TULA,))
    other = put_in_force(app, N2, profile_text(starts("64")))
    inspector = browse("10130010.inspector")
    form = inspector.get(f"/10130010/directory/{other}").form("/receipt")
    form.tag["action"] = f"/10130010/directory/{entry}/receipt"
    assert form.submit().status == 404


def test_the_union_has_no_directory(app: Flask, browse: Browse) -> None:
    put_in_force(app, N1, profile_text(starts("64")))
    assert browse("00000000.union_coordinator").get("/00000000/directory").status == 404

"""The timeline of an object: all that touched it, in words, with those who read it, and for no stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from portal.levels.roles import Post
from portal.models import Document, Unit, ValueList
from portal.store import audit_object
from portal.store.session import acting, session
from portal.workflow import clock
from tests.browser import Browser, Page
from tests.cast import CENTRE, HOUSE
from tests.office import Office

Browse = Callable[[str], Browser]
AUDITOR = "10130000.auditor"
NOON = datetime(2026, 11, 26, 12, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def lines(page: Page) -> list[str]:
    """What each line says happened, the newest first."""
    return [p.get_text(strip=True) for p in page.soup.select(".rp-timeline > li > .rp-timeline-what")]


def rows(page: Page, place: int) -> dict[str, str]:
    found = page.soup.select(".rp-timeline > li")[place].select(".rp-summary-row")
    return {row.dt.get_text(strip=True): row.dd.get_text(" ", strip=True) for row in found}  # type: ignore[union-attr]


def test_every_act_on_a_draft_and_every_reader_stands_in_it(browse: Browse, office: Office) -> None:
    with clock.at(NOON):
        draft = office.draft()
    with clock.at(NOON + timedelta(minutes=5)):
        browse("10130000.unit_head.goods").get(f"/10130000/drafts/{draft}")
    with clock.at(NOON + timedelta(minutes=10)):
        office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    with clock.at(NOON + timedelta(minutes=15)):
        browse("10130000.unit_head.goods").get(f"/10130000/drafts/{draft}/print/text")
    page = browse(AUDITOR).get(f"/10130000/audit/document/{draft}")
    assert page.soup.h1 is not None
    assert page.soup.h1.get_text() == f"Timeline: Document {draft}"
    assert lines(page) == ["Print opened, version 1", "test", "Opened, version 1", "test"]
    assert rows(page, 1)["Status"] == "Drafting → Signature of the unit"
    born = rows(page, 3)
    assert born["Author"] == "Officer of the unit 10130000.officer.goods"
    assert born["Kept by"] == "Moscow customs house (10130000)"
    assert born["Unit"] == "Goods unit"
    assert born["Text"].startswith("a long text, SHA-256 ")
    who = [p.get_text(" ", strip=True) for p in page.soup.select(".rp-timeline-who")]
    assert "Head of unit 10130000.unit_head.goods, Moscow customs house" in who[0]
    assert "127.0.0.1" in page.soup.select(".rp-timeline > li")[0].get_text()


def test_an_act_of_a_page_says_which_and_from_where(browse: Browse, office: Office) -> None:
    draft = office.draft()
    author = browse("10130000.officer.goods")
    author.get(f"/10130000/drafts/{draft}/remarks").form("/remarks").submit(words="Look at May")
    author.get(f"/10130000/documents/{draft}/submit").form("/submit").submit()
    page = browse(AUDITOR).get("/10130000/audit")
    acts = [
        row.find_all("td")[2].get_text(strip=True)
        for row in page.soup.select("#audit_entries .rp-sticky > tbody > tr")
    ]
    assert "Remark on a draft" in acts
    assert "Submitted" in acts
    assert "127.0.0.1" in page.text
    timeline = browse(AUDITOR).get(f"/10130000/audit/document/{draft}")
    assert "from 127.0.0.1" in timeline.words


def test_any_row_of_any_table_has_one(browse: Browse, office: Office, app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "test", writes=False):
        unit = session().scalar(select(Unit.id).where(Unit.authority_path == HOUSE))
    page = browse(AUDITOR).get(f"/10130000/audit/unit/{unit}")
    assert lines(page) == ["cast"]
    assert "Opened" not in page.words
    trail = browse(AUDITOR).get("/10130000/audit")
    linked = {link.split("?")[0] for link in trail.links() if "/audit/unit/" in link}
    assert f"/10130000/audit/unit/{unit}" in linked


def test_what_was_removed_keeps_its_timeline(browse: Browse, office: Office, app: Flask) -> None:
    with app.app_context():
        with acting(HOUSE, "test") as opened:
            listed = ValueList(authority_path=HOUSE, applies_to=HOUSE, name="Gone", valid_from=NOON.date())
            opened.add(listed)
            opened.flush()
            gone = listed.id
        with acting(HOUSE, "test") as opened:
            opened.delete(opened.get_one(ValueList, gone))
    page = browse("10000000.auditor").get(f"/10000000/audit/value_list/{gone}?authority=10130000")
    assert len(lines(page)) == 2
    assert "Gone" in page.words


def test_pages_follow_each_other_without_a_gap(
    browse: Browse, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_object, "PAGE", 3)
    draft = office.agreed_draft()
    for minutes in range(0, 44, 11):
        with clock.at(NOON + timedelta(minutes=minutes)):
            browse("10130000.officer.goods").get(f"/10130000/drafts/{draft}")
    seen: list[str] = []
    page = browse(AUDITOR).get(f"/10130000/audit/document/{draft}")
    for _ in range(9):
        seen += [t["datetime"] for t in page.soup.select(".rp-timeline time")]
        older = [link for link in page.links() if "before=" in link]
        if not older:
            break
        page = browse(AUDITOR).get(older[0])
    monkeypatch.undo()
    whole = browse(AUDITOR).get(f"/10130000/audit/document/{draft}")
    assert seen == [t["datetime"] for t in whole.soup.select(".rp-timeline time")]
    assert len(seen) > 7
    assert browse(AUDITOR).get(f"/10130000/audit/document/{draft}?before=x").status == 200
    assert browse(AUDITOR).get(f"/10130000/audit/document/{draft}?before=1.0-1-1").status == 200


def test_the_name_of_an_object_in_a_text_does_not_count(browse: Browse, office: Office, app: Flask) -> None:
    draft = office.draft()
    before = len(lines(browse(AUDITOR).get(f"/10130000/audit/document/{draft}")))
    with app.app_context(), acting(HOUSE, "test"):
        house = session().scalars(select(Unit).where(Unit.authority_path == HOUSE)).first()
        assert house is not None
        house.name_en = f'"document:{draft}": {{'
    assert len(lines(browse(AUDITOR).get(f"/10130000/audit/document/{draft}"))) == before


@pytest.mark.parametrize(
    ("login", "status"),
    [
        (AUDITOR, 200), ("10100000.auditor", 200), ("10000000.auditor", 200), ("10130000.head", 403),
        ("10110000.auditor", 404), ("10130010.auditor", 404), ("05000000.auditor", 404), ("00000000.auditor", 404),
    ],
)  # fmt: skip
def test_auditors_of_the_authority_and_of_those_above_it_in_its_state(
    browse: Browse, office: Office, login: str, status: int
) -> None:
    draft = office.draft()
    code = login.split(".")[0]
    assert browse(login).get(f"/{code}/audit/document/{draft}").status == status
    if status == 404:
        absent = browse(login).get(f"/{code}/audit/document/999999")
        foreign = browse(login).get(f"/{code}/audit/document/{draft}")
        assert absent.words == foreign.words


def test_a_row_handed_down_from_above_is_not_audited_beneath(
    browse: Browse, office: Office, app: Flask
) -> None:
    """The house reads the centre's publication, but not the trail of the centre."""
    from portal.models import Publication

    office.profile_to_force(office.prepared_profile())
    with app.app_context(), acting(CENTRE, "test", writes=False):
        published = session().scalar(select(Publication.id).where(Publication.authority_path == CENTRE))
        assert session().scalar(select(Document.id)) is not None
    assert browse("10000000.auditor").get(f"/10000000/audit/publication/{published}").status == 200
    assert browse(AUDITOR).get(f"/10130000/audit/publication/{published}").status == 404


@pytest.mark.parametrize(
    "table", ["nothing", "audit_head", "spent_key", "document_read", "Document", "document%3A7"]
)
def test_tables_without_entries_are_not_there(browse: Browse, table: str) -> None:
    assert browse(AUDITOR).get(f"/10130000/audit/{table}/1").status == 404

"""The desk of every role, its bands and what they cost, and the search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from portal.levels.roles import Post
from portal.operations import sweeping
from portal.workflow import clock
from tests import texts
from tests.browser import Browser, Page, police
from tests.cast import CENTRE, HOUSE, login_of
from tests.office import Office

MOSCOW = ZoneInfo("Europe/Moscow")
Browse = Callable[[str], Browser]
EXECUTOR = login_of(CENTRE, Post.OFFICER, "goods")
AUTHOR = login_of(HOUSE, Post.OFFICER, "goods")
TITLE = "Footwear from third countries"


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2024, 9, day, hour, minute, tzinfo=MOSCOW)


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


@pytest.fixture
def draft(office: Office) -> int:
    """Under review from Monday 2 September; due on Monday 16 at 18:00."""
    with time_machine.travel(at(2), tick=False):
        return office.reviewed_draft()


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def desk(browse: Browse, login: str, moment: datetime | None = None) -> Page:
    code = login.split(".")[0]
    if moment is None:
        page = browse(login).get(f"/{code}/")
    else:
        browser = browse(login)
        with clock.at(moment):  # the portal's own time: the cookie of the sign-in keeps that of the machine
            page = browser.get(f"/{code}/")
    assert page.status == 200, page.words
    return page


def band(page: Page, name: str) -> str:
    """What a band says; empty when it has no rows."""
    found = page.soup.find("section", id=name)
    return " ".join(found.get_text(" ").split()).replace(" ,", ",") if found else ""


@pytest.mark.parametrize(
    "login",
    [
        "00000000.union_coordinator",
        "00000000.auditor",
        "00000000.administrator",
        "10000000.head",
        "10000000.deputy_head",
        "10000000.auditor",
        "10000000.administrator",
        "10000000.registrar.risk",
        "10100000.unit_head.goods",
        "10130000.first_deputy",
        "10130000.officer.goods",
        "10130010.inspector",
        "10130010.head",
        "05100000.officer.goods",
    ],
)
def test_every_role_has_a_desk(browse: Browse, login: str) -> None:
    page = desk(browse, login)
    assert page.soup.h1 is not None
    assert page.soup.h1.get_text() == "My desk"


def test_roles_outside_the_procedure_are_led_to_their_own_pages(browse: Browse) -> None:
    assert "takes no part in the procedure" in desk(browse, "00000000.union_coordinator").words
    assert "takes no part in the procedure" in desk(browse, "10000000.auditor").words
    inspector = desk(browse, "10130010.inspector").words
    assert "Declarations to release" in inspector
    assert "Overdue" not in inspector


def test_an_empty_desk_offers_the_act_that_begins(browse: Browse) -> None:
    assert "Nothing waits for you" in desk(browse, AUTHOR).words


@pytest.mark.parametrize(
    ("moment", "name", "says"),
    [
        (at(6), "later", "6 of 10 working days left, until Mon 16 Sep, 18:00"),
        (at(7), "later", "6 of 10 working days left"),
        (at(14), "week", "1 of 10 working day"),
        (at(16, 9), "today", "last working day, until Mon 16 Sep, 18:00"),
        (at(16, 18, 1), "overdue", "overdue since today, was due Mon 16 Sep, 18:00"),
        (at(18, 9), "overdue", "2 working days overdue"),
    ],
)
def test_a_case_stands_in_the_band_of_its_limit(
    browse: Browse, draft: int, moment: datetime, name: str, says: str
) -> None:
    """Working days of September 2024 after Friday 6: 9 10 11 12 13 16."""
    page = desk(browse, EXECUTOR, moment)
    assert says in band(page, name)
    assert "Propose: expedient" in band(page, name)
    assert TITLE in band(page, name)
    assert [other for other in ("overdue", "today", "week", "later") if band(page, other)] == [name]


def test_the_author_sees_for_whom_his_draft_waits(browse: Browse, draft: int) -> None:
    waiting = band(desk(browse, AUTHOR, at(6)), "elsewhere")
    assert "Executor" in waiting
    assert "Under review" in waiting
    assert "6 of 10 working days left" in waiting


def test_once_the_executor_is_named_the_draft_no_longer_waits_for_the_head(
    browse: Browse, draft: int
) -> None:
    page = desk(browse, login_of(CENTRE, Post.UNIT_HEAD, "goods"), at(6))
    assert not any(band(page, name) for name in ("overdue", "today", "week", "later"))
    assert TITLE in band(page, "elsewhere")


def test_a_profile_in_preparation_stands_under_the_limit_of_its_draft(
    app: Flask, browse: Browse, office: Office, draft: int
) -> None:
    """Expedient on Monday 2: two working days to prepare the profile, due on Wednesday 4."""
    with time_machine.travel(at(2), tick=False):
        office.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")
        office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "agree_expedient")
        office.act(CENTRE, Post.OFFICER, "goods", draft, "prepare_profile")
    page = desk(browse, EXECUTOR, at(3))
    assert "Sign as executor" in band(page, "week")
    assert "1 of 2 working days left, until Wed 4 Sep, 18:00" in band(page, "week")
    assert band(page, "elsewhere") == ""


def test_a_profile_in_force_waits_for_nobody_until_its_cancellation_is_proposed(
    browse: Browse, office: Office
) -> None:
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    head = login_of(CENTRE, Post.UNIT_HEAD, "goods")
    assert "Nothing waits for you" in desk(browse, head).words
    office.act(CENTRE, Post.OFFICER, "goods", profile, "propose_cancellation", reason="Nothing found")
    assert "Sign the cancellation as head of unit" in band(desk(browse, head), "later")


def test_another_state_sees_nothing_of_it(browse: Browse, draft: int) -> None:
    assert TITLE not in desk(browse, "05000000.registrar.risk", at(6)).text


def test_what_others_did_since_yesterday(browse: Browse, draft: int) -> None:
    words = desk(browse, AUTHOR, at(3)).words
    assert "Confirm receipt: 00/10130/02092024/" in words
    assert "Submit for signature" not in words  # his own act
    assert "Nobody else changed your documents" in desk(browse, AUTHOR, at(4)).words


def test_alerts_stand_beside_the_bands(app: Flask, browse: Browse, draft: int) -> None:
    with app.app_context():
        sweeping.sweep(at(9, 18))
    words = desk(browse, EXECUTOR, at(9, 19)).words
    assert "Half of the time has run: consideration of the draft" in words
    assert "Acknowledge 1 alert" in words


def test_a_desk_costs_the_same_however_much_lies_on_it(app: Flask, browse: Browse, office: Office) -> None:
    """Drafts that wait for the head and wait elsewhere, of two authorities, with signatures on them."""
    head = login_of(CENTRE, Post.UNIT_HEAD, "goods")

    def grow() -> None:
        office.prepared_profile()
        draft = office.reviewed_draft()
        office.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")

    grow()
    page = desk(browse, head)
    with asked(app) as few:
        page = desk(browse, head)
    rows = len(page.soup.select("tbody tr"))
    for _ in range(4):
        grow()
    with asked(app) as many:
        page = desk(browse, head)
    assert len(page.soup.select("tbody tr")) >= rows + 8
    assert len(many) == len(few)
    assert len(few) <= 40


def test_search_finds_by_words_in_any_case_and_by_number(browse: Browse, office: Office) -> None:
    draft = office.registered_draft(text=texts.complete(title="Обувь из третьих стран"))
    number = office.number(draft)
    browser = browse(AUTHOR)
    for typed in ("обувь СТРАН", number, number[3:12]):
        found = browser.get("/10130000/search?q=" + typed)
        assert "Обувь из третьих стран" in found.words, typed
        assert number in found.words
    assert "Nothing found" in browser.get("/10130000/search?q=обувь+шапки").words
    assert "Type a number or words" in browser.get("/10130000/search").words


@pytest.mark.parametrize("typed", ["%", "_", "%%", "'", '"', "\\", "a" * 500, "\x00", "<b>"])
def test_search_takes_every_sign_as_itself(browse: Browse, office: Office, typed: str) -> None:
    office.draft()
    browser = browse(AUTHOR)
    page = Page(browser, browser.client.get("/10130000/search", query_string={"q": typed}), typed)
    police(page)
    assert page.status == 200
    assert TITLE not in page.words


def test_search_shows_only_what_is_in_scope(browse: Browse, office: Office) -> None:
    office.registered_draft()
    assert TITLE in browse("10000000.registrar.risk").get("/10000000/search?q=footwear").words
    for login in ("05000000.registrar.risk", "10110000.officer.goods", "10130010.inspector"):
        code = login.split(".")[0]
        assert TITLE not in browse(login).get(f"/{code}/search?q=footwear").words, login


def test_search_shows_the_inspector_what_is_published(browse: Browse, office: Office) -> None:
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    found = browse("10130010.inspector").get("/10130010/search?q=footwear").words
    assert TITLE in found
    assert "Directory" in found
    assert "Drafts" not in found

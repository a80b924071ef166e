"""The list of alerts and their acknowledgement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.levels.roles import Post
from portal.models import Alert
from portal.operations import sweeping
from portal.store.session import acting, session
from tests.browser import Browser
from tests.cast import CENTRE, login_of
from tests.office import Office

Browse = Callable[[str], Browser]
MOSCOW = ZoneInfo("Europe/Moscow")
EXECUTOR = login_of(CENTRE, Post.OFFICER, "goods")
HEAD = login_of(CENTRE, Post.UNIT_HEAD, "goods")
LIST = "/10000000/alerts"


@pytest.fixture
def told(app: Flask) -> Office:
    """Three alerts to the executor, one of them, the expiry, to others too."""
    office = Office(app)
    with time_machine.travel(datetime(2024, 9, 2, 12, tzinfo=MOSCOW), tick=False):
        office.reviewed_draft()
    with app.app_context():
        sweeping.sweep(datetime(2024, 9, 16, 18, tzinfo=MOSCOW))
    return office


def open_of(app: Flask, office: Office, login: str) -> int:
    officer = office.officer(login)
    with app.app_context(), acting(CENTRE, "test", writes=False):
        asked = select(Alert.id).where(Alert.officer_id == officer, Alert.acknowledged_at.is_(None))
        return len(session().scalars(asked).all())


def test_the_list_says_what_happened_and_when_it_was_due(told: Office, browse: Browse) -> None:
    words = browse(EXECUTOR).get(LIST).words
    for step in ("Half of the time has run", "One working day before the end", "The time has run out"):
        assert f"{step}: consideration of the draft" in words
    assert "Due 16 Sep 2024, Mon 18:00" in words


def test_one_is_acknowledged_and_stays_in_the_record(app: Flask, told: Office, browse: Browse) -> None:
    browser = browse(EXECUTOR)
    page = browser.get(LIST)
    rows = page.soup.select("tbody form")
    assert len(rows) == 3
    page.form("/alerts/acknowledge").submit(newest=[], alert=_alert(rows[0]))
    assert open_of(app, told, EXECUTOR) == 2
    assert open_of(app, told, HEAD) == 1
    seen = browser.get(LIST + "?seen=1").words
    assert "The time has run out: consideration of the draft" in seen
    assert "One working day before the end" not in seen


def _alert(form: object) -> str:
    return str(form.find("input", attrs={"name": "alert"})["value"])  # type: ignore[attr-defined]


def test_all_that_were_shown_are_acknowledged_at_once(app: Flask, told: Office, browse: Browse) -> None:
    browser = browse(EXECUTOR)
    page = browser.get(LIST)
    with app.app_context():
        sweeping.sweep(datetime(2024, 9, 17, 9, tzinfo=MOSCOW))
    answer = page.form("/alerts/acknowledge").submit()
    assert "3 alerts acknowledged" in answer.words
    assert open_of(app, told, EXECUTOR) == 1  # the one raised after the page was shown
    assert "1 working day overdue" in answer.words


def test_an_alert_of_another_is_not_here(app: Flask, told: Office, browse: Browse) -> None:
    mine = browse(EXECUTOR).get(LIST)
    foreign = _alert(mine.soup.select("tbody form")[0])
    page = browse(HEAD).get(LIST)
    answer = page.form("/alerts/acknowledge").submit(newest=[], alert=foreign)
    assert answer.status == 404
    assert open_of(app, told, EXECUTOR) == 3


def test_without_alerts_the_page_says_what_will_stand_here(browse: Browse) -> None:
    page = browse("10130010.inspector").get("/10130010/alerts")
    assert "No alerts" in page.words


def test_a_left_stage_is_marked(app: Flask, told: Office, browse: Browse) -> None:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        draft = session().scalars(select(Alert.document_id)).first()
    assert draft is not None
    told.act(CENTRE, Post.OFFICER, "goods", draft, "find_inexpedient", justification="Known")
    assert "This stage has been left since" in browse(EXECUTOR).get(LIST).words

"""Read-only mode takes no act and keeps what was typed; a scheduler that stands still is told to those who care."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.jobs.scheduler import LEASE, Scheduler
from portal.jobs.timetable import Job
from portal.models import AuditEntry, DocumentRead, Draft, SpentKey
from portal.store import lease, switches
from portal.store.engine import writing
from portal.store.gateway import raw
from portal.store.session import acting, session
from tests.browser import Browser, Page
from tests.cast import HOUSE, PASSWORD
from tests.office import Office

Browse = Callable[[str], Browser]
AUTHOR = "10130000.officer.goods"
TYPED = "Footwear at a third of its price"
READ_ONLY, STILL = "For reading only", "The scheduler stands still"


def begin(browser: Browser) -> Any:
    return browser.get("/10130000/drafts/new").form("/10130000/drafts/new")


def kept(app: Flask) -> tuple[int, int]:
    """How many drafts and spent keys there are."""
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        keys = mine.scalar(raw(select(func.count(SpentKey.key)), "keys belong to no tenant"))
        return mine.scalar(select(func.count(Draft.id))) or 0, keys or 0


def turn(app: Flask, on: bool) -> None:
    with app.app_context():
        switches.turn(switches.READ_ONLY, on=on)


def test_acts_are_refused_with_what_was_typed_and_pages_open(app: Flask, browse: Browse) -> None:
    browser = browse(AUTHOR)
    form = begin(browser)
    before = kept(app)
    turn(app, on=True)
    refused = form.submit(title=TYPED)
    assert refused.status == 503
    assert f"Title {TYPED}" in refused.words
    assert "Nothing was changed." in refused.words
    assert refused.response.headers["Retry-After"] == "300"
    assert kept(app) == before
    page = browser.get("/10130000/drafts")
    assert page.status == 200
    assert READ_ONLY in page.words


def test_the_same_form_is_taken_once_the_work_is_done(app: Flask, browse: Browse) -> None:
    """The refusal spent no key: what was typed can be sent as it is."""
    browser = browse(AUTHOR)
    form = begin(browser)
    turn(app, on=True)
    assert form.submit(title=TYPED).status == 503
    turn(app, on=False)
    drafts, keys = kept(app)
    done = form.submit(title=TYPED)
    assert done.status == 200
    assert TYPED in done.words
    assert READ_ONLY not in done.words
    assert kept(app) == (drafts + 1, keys + 1)


def test_the_switch_works_without_a_restart(app: Flask, browse: Browse) -> None:
    run, browser = app.test_cli_runner().invoke, browse(AUTHOR)
    assert run(args=["read-only", "status"]).output == "read-only is off\n"
    assert run(args=["read-only", "on"]).output == "read-only is on\n"
    assert begin(browser).submit(title=TYPED).status == 503
    assert run(args=["read-only", "off"]).output == "read-only is off\n"
    assert begin(browser).submit(title=TYPED).status == 200


def test_the_environment_says_so_too(app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ENVIRONMENT", replace(app.config["ENVIRONMENT"], read_only=True))
    assert begin(browse(AUTHOR)).submit(title=TYPED).status == 503
    answer = app.test_cli_runner().invoke(args=["read-only", "off"])
    assert answer.output == "read-only is on by PORTAL_READ_ONLY\n"


def test_one_may_sign_in_and_out_and_leaves_the_trail(app: Flask) -> None:
    turn(app, on=True)
    browser = Browser(app)
    shown = browser.get("/sign-in")
    assert READ_ONLY in shown.words
    assert browser.sign_in(AUTHOR, PASSWORD).status == 303
    assert browser.get("/").status == 200
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        last = mine.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert last == "sign_in.enter"


def test_a_stranger_learns_nothing_by_sending_forms(app: Flask, browse: Browse) -> None:
    """Whether a thing exists, and whose it is, is answered before the mode is."""
    app.config["WTF_CSRF_ENABLED"] = False
    client, sent = browse(AUTHOR).client, {"form_key": "k" * 24}
    turn(app, on=True)
    assert client.post("/05100000/drafts/new", data=sent).status_code == 404
    assert browse("10130000.auditor").client.post("/10130000/drafts/new", data=sent).status_code == 403


def test_jobs_rest_while_the_portal_is_read_only(app: Flask) -> None:
    ran: list[object] = []
    scheduler = Scheduler(app, timedelta(seconds=30), jobs=[])
    with app.app_context():
        lease.lay(LEASE)
        session().commit()
    scheduler.turn()
    assert scheduler.epoch is not None
    job = Job("trial", timedelta(minutes=1), ran.append)
    try:
        turn(app, on=True)
        scheduler._wake(job, scheduler.epoch)
        assert ran == []
        turn(app, on=False)
        scheduler._wake(job, scheduler.epoch)
        assert len(ran) == 1
    finally:
        scheduler._step_down(wait=True)


def leads(app: Flask, ttl: timedelta) -> None:
    with app.app_context(), writing():
        lease.lay(LEASE)
        session().flush()
        assert lease.take(LEASE, "me", ttl) is not None
        session().commit()


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ("10130000.administrator", True),
        ("10130000.registrar.risk", True),
        ("10130000.unit_head.risk", True),
        ("00000000.union_coordinator", True),
        ("10130000.officer.goods", False),
        ("10130000.unit_head.goods", False),
        ("10130000.inspector", False),
    ],
)
def test_a_scheduler_that_stands_still_is_told_to_those_who_look_after_it(
    app: Flask, browse: Browse, login: str, told: bool
) -> None:
    def desk() -> Page:
        return browse(login).get("/")

    assert (STILL in desk().words) is told, "none has ever run"
    leads(app, timedelta(hours=2))
    assert STILL not in desk().words
    with app.app_context(), writing():
        lease.release(LEASE, "me")
        session().commit()
    assert (STILL in desk().words) is told


def test_how_long_it_has_stood_still_is_told(app: Flask, browse: Browse) -> None:
    leads(app, timedelta(hours=-5, minutes=-10))
    assert "It has not run for 5 h." in browse("10130000.administrator").get("/").words


def test_a_marked_document_opens_and_its_reading_is_told_to_the_log(
    app: Flask, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    draft = Office(app).draft()
    browser = browse(AUTHOR)
    turn(app, on=True)
    with caplog.at_level("WARNING", logger="portal.web.readings"):
        assert browser.get(f"/10130000/drafts/{draft}").status == 200
    assert readings_of(app) == 0
    (told,) = (one for one in caplog.records if one.name == "portal.web.readings")
    officer = Office(app).officer(AUTHOR)
    assert told.getMessage() == (
        f"read while read-only: document {draft}, version 1, of {HOUSE}, by officer {officer} at {HOUSE} "
        "(page, from 127.0.0.1)"
    )
    turn(app, on=False)
    assert browser.get(f"/10130000/drafts/{draft}").status == 200
    assert readings_of(app) == 1


def readings_of(app: Flask) -> int:
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        return mine.scalar(select(func.count(DocumentRead.id))) or 0

"""Due times stored by real moves, and the sweep that tells whoever the procedure names, each once."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from portal.levels.roles import Post
from portal.models import Alert, Officer, OutboxMessage, Stage
from portal.operations import sweeping
from portal.store.session import acting, session
from tests import texts
from tests.browser import Browser
from tests.cast import CENTRE, HOUSE, PASSWORD, login_of
from tests.office import Office

MOSCOW = ZoneInfo("Europe/Moscow")
ROOT = Path(__file__).parents[2]


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=MOSCOW)


#: Monday; Russia has no holiday in that September, works on Sat 2 November and rests on Mon 4 November.
MONDAY = at(2, 12)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with time_machine.travel(MONDAY, tick=False):
        yield Office(app)


def stage_of(app: Flask, document: int) -> Stage:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        asked = select(Stage).where(Stage.document_id == document, Stage.left_at.is_(None))
        found = session().scalars(asked).one()
        session().expunge_all()
        return found


def limit(app: Flask, document: int) -> tuple[str, datetime | None]:
    stage = stage_of(app, document)
    return stage.limit_name, stage.due_at


def sweep(app: Flask, moment: datetime) -> sweeping.Swept:
    with app.app_context():
        swept = sweeping.sweep(moment)
    assert swept.failed == 0
    return swept


def told(app: Flask) -> Counter[tuple[str, str]]:
    """How often each step was told to each login."""
    with app.app_context(), acting(CENTRE, "test", writes=False):
        asked = select(Alert.step_name, Officer.login).join(Officer, Officer.id == Alert.officer_id)
        return Counter((row.step_name, row.login) for row in session().execute(asked))


EXECUTOR = login_of(CENTRE, Post.OFFICER, "goods")
HEAD = login_of(CENTRE, Post.UNIT_HEAD, "goods")
COORDINATION = {login_of(CENTRE, Post.REGISTRAR, "risk"), login_of(CENTRE, Post.UNIT_HEAD, "risk")}


def test_each_limit_is_stored_when_its_status_is_entered(app: Flask, office: Office) -> None:
    """All moves are made on Monday 2 September at noon; the dates are counted by hand."""
    draft = office.registered_draft()
    office.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    assert limit(app, draft) == ("", None)
    unit = office.unit(CENTRE, "Goods unit")
    office.act(CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=unit)
    assert limit(app, draft) == ("consideration", at(16, 18))
    office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "name_executor", executor=office.officer(EXECUTOR))

    def decides(move: str, **carried: Any) -> tuple[str, datetime | None]:
        office.act(CENTRE, Post.OFFICER, "goods", draft, move, **carried)
        return limit(app, draft)

    asked = decides("collect_information", information="Prices", information_from="The union of shoemakers")
    assert asked == ("information", at(25, 18, month=11))
    assert decides("rework_at_centre", reason="Too wide") == ("rework_central", at(16, 18))
    rtu = "eeu.ru.10100000."
    asked = decides("ask_rtu", question="Known to you", rtu_unit=office.unit(rtu, "Goods unit"))
    assert asked == ("rtu_request", at(16, 18))
    office.act(rtu, Post.OFFICER, "goods", draft, "write_opinion", opinion="It is known")
    assert limit(app, draft) == ("rtu_request", at(16, 18))
    office.act(rtu, Post.UNIT_HEAD, "risk", draft, "agree_opinion")
    assert limit(app, draft) == ("rtu_opinion", at(9, 18))
    decides("propose_expedient", grounds="It is")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "agree_expedient")
    assert limit(app, draft) == ("expedient", at(4, 18))
    office.act(CENTRE, Post.OFFICER, "goods", draft, "prepare_profile")
    profile = office.profile_of(CENTRE, draft)
    office.act(CENTRE, Post.OFFICER, "goods", profile, "sign_as_executor")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "sign")
    office.act(CENTRE, Post.OFFICER, "goods", profile, "put_on_carrier")
    assert limit(app, profile) == ("", None)
    office.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "approve")
    assert limit(app, profile) == ("registration_details", at(3, 18))
    details = {"carrier_number": "M-1", "carrier_date": "2024-09-02"}
    office.act(CENTRE, Post.OFFICER, "goods", profile, "give_details", **details)
    assert limit(app, profile) == ("registration_number", at(2, 13))


def test_an_urgent_draft_is_due_the_same_day(app: Flask, office: Office) -> None:
    draft = office.registered_draft(text=texts.complete(kind="urgent"))
    office.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    unit = office.unit(CENTRE, "Goods unit")
    office.act(CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=unit)
    assert limit(app, draft) == ("urgent", at(2, 18))


def two_unit_draft(office: Office) -> int:
    """A draft under review whose indicators touch two units."""
    draft = office.draft(text=texts.complete(fields=("hs_code", "value_per_kg")))
    for post, unit, move in (
        (Post.OFFICER, "goods", "submit"),
        (Post.UNIT_HEAD, "value", "endorse"),
        (Post.UNIT_HEAD, "goods", "sign"),
        (Post.UNIT_HEAD, "risk", "agree"),
        (Post.FIRST_DEPUTY, "", "agree"),
        (Post.REGISTRAR, "risk", "register"),
        (Post.REGISTRAR, "risk", "send"),
    ):
        office.act(HOUSE, post, unit, draft, move)
    unit_id = office.unit(CENTRE, "Goods unit")
    office.act(CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=unit_id)
    office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "name_executor", executor=office.officer(EXECUTOR))
    return draft


def test_a_workshop_does_not_stop_the_ten_days_nor_repeat_their_alerts(app: Flask, office: Office) -> None:
    draft = two_unit_draft(office)
    sweep(app, at(9, 18))
    with time_machine.travel(at(10, 12), tick=False):
        units = [office.unit(CENTRE, "Goods unit"), office.unit(CENTRE, "Value unit")]
        office.act(CENTRE, Post.UNIT_HEAD, "risk", draft, "call_workshop", units=units)
        assert limit(app, draft) == ("consideration", at(16, 18))
        minutes = {"held_on": "2024-09-10", "participants": ["A. Petrov"], "found_expedient": "yes"}
        office.act(
            CENTRE, Post.REGISTRAR, "risk", draft, "enter_minutes", **minutes, responsible_unit=units[0]
        )
        assert limit(app, draft) == ("consideration", at(16, 18))
    assert sweep(app, at(10, 13)).alerts == 0
    assert told(app) == {("half", EXECUTOR): 1}


def test_the_days_of_rework_run_through_the_new_signatures(app: Flask, office: Office) -> None:
    draft = office.reviewed_draft()
    office.act(CENTRE, Post.OFFICER, "goods", draft, "send_back", defects=["No origin"])
    rework = ("rework_regional", at(16, 18))
    assert limit(app, draft) == rework
    with time_machine.travel(at(4, 12), tick=False):
        for post, unit, move in (
            (Post.OFFICER, "goods", "submit"),
            (Post.UNIT_HEAD, "goods", "sign"),
            (Post.UNIT_HEAD, "risk", "agree"),
            (Post.FIRST_DEPUTY, "", "agree"),
        ):
            office.act(HOUSE, post, unit, draft, move)
            assert limit(app, draft) == rework, move
        office.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
        assert limit(app, draft) == ("", None)


def test_each_step_reaches_each_addressee_once(app: Flask, office: Office) -> None:
    """Ten days counted 3 4 5 6 9 | 10 11 12 13 16: half has run at the close of Monday 9."""
    office.reviewed_draft()
    assert sweep(app, at(9, 17, 59)).alerts == 0
    assert sweep(app, at(9, 18)).alerts == 1
    assert sweep(app, at(9, 18)) == sweeping.Swept()
    assert sweep(app, at(13, 18)).alerts == 1
    assert told(app) == {("half", EXECUTOR): 1, ("day_before", EXECUTOR): 1}
    everyone = {EXECUTOR, HEAD, *COORDINATION}
    assert sweep(app, at(16, 18)).alerts == len(everyone)
    assert sweep(app, at(17, 8, 59)).alerts == 0
    assert sweep(app, at(17, 9)).alerts == len(everyone)
    assert sweep(app, at(18, 9)).alerts == len(everyone)
    late = {(step, login): 1 for step in ("expiry", "overdue_1", "overdue_2") for login in everyone}
    assert told(app) == {("half", EXECUTOR): 1, ("day_before", EXECUTOR): 1} | late


def test_before_an_executor_is_named_the_coordination_unit_is_told(app: Flask, office: Office) -> None:
    draft = office.registered_draft()
    office.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    unit = office.unit(CENTRE, "Goods unit")
    office.act(CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=unit)
    sweep(app, at(9, 18))
    assert told(app) == {("half", login): 1 for login in COORDINATION}


def test_rework_is_told_to_the_authors_unit_and_late_to_its_coordination_and_the_executor(
    app: Flask, office: Office
) -> None:
    draft = office.reviewed_draft()
    office.act(CENTRE, Post.OFFICER, "goods", draft, "send_back", defects=["No origin"])
    own = {login_of(HOUSE, Post.OFFICER, "goods"), login_of(HOUSE, Post.OFFICER, "goods2")}
    own.add(login_of(HOUSE, Post.UNIT_HEAD, "goods"))
    sweep(app, at(9, 18))
    assert told(app) == {("half", login): 1 for login in own}
    sweep(app, at(16, 18))
    late = {login for (step, login) in told(app) if step == "expiry"}
    assert late == own | {login_of(HOUSE, Post.REGISTRAR, "risk"), EXECUTOR}


def test_on_a_profile_the_seats_are_those_of_its_own_authority(app: Flask, office: Office) -> None:
    profile = office.prepared_profile()
    office.act(CENTRE, Post.OFFICER, "goods", profile, "sign_as_executor")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "sign")
    office.act(CENTRE, Post.OFFICER, "goods", profile, "put_on_carrier")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "approve")
    sweep(app, at(3, 18))
    assert {login for (step, login) in told(app) if step == "expiry"} == {EXECUTOR, *COORDINATION}


def test_after_a_standstill_only_the_last_of_the_daily_steps_is_told(app: Flask, office: Office) -> None:
    """On Friday 20 four working days have passed since Monday 16."""
    office.reviewed_draft()
    sweep(app, at(20, 10))
    assert {step for step, _ in told(app)} == {"half", "day_before", "expiry", "overdue_4"}
    assert set(told(app).values()) == {1}
    assert sweep(app, at(20, 18)).alerts == 0
    assert sweep(app, at(23, 9)).alerts == 4


def test_leaving_the_status_stops_its_alerts(app: Flask, office: Office) -> None:
    draft = office.reviewed_draft()
    sweep(app, at(9, 18))
    office.act(CENTRE, Post.OFFICER, "goods", draft, "find_inexpedient", justification="Known")
    assert sweep(app, at(30, 18)) == sweeping.Swept()
    assert told(app) == {("half", EXECUTOR): 1}


def test_an_alert_belongs_to_its_document_and_is_mailed_with_it(app: Flask, office: Office) -> None:
    draft = office.reviewed_draft()
    sweep(app, at(9, 18))
    with app.app_context(), acting(CENTRE, "test", writes=False):
        alert = session().scalars(select(Alert)).one()
        mail = session().scalars(select(OutboxMessage)).one()
        assert (alert.authority_path, alert.document_id, alert.raised_at) == (HOUSE, draft, at(9, 18))
        assert mail.message_id == f"<alert.{alert.stage_id}.0.{alert.officer_id}@customs-risk-portal>"
        assert mail.recipient == f"{EXECUTOR}@example.org"
        assert mail.subject.startswith(
            "Half of the time has run: consideration of the draft – 00/10130/02092024/"
        )
        assert "Due: 16 Sep 2024, Mon 18:00 Moscow" in " ".join(mail.body.split())
        assert "Footwear from third countries" in mail.body


def test_a_mail_speaks_its_addressees_language(app: Flask, office: Office) -> None:
    office.reviewed_draft()
    with app.app_context(), acting(CENTRE, "test"):
        session().get_one(Officer, office.officer(EXECUTOR)).locale = "ru"
    sweep(app, at(16, 18))
    with app.app_context(), acting(CENTRE, "test", writes=False):
        bodies = {mail.recipient: mail.body for mail in session().scalars(select(OutboxMessage))}
    assert "16 сент. 2024" in bodies[f"{EXECUTOR}@example.org"]
    assert "16 Sep 2024" in bodies[f"{HEAD}@example.org"]


def test_a_mail_names_the_page_of_its_document_where_the_address_is_set(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address leads each addressee through the authority at which he holds his post, and tells no title."""
    draft = office.reviewed_draft()
    sweep(app, at(9, 18))
    found = replace(app.config["ENVIRONMENT"], address="https://risk.customs.example")
    monkeypatch.setitem(app.config, "ENVIRONMENT", found)
    sweep(app, at(16, 18))
    office.act(CENTRE, Post.OFFICER, "goods", draft, "send_back", defects=["The share is missing"])
    sweep(app, at(30, 18))
    with app.app_context(), acting(CENTRE, "test", writes=False):
        mails = [(mail.recipient, mail.body) for mail in session().scalars(select(OutboxMessage))]
    assert "http" not in mails[0][1], "no address was set"
    named = {
        recipient.removesuffix("@example.org"): line.removeprefix("Page of the document: ")
        for recipient, body in mails[1:]
        for line in body.splitlines()
        if "https:" in line
    }
    expected = {login: f"https://risk.customs.example/{login[:8]}/drafts/{draft}" for login in named}
    assert named == expected
    assert {login[:8] for login in named} == {"10000000", "10130000"}
    for login, address in named.items():
        visitor = Browser(app)
        visitor.sign_in(login, PASSWORD)
        page = visitor.get(address.removeprefix("https://risk.customs.example"))
        assert (page.status, "Footwear" in page.words) == (200, True)


def test_a_poisoned_row_does_not_stop_the_rest(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = office.reviewed_draft(), office.reviewed_draft()
    whole = sweeping.raise_alert

    def poisoned(stage: Stage, *rest: Any) -> None:
        whole(stage, *rest)
        if stage.document_id == bad:
            raise RuntimeError("poison")

    with monkeypatch.context() as patched, app.app_context(), caplog.at_level(logging.ERROR):
        patched.setattr(sweeping, "raise_alert", poisoned)
        assert sweeping.sweep(at(9, 18)) == sweeping.Swept(stages=1, alerts=1, failed=1)
    assert "stays due" in caplog.text
    assert stage_of(app, good).alerts_done == 1
    assert stage_of(app, bad).alerts_done == 0
    assert sweep(app, at(9, 18, 1)) == sweeping.Swept(stages=1, alerts=1)
    assert told(app) == {("half", EXECUTOR): 2}


def test_the_slower_of_two_sweeps_writes_nothing(app: Flask, office: Office) -> None:
    """It read the stage before the quicker one took its step."""
    draft = office.reviewed_draft()
    stale = stage_of(app, draft)
    sweep(app, at(9, 18))
    with app.app_context(), acting(CENTRE, "test"):
        counting = sweeping.stages.calendar_at(stale.clock_path)
        assert not sweeping._take(stale, 1, counting)
    assert stage_of(app, draft).alerts_done == 1


def test_two_processes_at_once_tell_each_step_once(app: Flask, database_url: str, tmp_path: Path) -> None:
    """Twelve stages are due; both processes see them all."""
    office = Office(app)
    drafts = [office.draft() for _ in range(12)]
    with app.app_context(), acting(CENTRE, "test"):
        session().execute(
            update(Stage)
            .where(Stage.document_id.in_(drafts))
            .values(
                limit_name="rework_regional",
                clock_path=HOUSE,
                started_at=at(3, 9),
                due_at=at(16, 18),
                next_alert_at=at(9, 18),
            )
            .execution_options(synchronize_session=False)
        )
    environment = os.environ | {"DATABASE_URL": database_url, "PORTAL_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "deadlines", "sweep", "--json", "--at"]
    running = [
        subprocess.Popen(
            [*command, (at(9, 18) + timedelta(seconds=n)).isoformat()],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(2)
    ]
    counts = [json.loads(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(count["stages"] for count in counts) == 12
    assert sum(count["alerts"] for count in counts) == 12 * 3
    assert set(told(app).values()) == {12}

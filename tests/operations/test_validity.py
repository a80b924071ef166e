"""Profiles begin and end on the days of their own authority, and their end is announced once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.levels.roles import Post
from portal.models import Alert, Officer, OutboxMessage, Profile, Publication
from portal.operations import drafting, procedure, validity
from portal.store.session import acting, session
from tests import texts
from tests.cast import CENTRE, login_of
from tests.office import Office

MOSCOW = ZoneInfo("Europe/Moscow")


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with time_machine.travel(at(9, 2), tick=False):
        yield Office(app)


def registered(office: Office, valid_from: str, valid_to: str) -> int:
    profile = office.prepared_profile(text=texts.complete(valid_from=valid_from, valid_to=valid_to))
    office.profile_to_force(profile)
    return profile


def keep(app: Flask, moment: datetime) -> dict[str, int]:
    with app.app_context():
        return {name: count for name, count in validity.keep(moment).items() if name != "left"}


def publications(app: Flask) -> list[tuple[int, str]]:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        asked = select(Publication.version, Publication.state).order_by(Publication.id)
        return [(row.version, row.state) for row in session().execute(asked)]


def told(app: Flask) -> Counter[tuple[str, str]]:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        asked = select(Alert.step_name, Officer.login).join(Officer, Officer.id == Alert.officer_id)
        return Counter((row.step_name, row.login) for row in session().execute(asked))


def test_a_profile_comes_into_force_on_its_day_in_moscow(app: Flask, office: Office) -> None:
    profile = registered(office, "2024-09-10", "2024-12-31")
    assert office.status(profile, CENTRE) == "awaiting_force"
    assert keep(app, at(9, 9, 23, 59)) == {}
    assert office.status(profile, CENTRE) == "awaiting_force"
    assert keep(app, at(9, 10, 0, 0)) == {"entered": 1}
    assert office.status(profile, CENTRE) == "in_force"
    assert publications(app) == [(1, "in_force")]
    assert keep(app, at(9, 10, 0, 5)) == {}


def test_a_profile_ends_after_its_last_day(app: Flask, office: Office) -> None:
    profile = registered(office, "2024-09-01", "2024-09-30")
    assert office.status(profile, CENTRE) == "in_force"
    keep(app, at(9, 30, 12))
    assert keep(app, at(9, 30, 23, 59)) == {}
    assert keep(app, at(10, 1, 0, 0)) == {"expired": 1}
    assert office.status(profile, CENTRE) == "expired"
    assert publications(app) == [(1, "ended")]
    assert keep(app, at(10, 1, 0, 5)) == {}


def test_what_ended_before_it_began_never_comes_into_force(app: Flask, office: Office) -> None:
    profile = registered(office, "2024-09-10", "2024-09-12")
    assert keep(app, at(9, 20)) == {"expired": 1}
    assert office.status(profile, CENTRE) == "expired"
    assert publications(app) == []


def test_a_new_version_takes_the_place_of_the_old_one_on_its_day(app: Flask, office: Office) -> None:
    older = registered(office, "2024-09-01", "2024-12-31")
    office.act(CENTRE, Post.OFFICER, "goods", older, "begin_update")
    newer = _update_of(app, older)
    _set_begin(app, office, newer, "2024-09-10")
    office.profile_to_force(newer)
    assert office.status(newer, CENTRE) == "awaiting_force"
    assert keep(app, at(9, 10)) == {"entered": 1}
    assert office.status(older, CENTRE) == "superseded"
    assert office.status(newer, CENTRE) == "in_force"
    assert publications(app) == [(1, "ended"), (2, "in_force")]


def _update_of(app: Flask, profile: int) -> int:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        found = session().scalar(select(Profile.id).where(Profile.updates_id == profile))
        assert found is not None
        return found


def _set_begin(app: Flask, office: Office, profile: int, day: str) -> None:
    acts = office.acts(CENTRE, Post.OFFICER, "goods")
    with app.app_context(), acting(CENTRE, "test"):
        document = procedure.load(profile)
        header = document.text["header"] | {"valid_from": day}
        assert drafting.change(document, acts, "header", header)


def test_the_end_is_announced_ten_working_days_and_one_before(app: Flask, office: Office) -> None:
    """Monday 30 September is the last day; the tenth working day before it is Monday 16."""
    registered(office, "2024-09-01", "2024-09-30")
    assert keep(app, at(9, 13)) == {}
    assert keep(app, at(9, 16)) == {"announced": 1}
    assert keep(app, at(9, 16, 13)) == {}
    assert keep(app, at(9, 26)) == {}
    assert keep(app, at(9, 27)) == {"announced": 1}
    assert keep(app, at(9, 30)) == {}
    addressees = {
        login_of(CENTRE, Post.OFFICER, "goods"),
        login_of(CENTRE, Post.REGISTRAR, "risk"),
        login_of(CENTRE, Post.UNIT_HEAD, "risk"),
    }
    assert told(app) == {(step, login): 1 for step in ("ends_10", "ends_1") for login in addressees}
    with app.app_context(), acting(CENTRE, "test", writes=False):
        mail = session().scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
        assert mail is not None
        assert mail.subject.startswith("The profile ends within ten working days – 12/10000/02092024/")
        assert "Valid until: 30 Sep 2024, Mon" in " ".join(mail.body.split())


def test_one_that_fails_does_not_stop_the_rest(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = registered(office, "2024-09-01", "2024-09-30")
    good = registered(office, "2024-09-01", "2024-09-30")
    whole = procedure.by_portal

    def poisoned(document: object, *rest: object) -> None:
        if getattr(document, "id", None) == bad:
            raise RuntimeError("poison")
        whole(document, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(procedure, "by_portal", poisoned)
        assert keep(app, at(10, 1)) == {"expired": 1, "failed": 1}
    assert office.status(good, CENTRE) == "expired"
    assert keep(app, at(10, 1, 13)) == {"expired": 1}
    assert office.status(bad, CENTRE) == "expired"

"""`flask deadlines sweep` and `flask deadlines due` in front of a database."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from portal import create_app
from portal.models import CalendarDay
from portal.operations import sweeping
from portal.store.session import acting, session
from tests.office import Office

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def office(app: Flask) -> Office:
    with time_machine.travel(datetime(2024, 9, 2, 12, tzinfo=MOSCOW), tick=False):
        office = Office(app)
        office.reviewed_draft()
    return office


def run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["deadlines", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_one_sweep_prints_its_counts(app: Flask, office: Office) -> None:
    at = ("sweep", "--at", "2024-09-09T18:00+03:00")
    code, printed, _ = run(app, *at, "--json")
    assert (code, json.loads(printed)) == (0, {"stages": 1, "alerts": 1, "failed": 0})
    assert run(app, *at) == (0, "stages 0, alerts 0, failed 0\n", "")


def test_a_row_that_failed_is_an_exit_code(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_raise", lambda *_: 1 / 0)
    code, printed, error = run(app, "sweep", "--at", "2024-09-09T18:00+03:00")
    assert (code, printed) == (1, "stages 0, alerts 0, failed 1\n")
    assert "Rows that failed: 1" in error


@pytest.mark.parametrize("moment", ["2024-09-09T18:00", "monday"])
def test_a_moment_that_is_none_is_refused(app: Flask, moment: str) -> None:
    code, printed, error = run(app, "sweep", "--at", moment)
    assert (code, printed, error.count("\n")) == (1, "", 1)


def due(app: Flask) -> str:
    asked = ("due", "--limit", "expedient", "--state", "RU", "--from", "2024-09-02T12:00+03:00", "--json")
    code, printed, error = run(app, *asked)
    assert (code, error) == (0, "")
    return str(json.loads(printed)["due"])


def test_due_follows_the_table_of_days(app: Flask) -> None:
    """Wednesday 4 September is taken off by decree after the seed was sown."""
    assert due(app) == "2024-09-04T18:00+03:00"
    with app.app_context(), acting("eeu.", "test"):
        session().add(CalendarDay(state="RU", day=date(2024, 9, 4), is_working=False, name="By decree"))
    assert due(app) == "2024-09-05T18:00+03:00"


def test_due_falls_back_to_the_seed_without_tables(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.conftest import SETTINGS, environment

    folder = tmp_path_factory.mktemp("empty")
    empty = create_app(SETTINGS, environment(f"sqlite:///{folder / 'empty.db'}", folder))
    assert due(empty) == "2024-09-04T18:00+03:00"
    with empty.app_context():
        from portal.extensions import db

        db.engine.dispose()

"""One officer alone can neither empty a register by machine nor keep a worker busy with costly work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.errors import TooOften
from portal.web import paces
from portal.web.paces import EXPORTS, SEARCHES, WORKS, Paces
from tests.browser import Browser
from tests.office import Office
from tests.stopwatch import Stopwatch

ME, OTHER = 1, 2
LOGIN = "10130000.officer.goods"
Browse = Callable[[str], Browser]


def taken(counted: Paces, officer: int, pace: paces.Pace, tries: int, bound: int = 3) -> int:
    """How many of so many tries at once were let through."""
    done = 0
    for _ in range(tries):
        try:
            with counted.one(officer, pace, bound):
                done += 1
        except TooOften:
            continue
    return done


def test_a_minute_holds_so_many_and_fills_up_evenly(clock: Stopwatch) -> None:
    counted = Paces(clock)
    assert taken(counted, ME, EXPORTS, 9) == 3
    clock.at += 15
    with pytest.raises(TooOften) as refused, counted.one(ME, EXPORTS, 3):
        pass
    assert (refused.value.seconds, refused.value.still) == (5, False)
    clock.at += 5
    assert taken(counted, ME, EXPORTS, 9) == 1
    clock.at += 3600
    assert taken(counted, ME, EXPORTS, 9) == 3


def test_each_officer_and_each_kind_has_a_measure_of_its_own(clock: Stopwatch) -> None:
    counted = Paces(clock)
    assert taken(counted, ME, EXPORTS, 9) == 3
    assert taken(counted, OTHER, EXPORTS, 9) == 3
    assert taken(counted, ME, SEARCHES, 99) == 18


def test_one_work_at_a_time(clock: Stopwatch) -> None:
    counted = Paces(clock)
    with counted.one(ME, WORKS, 3):
        with pytest.raises(TooOften) as refused, counted.one(ME, WORKS, 3):
            pass
        assert refused.value.still
        assert taken(counted, OTHER, WORKS, 1) == 1
    with pytest.raises(ValueError, match="fails"), counted.one(ME, WORKS, 3):
        raise ValueError("fails")
    assert taken(counted, ME, WORKS, 1) == 1, "neither what ended nor what failed is still at work"


def test_who_rested_is_forgotten(clock: Stopwatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paces, "_MANY", 10)
    counted = Paces(clock)
    for officer in range(100):
        taken(counted, officer, EXPORTS, 1)
        clock.at += 30
    assert len(counted._left) < 15
    assert taken(counted, 99, EXPORTS, 9) == 3


def test_what_costs_much_has_its_pace(app: Flask) -> None:
    paced = {endpoint for endpoint in app.view_functions if paces.of(endpoint)}
    files = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith((".csv", "/file", "/export"))
    }
    assert files - paced == set()
    assert set(paces._NAMED) - set(app.view_functions) == set()


@pytest.fixture
def paced(app: Flask) -> Flask:
    app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], costly_per_minute=2)
    app.extensions["paces"] = Paces(Stopwatch())
    return app


def test_a_register_is_not_taken_away_by_machine(paced: Flask, browse: Browse) -> None:
    officer = browse(LOGIN)
    assert [officer.client.get("/10130000/drafts.csv").status_code for _ in range(3)] == [200, 200, 429]
    answer = officer.client.get("/10130000/profiles.csv")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "Wait 30 seconds, then try again." in answer.get_data(as_text=True)
    assert officer.client.get("/10130000/drafts").status_code == 200
    assert browse("10130000.head").client.get("/10130000/drafts.csv").status_code == 200


def test_what_was_typed_beside_a_running_work_is_shown(paced: Flask, browse: Browse) -> None:
    paced.config["WTF_CSRF_ENABLED"] = False
    officer = browse(LOGIN)
    counted: Paces = paced.extensions["paces"]
    with counted.one(Office(paced).officer(LOGIN), WORKS, 2):
        answer = officer.client.post("/10130000/history/upload", data={"outcome_column": "typed at length"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert "What you started before is still at work." in page
    assert "typed at length" in page


def test_without_a_bound_nobody_waits(app: Flask, browse: Browse) -> None:
    officer = browse(LOGIN)
    assert {officer.client.get("/10130000/drafts.csv").status_code for _ in range(30)} == {200}

"""A busy worker refuses the house that uses more than its share, before anything is asked of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event

import config
from portal.extensions import db
from portal.web import fair_share
from portal.web.fair_share import FADES, Shares
from tests.browser import Browser
from tests.stopwatch import Stopwatch

LOUD, OTHER = "10130", "10110"


def used(clock: Stopwatch, seconds: dict[str, float]) -> Shares:
    """A worker whose houses have used so many processor seconds within one moment."""
    shares = Shares(clock)
    for house, spent in seconds.items():
        shares.add(house, spent)
    return shares


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        ({LOUD: 2.5, OTHER: 1.0}, True),  # 50 and 20 % of the last seconds
        ({LOUD: 2.5, OTHER: 0.4}, False),  # the worker is not busy
        ({LOUD: 4.9, OTHER: 0.1}, False),  # the others rest
        ({LOUD: 0.9, OTHER: 3.0}, False),  # less than its share
        ({LOUD: 1.1, "": 3.0}, True),  # pages of no house are others, too
        ({LOUD: 1.7, OTHER: 1.6, "": 0.1}, True),  # both use more, and this one most
        ({LOUD: 1.6, OTHER: 1.7, "": 0.1}, False),  # the other does
    ],
)
def test_who_uses_more_than_a_share_of_a_busy_worker_waits(
    clock: Stopwatch, seconds: dict[str, float], refused: bool
) -> None:
    assert used(clock, seconds).over(LOUD, 0.2) is refused


def test_what_was_used_fades(clock: Stopwatch) -> None:
    """After t seconds e^(-t/5) is left: of 50 % and 30 % together less than 60 % after 1.44 seconds."""
    shares = used(clock, {LOUD: 0.5 * FADES, OTHER: 0.3 * FADES})
    clock.at = 1.40
    assert shares.over(LOUD, 0.2)
    clock.at = 1.48
    assert not shares.over(LOUD, 0.2)


def bounded(app: Flask, share: int) -> config.Environment:
    """The settings of an application with another share for each house."""
    given: config.Environment = app.config["ENVIRONMENT"]
    return replace(given, house_share=share)


CROWD = [f"{number:05}" for number in range(10200, 10300)]


def worked(clock: Stopwatch, shares: Shares, seconds: float, busy: float, **parts: float) -> None:
    """A crowd of a hundred houses, and some that have so many times the part of each, use a worker for a while."""
    weights = dict.fromkeys(CROWD, 1.0) | {house.strip("_"): times for house, times in parts.items()}
    for _ in range(round(seconds)):
        for house, weight in weights.items():
            shares.add(house, busy * weight / sum(weights.values()))
        clock.at += 1.0


@pytest.mark.parametrize(("times", "louder"), [(1.0, False), (1.8, False), (7.0, True)])
@pytest.mark.parametrize("busy", [0.1, 0.9])
def test_a_house_that_is_louder_than_usual_lets_others_pass(
    clock: Stopwatch,
    plain_app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    busy: float,
    times: float,
    louder: bool,
) -> None:
    """However busy the worker is: where nobody waits, there is nobody to let pass."""
    shares = Shares(clock)
    monkeypatch.setitem(plain_app.extensions, "shares", shares)
    monkeypatch.setitem(plain_app.config, "ENVIRONMENT", bounded(plain_app, 20))
    worked(clock, shares, 600, 0.5, _10130=1.0)
    worked(clock, shares, 30, busy, _10130=times)
    assert shares.louder(LOUD) is louder
    steps_back = fair_share.steps_back(plain_app)
    assert steps_back({"PATH_INFO": "/10130010/queue"}) == (fair_share.BEHIND if louder else 0.0)
    assert [steps_back({"PATH_INFO": path}) for path in ("/10200000/", "/sign-in", "")] == [0.0] * 3
    assert steps_back({}) == 0.0
    monkeypatch.setitem(plain_app.config, "ENVIRONMENT", bounded(plain_app, 0))
    assert steps_back({"PATH_INFO": "/10130010/queue"}) == 0.0


@pytest.mark.parametrize(
    ("times", "busy", "refused"),
    [(1.0, 0.9, False), (1.8, 0.9, False), (7.0, 0.9, True), (7.0, 0.7, True), (7.0, 0.5, False)],
)
def test_a_house_that_uses_many_times_what_is_usual_waits(
    clock: Stopwatch, times: float, busy: float, refused: bool
) -> None:
    shares = Shares(clock)
    worked(clock, shares, 600, 0.5, _10130=1.0)
    worked(clock, shares, 30, busy, _10130=times)
    assert shares.over(LOUD, 0.2) is refused
    assert not any(shares.over(house, 0.2) for house in CROWD)


def test_a_large_house_works_as_it_is_used_to(clock: Stopwatch) -> None:
    shares = Shares(clock)
    worked(clock, shares, 600, 0.5, _10130=12.0)
    worked(clock, shares, 30, 0.9, _10130=12.0)
    assert not shares.over(LOUD, 0.2)


def test_what_is_usual_is_not_known_at_once_and_follows_in_time(clock: Stopwatch) -> None:
    shares = Shares(clock)
    worked(clock, shares, 55, 0.9, _10130=7.0)
    assert not shares.over(LOUD, 0.2)
    worked(clock, shares, 3600, 0.9, _10130=1.0)
    worked(clock, shares, 30, 0.9, _10130=7.0)
    assert shares.over(LOUD, 0.2)
    worked(clock, shares, 600, 0.9, _10130=7.0)
    assert shares.over(LOUD, 0.2), "ten minutes are no habit"
    worked(clock, shares, 3600, 0.9, _10130=7.0)
    assert not shares.over(LOUD, 0.2)


def test_who_is_loud_by_turns_does_not_make_that_usual(clock: Stopwatch) -> None:
    shares = Shares(clock)
    worked(clock, shares, 600, 0.9, _10130=1.0)
    for _ in range(15):
        worked(clock, shares, 30, 0.9, _10130=7.0)
        assert shares.louder(LOUD)
        assert shares.over(LOUD, 0.2)
        worked(clock, shares, 30, 0.9, _10130=1.0)
        assert not shares.louder(LOUD)


def test_it_steps_back_sooner_than_it_is_refused(clock: Stopwatch) -> None:
    shares = Shares(clock)
    worked(clock, shares, 600, 0.9, _10130=1.0)
    seconds = {"steps back": 0, "is refused": 0}
    for second in range(1, 31):
        worked(clock, shares, 1, 0.9, _10130=7.0)
        for name, does in (("steps back", shares.louder(LOUD)), ("is refused", shares.over(LOUD, 0.2))):
            seconds[name] = seconds[name] or (second if does else 0)
    assert 0 < seconds["steps back"] <= 4
    assert 4 < seconds["is refused"] <= 12


def test_one_long_export_is_no_crowd(clock: Stopwatch) -> None:
    shares = Shares(clock)
    worked(clock, shares, 600, 0.9, _10130=1.0)
    shares.add(LOUD, 3.0)
    assert shares.over(LOUD, 0.2), "it used more than its share a moment ago"
    worked(clock, shares, 6, 0.9, _10130=1.0)
    assert not shares.over(LOUD, 0.2)


def test_hours_of_counting_lose_nothing(clock: Stopwatch) -> None:
    shares = Shares(clock)
    worked(clock, shares, 12_500, 0.5, _10130=1.0)
    worked(clock, shares, 30, 0.9, _10130=7.0)
    assert shares.over(LOUD, 0.2)
    clock.at += 100_000.0
    assert not shares.over(LOUD, 0.2)


@pytest.fixture
def busy(app: Flask) -> Iterator[Flask]:
    """An application before a busy worker; what it counted stays out of the tests to which it is lent afterwards."""
    app.config["ENVIRONMENT"] = bounded(app, 20)
    app.config["WTF_CSRF_ENABLED"] = False
    shares = app.extensions["shares"] = Shares()
    shares.add(LOUD, 400.0)
    shares.add(OTHER, 40.0)
    yield app
    app.extensions["shares"] = Shares()


def test_the_loud_house_is_refused_without_asking_the_database(
    busy: Flask, browse: Callable[[str], Browser]
) -> None:
    officer, asked = browse("10130000.officer.goods"), []
    with busy.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    officer.client.set_cookie("language", "ru")
    for url in ("/10130000/", "/10130010/queue"):
        answer = officer.client.get(url)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        page = answer.get_data(as_text=True)
        assert '<html lang="ru">' in page
        assert "больше своей доли" in page
    sent = officer.client.post("/10130000/drafts/new", data={"form_key": "k", "title": "Typed at length"})
    assert sent.status_code == 503
    assert "Typed at length" in sent.get_data(as_text=True)
    assert asked == []


def test_the_others_and_pages_of_no_house_are_answered(busy: Flask, browse: Callable[[str], Browser]) -> None:
    assert browse("10110000.officer.goods").client.get("/10110000/").status_code == 200
    assert browse("10130000.officer.goods").client.get("/account/password").status_code == 200


def test_without_a_bound_nobody_waits(busy: Flask, browse: Callable[[str], Browser]) -> None:
    busy.config["ENVIRONMENT"] = bounded(busy, 0)
    assert browse("10130000.officer.goods").client.get("/10130000/").status_code == 200


def test_each_request_is_counted_for_its_house(
    app: Flask, browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: dict[str, float] = {}

    def add(self: Shares, house: str, seconds: float) -> None:
        counted[house] = counted.get(house, 0.0) + seconds

    monkeypatch.setattr(Shares, "add", add)
    officer = browse("10130000.officer.goods")
    officer.client.get("/10130000/")
    officer.client.get("/account/password")
    assert set(counted) == {LOUD, ""}
    assert all(0 < seconds < 10 for seconds in counted.values())
    assert fair_share.BUSY < 1

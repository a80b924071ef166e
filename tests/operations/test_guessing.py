"""Guessing is bounded, however many addresses take part, and keeps nobody out of his own device."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.operations import sign_in
from portal.operations.guessing import TooMany, Visitor
from portal.workflow.clock import now
from tests.cast import PASSWORD

LOGIN = "10130000.officer.goods"


def attempt(app: Flask, password: str, address: str, device: str = "", login: str = LOGIN) -> str:
    with app.app_context():
        try:
            found = sign_in.check(login, password, address, device)
        except TooMany:
            return "waits"
        return "in" if found else "refused"


def has_been_here(app: Flask, address: str, device: str) -> None:
    """The officer signed in before, with this device at this address."""
    with app.app_context():
        found = sign_in.check(LOGIN, PASSWORD, address, device)
        assert found
        sign_in.begin(found, f"token of {device} at {address}", Visitor(address, device), "")


def storm(app: Flask, attempts: int = 80) -> Counter[str]:
    """Somebody guesses at one login, each time from another address."""
    return Counter(attempt(app, f"guess {n}", f"198.51.{n // 250}.{n % 250}") for n in range(attempts))


def test_a_storm_from_many_addresses_is_stopped_at_sixty_an_hour(app: Flask) -> None:
    assert storm(app) == {"refused": 60, "waits": 20}
    assert attempt(app, PASSWORD, "203.0.113.7") == "waits", "not even the right password is looked at"
    assert attempt(app, PASSWORD, "203.0.113.7", login="10130000.head") == "in", "others are not held up"
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert attempt(app, PASSWORD, "203.0.113.7") == "in"


def test_the_owner_enters_with_his_device_or_at_his_address_all_the_while(app: Flask) -> None:
    has_been_here(app, "192.0.2.1", "his own browser")
    storm(app)
    assert attempt(app, PASSWORD, "203.0.113.9", "his own browser") == "in", "away from his desk"
    assert attempt(app, PASSWORD, "192.0.2.1", "a new browser") == "in", "at his desk"
    assert attempt(app, PASSWORD, "203.0.113.9", "a new browser") == "waits"


def test_a_neighbour_behind_the_same_address_does_not_keep_him_out(app: Flask) -> None:
    has_been_here(app, "192.0.2.1", "his own browser")
    assert [attempt(app, "wrong", "192.0.2.1") for _ in range(6)][-1] == "waits"
    assert attempt(app, PASSWORD, "192.0.2.1", "his own browser") == "in"


def test_a_known_device_is_no_place_to_guess_at_leisure(app: Flask) -> None:
    has_been_here(app, "192.0.2.1", "his own browser")
    tried = [attempt(app, "wrong", f"203.0.113.{n}", "his own browser") for n in range(8)]
    assert tried == ["refused"] * 5 + ["waits"] * 3


def test_a_device_is_known_for_its_own_officer_and_for_a_season(app: Flask) -> None:
    has_been_here(app, "192.0.2.1", "his own browser")
    storm(app)
    with time_machine.travel(now() + timedelta(days=91), tick=False):
        storm(app)
        assert attempt(app, PASSWORD, "203.0.113.9", "his own browser") == "waits"
    other = "10130000.head"
    assert [attempt(app, "wrong", "192.0.2.1", "his own browser", other) for _ in range(6)][-1] == "waits"
    assert attempt(app, PASSWORD, "192.0.2.1", "his own browser") == "in"


def test_the_wait_grows_with_what_failed_and_ends_with_success(app: Flask) -> None:
    moment, waits = now(), []
    for _ in range(4):
        with time_machine.travel(moment, tick=False):
            while attempt(app, "wrong", "192.0.2.1") == "refused":
                pass
        for minutes in (14, 16, 29, 31, 59, 61):
            with time_machine.travel(moment + timedelta(minutes=minutes), tick=False):
                if attempt(app, "wrong", "192.0.2.1") == "refused":
                    waits.append(minutes)
                    moment += timedelta(minutes=minutes)
                    break
    assert waits == [16, 16, 16, 16], "five at first, then one in each quarter of an hour"
    for expected in (16, 31, 31, 31, 31, 31, 61, 61):
        with time_machine.travel(moment + timedelta(minutes=expected - 2), tick=False):
            assert attempt(app, "wrong", "192.0.2.1") == "waits", expected
        moment += timedelta(minutes=expected)
        with time_machine.travel(moment, tick=False):
            assert attempt(app, "wrong", "192.0.2.1") == "refused", expected
    with time_machine.travel(moment + timedelta(minutes=61), tick=False):
        assert attempt(app, PASSWORD, "192.0.2.1") == "in"
        assert [attempt(app, "wrong", "192.0.2.1") for _ in range(6)] == ["refused"] * 5 + ["waits"]


@pytest.mark.parametrize("login", [LOGIN, "nobody"])
def test_many_guesses_at_the_same_moment_are_no_way_round(app: Flask, login: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        tried = Counter(pool.map(lambda n: attempt(app, f"guess {n}", "192.0.2.1", login=login), range(20)))
    assert 1 <= tried["refused"] <= 5
    assert tried["refused"] + tried["waits"] == 20

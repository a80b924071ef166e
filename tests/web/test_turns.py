"""The requests of a worker are answered in turn; only a long one is not waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask

from portal.extensions import db
from portal.web import turns
from portal.web.turns import InTurn
from scripts import serve

Environ = dict[str, Any]


class Office:
    """An application that counts how many requests it has before it."""

    def __init__(self) -> None:
        self.there = self.most = 0
        self.lock = threading.Lock()
        self.go_on = threading.Event()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.lock:
            self.there += 1
            self.most = max(self.most, self.there)
        try:
            if environ.get("long"):
                self.go_on.wait(10)
            if environ.get("fails"):
                raise ValueError("a fault of the application")
            time.sleep(0.005)
            return [b"done"]
        finally:
            with self.lock:
                self.there -= 1


def ask(application: InTurn, **environ: Any) -> list[bytes]:
    return list(application(environ, lambda *given: None))


def begun(threads: ThreadPoolExecutor, application: InTurn, office: Office) -> Future[list[bytes]]:
    """A long request, whose turn it is."""
    long = threads.submit(ask, application, long=True)
    while not office.there:
        time.sleep(0.001)
    return long


@pytest.mark.parametrize("at_once", [1, 2])
def test_so_many_are_answered_at_a_time(at_once: int) -> None:
    office = Office()
    application = InTurn(office, at_once)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: ask(application), range(40)))
    assert answers == [[b"done"]] * 40
    assert office.most == at_once


def test_a_long_one_keeps_the_others_waiting_for_a_moment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", 0.1)
    monkeypatch.setattr(turns, "LOOKS", 0.01)
    office = Office()
    application = InTurn(office, 1)
    with ThreadPoolExecutor(2) as threads:
        long = begun(threads, application, office)
        asked = time.monotonic()
        assert ask(application) == [b"done"]
        assert time.monotonic() - asked >= 0.09
        assert not long.done()
        office.go_on.set()
        assert long.result(5) == [b"done"]
    assert office.most == 2


def test_a_long_one_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those behind the one that goes beside are answered in turn, and none of them waits for the long one again."""
    monkeypatch.setattr(turns, "LONG", 0.2)
    monkeypatch.setattr(turns, "LOOKS", 0.01)
    office = Office()
    application = InTurn(office, 1)
    with ThreadPoolExecutor(61) as threads:
        long = begun(threads, application, office)
        asked = time.monotonic()
        others = [threads.submit(ask, application) for _ in range(60)]
        assert others[9].result(5) == [b"done"]
        assert time.monotonic() - asked < 0.2 * 5, "ten that last 5 ms each do not each wait for the long one"
        assert office.most == 2, "the long one and one beside it"
        office.go_on.set()
        assert long.result(5) == [b"done"]
        assert not others[-1].done()
        office.most = 0
        assert [one.result(5) for one in others] == [[b"done"]] * 60
        assert office.most == 1, "the long one gave back no turn, for it had none left"


def test_one_that_steps_back_lets_others_pass_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", 5.0)
    office, order = Office(), []

    def noting(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        order.append(environ.get("name", ""))
        return office(environ, start_response)

    application = InTurn(noting, 1, lambda environ: environ.get("back", 0.0))

    def meant(**environ: Any) -> None:
        waiting.append(threads.submit(ask, application, **environ))
        while len(application._waiting) < len(waiting):
            time.sleep(0.001)

    with ThreadPoolExecutor(6) as threads:
        long = begun(threads, application, office)
        waiting: list[Any] = []
        meant(name="loud", back=0.2)
        meant(name="louder", back=9.0)
        meant(name="first")
        time.sleep(0.3)
        meant(name="late")
        office.go_on.set()
        for one in [long, *waiting]:
            assert one.result(5) == [b"done"]
    assert order == ["", "first", "loud", "late", "louder"]


def test_how_long_one_waited_is_told() -> None:
    office, told = Office(), []

    def telling(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        told.append(environ[turns.WAITED])
        return office(environ, start_response)

    application = InTurn(telling, 1)
    with ThreadPoolExecutor(2) as threads:
        long = begun(threads, application, office)
        other = threads.submit(ask, application)
        time.sleep(0.05)
        office.go_on.set()
        assert (long.result(5), other.result(5)) == ([b"done"], [b"done"])
    assert told[0] < 0.04 < told[1] < 5


def test_one_that_fails_gives_its_turn_back() -> None:
    application = InTurn(Office(), 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="a fault"):
            ask(application, fails=True)
    asked = time.monotonic()
    assert ask(application) == [b"done"]
    assert time.monotonic() - asked < turns.LONG


def test_whoever_waits_is_not_overtaken() -> None:
    """Four that ask again and again have each the same part, whoever of them has just had his turn."""
    application = InTurn(Office(), 1)
    until = time.monotonic() + 1

    def again_and_again(_: int) -> int:
        answered = 0
        while time.monotonic() < until:
            ask(application)
            answered += 1
        return answered

    with ThreadPoolExecutor(4) as threads:
        answered = list(threads.map(again_and_again, range(4)))
    assert max(answered) - min(answered) <= 2


def test_every_thread_of_the_web_server_finds_a_connection(
    new_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside long ones all may be at work at once, each with a transaction and one more for what it notes meanwhile."""
    told = serve.web_server(8000)
    threads = int(told[told.index("--blocking-threads") + 1])
    with new_app.app_context(), ExitStack() as opened:
        monkeypatch.setattr(db.engine.pool, "_timeout", 0.1)
        for _ in range(2 * threads):
            opened.enter_context(db.engine.connect())

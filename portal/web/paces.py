"""Bounds what one officer may ask of the portal in a minute, where an answer costs much or carries much away.

Of works that take long one runs at a time. Each worker counts for itself. Nobody at work comes near these bounds; a
script that empties a register page by page, or starts a back-test in every window, does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from flask import Flask, current_app
from flask_login import current_user

from portal.errors import TooOften

MINUTE = 60.0
#: Above so many that are remembered, those who have rested are forgotten.
_MANY = 5_000


@dataclass(frozen=True)
class Pace:
    """How many times the operator's bound an officer may ask in a minute, and whether one must end before the next."""

    name: str
    times: int = 1
    alone: bool = False


EXPORTS, SEARCHES, WORKS = Pace("exports"), Pace("searches", times=6), Pace("works", alone=True)
_NAMED = {
    "desk.search": SEARCHES,
    "history.faults": EXPORTS,
    "backtests.run": WORKS,
    "history.take": WORKS,
    "inspection.screen_file": WORKS,
    "officer_import.take": WORKS,
}


def of(endpoint: str) -> Pace | None:
    """The pace of an endpoint; None for what may be asked as often as one likes."""
    return EXPORTS if endpoint.endswith("export") else _NAMED.get(endpoint)


class Paces:
    """What each officer has asked of this worker lately.

    A bound of n in a minute is a measure that holds n and fills up evenly within a minute.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._left: dict[tuple[int, str], tuple[float, float]] = {}
        self._running: set[tuple[int, str]] = set()
        self._lock = Lock()

    @contextmanager
    def one(self, officer_id: int, pace: Pace, bound: int) -> Iterator[None]:
        """Let an officer do something once.

        Args:
            bound: how often a minute, before `pace.times`.

        Raises:
            TooOften: he did it as often as he may, or is still at it.
        """
        key = officer_id, pace.name
        with self._lock:
            if pace.alone and key in self._running:
                raise TooOften(still=True)
            self._take(key, bound * pace.times)
            if pace.alone:
                self._running.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(key)

    def _take(self, key: tuple[int, str], most: int) -> None:
        at = self._clock()
        left, since = self._left.get(key, (float(most), at))
        left = min(float(most), left + (at - since) * most / MINUTE)
        if left < 1:
            raise TooOften(math.ceil((1 - left) * MINUTE / most))
        if len(self._left) > _MANY:
            self._left = {one: kept for one, kept in self._left.items() if at - kept[1] < MINUTE}
        self._left[key] = left - 1, at


def install(app: Flask) -> None:
    """Begin to count."""
    app.extensions["paces"] = Paces()


@contextmanager
def kept(pace: Pace | None) -> Iterator[None]:
    """Count a request of the officer who is signed in.

    Raises:
        TooOften: it must wait.
    """
    bound = current_app.config["ENVIRONMENT"].costly_per_minute
    if pace is None or not bound or not current_user.is_authenticated:
        yield
        return
    paces: Paces = current_app.extensions["paces"]
    with paces.one(current_user.signed_in.id, pace, bound):
        yield

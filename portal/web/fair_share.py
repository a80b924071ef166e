"""Keeps one house from slowing all others: while a worker is busy, the house that used most of it waits.

Each worker counts for itself the processor time of its requests by the house that the address names; what was counted
fades within seconds. A house that works while the others rest is never refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from threading import Lock
from time import monotonic, thread_time

from flask import Flask, Response, current_app, g, request

from portal.web import errors
from portal.web.typed import typed

#: Seconds in which what was counted fades to a third.
FADES = 5.0
#: The part of a worker's time beyond which it is busy: pages then begin to wait for each other.
BUSY = 0.6
#: The part that others must use for the worker to be busy with more than one house.
OTHERS = 0.05
#: A customs house and its points have the first five digits of their codes in common.
_HOUSE = re.compile(r"/(\d{5})\d{3}(?:/|$)")
_AFTER = "2"


class Shares:
    """What each house has used of this worker lately, in processor seconds a second."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._at = clock, clock()
        self._used: dict[str, float] = {}
        self._lock = Lock()

    def add(self, house: str, seconds: float) -> None:
        with self._lock:
            self._fade()
            self._used[house] = self._used.get(house, 0.0) + seconds / FADES

    def over(self, house: str, share: float) -> bool:
        """Whether a house has used more than `share`, and most, of a worker that is busy with others too."""
        with self._lock:
            self._fade()
            mine, everyone = self._used.get(house, 0.0), sum(self._used.values())
            most = max((used for one, used in self._used.items() if one), default=0.0)
        return mine == most > share and everyone > BUSY and everyone - mine > OTHERS

    def _fade(self) -> None:
        at = self._clock()
        left = math.exp((self._at - at) / FADES)
        self._at = at
        self._used = {house: used * left for house, used in self._used.items() if used * left > 1e-4}


def install(app: Flask) -> None:
    """Look at each request before anything is asked of the database for it."""
    app.extensions["shares"] = Shares()
    app.before_request(_admit)
    app.teardown_request(_count)


def _admit() -> Response | None:
    g.house = found[1] if (found := _HOUSE.match(request.path)) else ""
    g.began_at = thread_time()
    share = current_app.config["ENVIRONMENT"].house_share / 100
    if not g.house or not share or not _shares().over(g.house, share):
        return None
    answer = errors.bare("errors/busy.html", 503, mine=typed())
    answer.headers["Retry-After"] = _AFTER
    return answer


def _count(error: BaseException | None) -> None:
    if "began_at" in g:
        _shares().add(g.house, thread_time() - g.began_at)


def _shares() -> Shares:
    return current_app.extensions["shares"]  # type: ignore[no-any-return]

"""Keeps one house from slowing all others: while a worker is busy, the house that used most of it waits.

Each worker counts for itself the processor time of its requests by the house that the address names, and what was
counted fades. A house that uses far more than it usually does lets the others pass before it, and is refused when the
worker is busy; so is one that uses more than its share. One that works while the others rest is never refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from threading import Lock
from time import monotonic, thread_time
from typing import Any

from flask import Flask, Response, current_app, g, request

from portal.web import errors
from portal.web.typed import typed

#: Seconds in which what was counted fades to a third: of what is used now, of what lets a house step back, of what lets
#: it be refused, of what is usual. To step back costs a second at the worst; to be refused wants better grounds.
FADES, SOON, LATELY, USUAL = 5.0, 10.0, 30.0, 3600.0
#: The part of a worker's time beyond which it is busy.
BUSY = 0.6
#: The part that others must use for the worker to be busy with more than one house.
OTHERS = 0.05
#: How many times its usual part of the work a house may have while the worker is busy, and a part that any may have.
TIMES, LEAST = 2.0, 0.02
#: Seconds after the start before which nothing is usual yet.
LEARNS = 60.0
#: Seconds for which the requests of a house that is louder than usual let others pass.
BEHIND = 1.0
#: The most seconds of one request that count towards what is usual: one long export is no crowd.
ONE = 0.2
#: A customs house and its points have the first five digits of their codes in common.
_HOUSE = re.compile(r"/(\d{5})\d{3}(?:/|$)")
_AFTER = "2"


class Fading:
    """Processor seconds by house, of which after `span` seconds a third is left.

    What is new weighs more, so that nothing old has to be touched when time goes on.
    """

    def __init__(self, span: float, at: float) -> None:
        self._span, self._since = span, at
        self._kept: dict[str, float] = {}
        self._all = 0.0

    def add(self, house: str, seconds: float, at: float) -> None:
        grown = seconds * self._weight(at)
        self._kept[house] = self._kept.get(house, 0.0) + grown
        self._all += grown

    def of(self, house: str, at: float) -> float:
        """What a house has used, in seconds a second."""
        return self._kept.get(house, 0.0) / self._weight(at) / self._span

    def all(self, at: float) -> float:
        """What all have used, in seconds a second."""
        return self._all / self._weight(at) / self._span

    def part(self, house: str) -> float:
        """Which part of all that was used the house has used, between 0 and 1."""
        return self._kept.get(house, 0.0) / self._all if self._all else 0.0

    def most(self) -> str:
        """The house that has used most; pages of no house are none."""
        return max(filter(None, self._kept), key=self._kept.__getitem__, default="")

    def _weight(self, at: float) -> float:
        age = (at - self._since) / self._span
        if age > 20:
            self._since, fades = at, math.exp(-age)
            self._kept = {house: kept * fades for house, kept in self._kept.items() if kept * fades > 1e-6}
            self._all = sum(self._kept.values())
            return 1.0
        return math.exp(age)


class Shares:
    """What each house has used of this worker: in this moment, of late, and usually."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._begun = clock, clock()
        spans = (FADES, SOON, LATELY, USUAL)
        self._now, self._soon, self._lately, self._usual = (Fading(span, self._begun) for span in spans)
        self._lock = Lock()

    def add(self, house: str, seconds: float) -> None:
        with self._lock:
            at = self._clock()
            self._now.add(house, seconds, at)
            bounded = min(seconds, ONE)
            self._soon.add(house, bounded, at)
            self._lately.add(house, bounded, at)
            self._usual.add(house, bounded * self._believed(house, at), at)

    def over(self, house: str, share: float) -> bool:
        """Whether a house must wait while the worker works for others too.

        The worker is busy, and the house has used most and more than `share`, or its part is many times what it usually
        is.
        """
        with self._lock:
            at = self._clock()
            mine, everyone = self._now.of(house, at), self._now.all(at)
            if everyone <= BUSY or everyone - mine <= OTHERS:
                return False
            return (mine > share and self._now.most() == house) or self._louder(self._lately, house, at)

    def louder(self, house: str) -> bool:
        """Whether a house has by now many times the part of the work that it usually has."""
        with self._lock:
            return self._louder(self._soon, house, self._clock())

    def _louder(self, used: Fading, house: str, at: float) -> bool:
        return at - self._begun > LEARNS and used.part(house) > self._most(house)

    def _most(self, house: str) -> float:
        """The part of the work up to which a house is not loud."""
        return max(LEAST, TIMES * self._usual.part(house))

    def _believed(self, house: str, at: float) -> float:
        """How much of what a house uses counts towards what is usual: of one that is loud, as much as it may have.

        So a house that is loud by turns is slow to make itself usual.
        """
        return self._most(house) / self._soon.part(house) if self._louder(self._soon, house, at) else 1.0


def install(app: Flask) -> None:
    """Look at each request before anything is asked of the database for it."""
    app.extensions["shares"] = Shares()
    app.before_request(_admit)
    app.teardown_request(_count)


def steps_back(app: Flask) -> Callable[[dict[str, Any]], float]:
    """For how many seconds the request of a WSGI environment lets others pass, for :class:`portal.web.turns.InTurn`."""

    def seconds(environ: dict[str, Any]) -> float:
        house = _house(environ.get("PATH_INFO", ""))
        shared = house and app.config["ENVIRONMENT"].house_share
        return BEHIND if shared and app.extensions["shares"].louder(house) else 0.0

    return seconds


def _house(path: str) -> str:
    return found[1] if (found := _HOUSE.match(path)) else ""


def _admit() -> Response | None:
    g.house = _house(request.path)
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

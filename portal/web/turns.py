"""Lets the requests of a worker compute one after another instead of all at once.

A worker computes on one processor at a time whatever the number of its threads. Threads that take turns at every
question to the database make each request last as long as all of them together, and whoever comes when the worker is
busy makes all others wait.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from itertools import count
from threading import Lock
from time import monotonic
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: Where the environment of a request tells how many seconds it waited.
WAITED = "portal.waited"
#: Seconds after which a request gives up its turn, and goes on beside the next: it waits itself, or is long.
LONG = 0.25
#: Seconds after which one that waits looks how long that is.
LOOKS = 0.1


class Turn:
    """What a request waits for: it comes before those that stand behind it in `order`."""

    def __init__(self, order: tuple[float, int]) -> None:
        self.order = order
        self.comes = Lock()
        self.comes.acquire()

    def __lt__(self, other: Turn) -> bool:
        return self.order < other.order


class InTurn:
    """A WSGI application of which so many requests are answered at a time, and more beside long ones.

    They are answered in the order in which they come. Those for which `steps_back` names seconds are answered as if
    they came so much later: they let others pass for so long, and no longer.
    """

    def __init__(
        self,
        application: Application,
        at_once: int,
        steps_back: Callable[[Environ], float] = lambda environ: 0.0,
    ) -> None:
        self._application, self._at_once, self._steps_back = application, at_once, steps_back
        self._lock, self._numbers = Lock(), count()
        self._waiting: list[Turn] = []
        #: Whose turn it is, and since when.
        self._theirs: dict[Turn, float] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        came = monotonic()
        turn = Turn((came + self._steps_back(environ), next(self._numbers)))
        self._wait(turn)
        environ[WAITED] = monotonic() - came
        try:
            return self._application(environ, start_response)
        finally:
            with self._lock:
                if self._theirs.pop(turn, None) is not None:
                    self._next()

    def _wait(self, turn: Turn) -> None:
        with self._lock:
            heapq.heappush(self._waiting, turn)
            if len(self._theirs) < self._at_once:
                self._next()
        while not turn.comes.acquire(timeout=LOOKS):
            with self._lock:
                longest = min(self._theirs, key=self._theirs.__getitem__)
                if monotonic() - self._theirs[longest] > LONG:
                    del self._theirs[longest]
                    self._next()

    def _next(self) -> None:
        """Give a turn to whoever is first: a thread that takes it again at once would overtake those who wait."""
        if self._waiting:
            turn = heapq.heappop(self._waiting)
            self._theirs[turn] = monotonic()
            turn.comes.release()

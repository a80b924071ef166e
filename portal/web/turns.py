"""Lets the requests of a worker compute one after another instead of all at once.

A worker computes on one processor at a time whatever the number of its threads. Threads that take turns at every
question to the database make each request last as long as all of them together, and whoever comes when the worker is
busy makes all others wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Seconds without a turn after which one that waits goes beside: those who have theirs wait themselves, or are long.
LONG = 0.25
#: Seconds after which one that waits looks how long that is.
LOOKS = 0.05


class InTurn:
    """A WSGI application of which so many requests are answered at a time, in the order in which they come.

    More are answered beside long ones.
    """

    def __init__(self, application: Application, at_once: int) -> None:
        self._application = application
        self._lock = Lock()
        self._free = at_once
        self._waiting: deque[Lock] = deque()
        self._since = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        mine = self._wait()
        try:
            return self._application(environ, start_response)
        finally:
            if mine:
                self._pass_on()

    def _wait(self) -> bool:
        """Whether it is this request's turn; False when it goes beside long ones."""
        with self._lock:
            if self._free:
                self._free -= 1
                self._since = monotonic()
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        while not turn.acquire(timeout=LOOKS):
            with self._lock:
                if turn in self._waiting and monotonic() - self._since > LONG:
                    self._waiting.remove(turn)
                    return False
        return True

    def _pass_on(self) -> None:
        """Give the turn to whoever has waited longest: a thread that takes it again at once would overtake him."""
        with self._lock:
            if self._waiting:
                self._since = monotonic()
                self._waiting.popleft().release()
            else:
                self._free += 1

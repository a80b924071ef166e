"""Lets the requests of a worker compute one after another instead of all at once.

A worker computes on one processor at a time whatever the number of its threads. Threads that take turns at every
question to the database make each request last as long as all of them together, and whoever comes when the worker is
busy makes all others wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Semaphore
from time import monotonic
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Seconds without a turn after which one that waits goes beside: those who have theirs wait themselves, or are long.
LONG = 0.25
#: Seconds after which one that waits looks how long that is.
LOOKS = 0.05


class InTurn:
    """A WSGI application of which so many requests are answered at a time, and more only beside long ones."""

    def __init__(self, application: Application, at_once: int) -> None:
        self._application = application
        self._turns = Semaphore(at_once)
        self._since = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        mine = self._wait()
        try:
            return self._application(environ, start_response)
        finally:
            if mine:
                self._turns.release()

    def _wait(self) -> bool:
        """Whether it is this request's turn; False when it goes beside long ones."""
        while not self._turns.acquire(timeout=LOOKS):
            if monotonic() - self._since > LONG:
                return False
        self._since = monotonic()
        return True

"""The one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_instead: ContextVar[datetime | None] = ContextVar("instead", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _instead.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside the block: a past replayed for a demonstration, or the time of a test.

    Raises:
        ValueError: the moment carries no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment must carry its zone")
    token = _instead.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _instead.reset(token)

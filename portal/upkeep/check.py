"""What a check of the portal is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import config

GOOD, WARNING, FAULT = "good", "warning", "fault"
_MOST = 5


@dataclass(frozen=True)
class Patient:
    """The portal that is looked at.

    Attributes:
        package: the folder of its code, with static files and catalogues.
        at: the moment of the look.
    """

    environment: config.Environment
    package: Path
    at: datetime

    @property
    def data_dir(self) -> Path:
        return self.environment.data_dir


@dataclass(frozen=True)
class Found:
    """The state that a check found, and what it saw."""

    state: str
    words: str


def good(words: str) -> Found:
    return Found(GOOD, words)


def warning(words: str) -> Found:
    return Found(WARNING, words)


def fault(words: str) -> Found:
    return Found(FAULT, words)


def unless(things: Iterable[str], healthy: str, state: str = FAULT) -> Found:
    """Good when there are no such things; else the first of them, and how many they are."""
    rows = list(things)
    if not rows:
        return good(healthy)
    more = f" and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return Found(state, "; ".join(rows[:_MOST]) + more)


@dataclass(frozen=True)
class Check:
    """One thing that must hold.

    Attributes:
        name: `place.matter`.
        holds: what must hold, in words.
        do: what to do when it does not.
        run: looks, and raises nothing that it expects.
        opens: whether the checks after it that ask the tables can only be made when this one finds no fault.
        asks_tables: whether it asks the tables.
    """

    name: str
    holds: str
    do: str
    run: Callable[[Patient], Found]
    opens: bool = False
    asks_tables: bool = True

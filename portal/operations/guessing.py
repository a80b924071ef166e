"""Slows down guessing: by login and place, never so that strangers keep an officer out of his own device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from portal.store import guesses, sessions
from portal.store.engine import writing
from portal.store.session import session
from portal.workflow.clock import now

WINDOW = timedelta(minutes=15)
#: Failures of one login at one place, since it last succeeded there, after which it must wait.
PER_LOGIN = 5
#: Logins that failed at one address within the window, after which one failure of each is enough to make it wait.
PER_ADDRESS = 30
#: Failures of one login within an hour, at all addresses, after which only known devices and addresses may try.
PER_HOUR = 60
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: How long to wait after so many failures at one place within a day.
WAITS = ((15, timedelta(minutes=60)), (10, timedelta(minutes=30)), (PER_LOGIN, WINDOW))

#: Stands for the address of failures to confirm an act: they are counted by officer, apart from sign-ins.
SIGNATURE = "signature"

T = TypeVar("T")


class TooMany(Exception):
    """Too many failures: wait."""


@dataclass(frozen=True)
class Visitor:
    """Where somebody tries: `device` is the mark of his browser, empty when it carries none."""

    address: str
    device: str = ""

    def place(self, officer_id: int | None) -> tuple[str, bool]:
        """What failures are counted by, and whether the officer has signed in there lately."""
        if officer_id is None:
            return self.address[:60], False
        device, address = sessions.knows(officer_id, self.device, self.address, now())
        if device:
            return f"device:{sessions.hashed(self.device)[:40]}", True
        return self.address[:60], address


def counted(login: str, place: str, known: bool, passes: Callable[[], T | None]) -> T | None:
    """Let one attempt be made; it counts as a failure from its beginning, so that many at once are no way round.

    The attempt is written before it is looked at and apart from it: the work of a hash holds no lock.

    Raises:
        TooMany: the login must wait at this place; nothing was looked at.
    """
    if _must_wait(login, place, known, now()):
        raise TooMany
    number = _begun(login, place)
    if _must_wait(login, place, known, now(), before=number):
        raise TooMany
    found = passes()
    if found is not None:
        session().rollback()
        with writing():
            guesses.forgive(number)
            session().commit()
    return found


def _begun(login: str, place: str) -> int:
    session().rollback()  # what was read before would stand in the way of the writer
    with writing():
        number = guesses.add(login, place, now())
        session().commit()
    return number


def _must_wait(login: str, place: str, known: bool, at: datetime, before: int | None = None) -> bool:
    failures, last = guesses.since_success(login, place, at - DAY, before)
    for many, wait in WAITS:
        if failures >= many:
            return last is not None and last > at - wait
    mine, logins = guesses.failures_since(login, place, at - WINDOW, before)
    if mine and logins >= PER_ADDRESS:
        return True
    return not known and guesses.everywhere(login, at - HOUR, before) >= PER_HOUR


def confirm_must_wait(login: str) -> bool:
    """Whether the officer has failed too often to confirm an act."""
    return _must_wait(login, SIGNATURE, True, now())


def failed(login: str, place: str) -> None:
    """Count a failure of a request that changes nothing else."""
    _begun(login, place)

"""Slows down guessing: by login and place, never so that strangers keep an officer out of his own device."""

from __future__ import annotations

import logging
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
log = logging.getLogger(__name__)


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


def counted(
    login: str, place: str, known: bool, passes: Callable[[], T | None], way: str, account: int | None
) -> T | None:
    """Let one attempt be made; it counts as a failure from its beginning, so that many at once are no way round.

    The attempt is written before it is looked at and apart from it: the work of a hash holds no lock.

    Args:
        way, account: what was given, and the officer's id where he is known; the log of failures names both.

    Raises:
        TooMany: the login must wait at this place; nothing was looked at.
    """
    if _must_wait(login, place, known, now()):
        raise _held_up(way, account)
    number = _begun(login, place)
    if _must_wait(login, place, known, now(), before=number):
        raise _held_up(way, account)
    found = passes()
    if found is None:
        log.warning("authentication failed", extra={"way": way, "account": account})
    else:
        session().rollback()
        with writing():
            guesses.forgive(number)
            session().commit()
    return found


def _held_up(way: str, account: int | None) -> TooMany:
    log.warning("authentication held up", extra={"way": way, "account": account})
    return TooMany()


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


def may_confirm(login: str, way: str, account: int | None) -> None:
    """Refuse an officer who has failed too often to confirm an act.

    Raises:
        TooMany: he must wait.
    """
    if _must_wait(login, SIGNATURE, True, now()):
        raise _held_up(way, account)


def failed(login: str, way: str, account: int | None) -> None:
    """Count a failure to confirm an act, in a request that changes nothing else."""
    log.warning("authentication failed", extra={"way": way, "account": account})
    _begun(login, SIGNATURE)

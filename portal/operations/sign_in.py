"""Checks who signs in, and slows down guessing."""

from __future__ import annotations

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.models import SignInFailure
from portal.store import officers
from portal.store.engine import writing
from portal.store.session import session
from portal.workflow.clock import now

#: 60 ms on two cores; the library's default would let a storm of sign-ins block both.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
#: A hash of no password: an unknown login costs as much time as a known one.
_NOBODY = HASHER.hash("nobody's password")

WINDOW = timedelta(minutes=15)
#: Failures from one address within the window after which it must wait: for one login, and in all.
PER_LOGIN, PER_ADDRESS = 5, 30


class TooMany(Exception):
    """Too many failures: wait a quarter of an hour."""


def check(login: str, password: str, address: str) -> int | None:
    """The officer's id when login and password match, else None; a failure is counted at once.

    Raises:
        TooMany: this address has failed too often; the password was not even looked at.
    """
    mine, all_of_them = officers.failures_since(login, address, now() - WINDOW)
    if mine >= PER_LOGIN or all_of_them >= PER_ADDRESS:
        raise TooMany
    found = officers.credentials(login)
    if matches(found[1] if found else _NOBODY, password) and found:
        return found[0]
    _count_failure(login, address)
    return None


def matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def confirms(login: str, password: str) -> bool:
    """True when the officer's password was typed again, as every signature asks."""
    found = officers.credentials(login)
    return found is not None and matches(found[1], password)


def _count_failure(login: str, address: str) -> None:
    """A failure stays counted although its request changes nothing else."""
    session().rollback()
    with writing():
        session().add(SignInFailure(login=login[:80], address=address[:60], at=now()))
        session().commit()

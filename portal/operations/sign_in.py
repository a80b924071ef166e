"""Checks who signs in, and slows down guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.models import SignInFailure
from portal.operations import break_glass
from portal.store import audit, officers
from portal.store.engine import writing
from portal.store.session import acting, session
from portal.workflow.clock import now

#: 60 ms on two cores; the library's default would let a storm of sign-ins block both.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
#: For passwords that the portal draws: nobody guesses one of 79 bits, however quick the guess.
FIRST_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
#: A hash of no password: an unknown login costs as much time as a known one.
_NOBODY = HASHER.hash("nobody's password")

WINDOW = timedelta(minutes=15)
#: Failures of one login at one address within the window after which it must wait.
PER_LOGIN = 5
#: Logins that failed at one address within the window, after which one failure of each is enough to make it wait.
PER_ADDRESS = 30
#: Stands for the address of failures to confirm a signature: they are counted by officer, apart from sign-ins.
SIGNATURE = "signature"


class TooMany(Exception):
    """Too many failures: wait a quarter of an hour."""


def check(login: str, password: str, address: str) -> int | None:
    """The officer's id when login and password match, else None; a failure is counted at once.

    A login that has not failed is never refused, whoever else fails at its address: a proxy or an office has many.
    The password is looked at before anything is written, so that the work of the hash holds no lock.

    Raises:
        TooMany: the login has failed too often at this address; the password was not even looked at.
    """
    mine, logins = officers.failures_since(login, address, now() - WINDOW)
    if mine >= PER_LOGIN or (mine and logins >= PER_ADDRESS):
        raise TooMany
    return _matching(login, password, address, opens=break_glass.opens)


def _matching(
    login: str, password: str, address: str, opens: Callable[[int], bool] = lambda officer_id: True
) -> int | None:
    """The officer's id when the password matches, and it opens anything for him."""
    found = officers.credentials(login)
    if found and HASHER.check_needs_rehash(found[1]):
        matches(_NOBODY, password)  # a quick hash shall not tell, by its time, which accounts are new
    if matches(found[1] if found else _NOBODY, password) and found and opens(found[0]):
        return found[0]
    _count_failure(login, address)
    return None


def matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def confirms(login: str, password: str) -> bool:
    """True when the officer's own password was typed again, as every signature asks; a failure is counted.

    Raises:
        TooMany: it failed too often, from whichever address.
    """
    if officers.failures_since(login, SIGNATURE, now() - WINDOW)[0] >= PER_LOGIN:
        raise TooMany
    return _matching(login, password, SIGNATURE) is not None


def note(officer_id: int, action: str, address: str) -> None:
    """Put a sign-in or sign-out into the trail of the authority that keeps the account."""
    name, path = officers.home(officer_id)
    with acting(path, action) as opened:
        opened.info["who"] = audit.Who(officer_id, name, path, action)
        audit.tell(opened, path, f"officer:{officer_id}", {"address": address})


def _count_failure(login: str, address: str) -> None:
    """A failure stays counted although its request changes nothing else."""
    session().rollback()
    with writing():
        session().add(SignInFailure(login=login[:80], address=address[:60], at=now()))
        session().commit()

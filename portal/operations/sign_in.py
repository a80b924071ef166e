"""Checks who signs in or confirms, begins and ends sessions, and keeps all that in the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from portal.operations import break_glass, guessing
from portal.operations.guessing import TooMany, Visitor
from portal.store import audit, officers, sessions
from portal.store.engine import writing_in_passing
from portal.store.session import acting, session
from portal.store.sessions import Open
from portal.workflow.clock import now

__all__ = [
    "TooMany", "Visitor", "begin", "check", "confirms", "end", "may_go_on", "prove", "proven_until", "see", "spend",
]  # fmt: skip

#: 60 ms on two cores; the library's default would let a storm of sign-ins block both.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
#: For passwords that the portal draws: nobody guesses one of 79 bits, however quick the guess.
FIRST_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
#: A hash of no password: an unknown login costs as much time as a known one.
_NOBODY = HASHER.hash("nobody's password")

#: How an officer enters whom the provider of single sign-on proves.
BY_SERVICE = "single_sign_on.enter"
#: How long it stands for an act that he proved himself there anew.
PROOF = timedelta(minutes=10)

#: The last-seen moment of a session is noted ten times in the span after which an idle one ends, and no oftener.
SEEN_TIMES = 10


class Lapsed(Exception):
    """A first password was not used within the days for which it holds."""


def check(login: str, password: str, address: str, device: str = "") -> int | None:
    """The officer's id when login and password match, else None; a failure is counted.

    A login that has not failed at a place is not refused there for what others do, unless a storm of guesses at
    it is under way and neither its device nor its address is known (docs/decisions/0013).

    Raises:
        TooMany: the login must wait; the password was not even looked at.
        Lapsed: it is a first password that was not used in time.
    """
    found = officers.credentials(login)
    account = found[0] if found else None
    place, known = Visitor(address, device).place(account)
    return guessing.counted(
        login, place, known, lambda: _matching(found, password, opens=_opens), "password", account
    )


def _opens(officer_id: int) -> bool:
    """Whether a right password lets its officer in.

    Raises:
        Lapsed: somebody else gave it to him too many days ago.
    """
    given = officers.first_password_at(officer_id)
    days = current_app.config["ENVIRONMENT"].first_password_days
    if given is not None and given <= now() - timedelta(days=days):
        raise Lapsed
    return break_glass.opens(officer_id)


def _matching(
    found: tuple[int, str] | None, password: str, opens: Callable[[int], bool] = lambda officer_id: True
) -> int | None:
    """The officer's id when the password matches, and it opens anything for him."""
    if found and HASHER.check_needs_rehash(found[1]):
        matches(_NOBODY, password)  # a quick hash shall not tell, by its time, which accounts are new
    fits = matches(found[1] if found else _NOBODY, password)
    return found[0] if found and fits and opens(found[0]) else None


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
    found = officers.credentials(login)
    account = found[0] if found else None
    guessing.may_confirm(login, "password again", account)
    if _matching(found, password) is not None:
        return True
    guessing.failed(login, "password again", account)
    return False


def prove(officer_id: int, session_id: int, page: str, address: str) -> None:
    """Note that the provider proved the officer of a session anew, for the act of one page; his trail tells it."""
    name, path = officers.home(officer_id)
    with acting(path, "single_sign_on.prove") as opened:
        opened.info["who"] = audit.Who(officer_id, name, path, "single_sign_on.prove", address)
        sessions.prove(session_id, page, now())
        audit.tell(opened, path, f"officer:{officer_id}", {"address": address, "page": page})


def proven_until(found: Open, page: str) -> datetime | None:
    """Until when the officer of a session may do the act of a page; None when he must prove himself (anew)."""
    if found.proven_at is None or found.proven_for != page or found.proven_at <= now() - PROOF:
        return None
    return found.proven_at + PROOF


def spend(session_id: int, page: str) -> bool:
    """Use up the proof for the act of a page, with the act: when that fails, the proof stands again."""
    return sessions.spend(session_id, page, now() - PROOF)


def begin(officer_id: int, token: str, visitor: Visitor, browser: str, action: str = "sign_in.enter") -> None:
    """Begin a session, and put it into the trail of the authority that keeps the account.

    Args:
        action: names the way in which the officer entered.
    """
    name, path = officers.home(officer_id)
    with acting(path, action) as opened:
        opened.info["who"] = audit.Who(officer_id, name, path, action, visitor.address)
        by_service = action == BY_SERVICE
        sessions.add(
            officer_id, token, visitor.device, visitor.address, browser, now(), by_service=by_service
        )
        audit.tell(opened, path, f"officer:{officer_id}", {"address": visitor.address})


def end(officer_id: int, session_id: int, address: str) -> None:
    """End a session because its officer leaves."""
    name, path = officers.home(officer_id)
    with acting(path, "sign_in.leave") as opened:
        opened.info["who"] = audit.Who(officer_id, name, path, "sign_in.leave", address)
        sessions.end(officer_id, "left", now(), only=session_id)
        audit.tell(opened, path, f"officer:{officer_id}", {"address": address})


def limits() -> tuple[timedelta, timedelta]:
    """How long a session lasts without a request, and how long in all."""
    environment = current_app.config["ENVIRONMENT"]
    return timedelta(minutes=environment.idle_minutes), timedelta(hours=environment.session_hours)


def may_go_on(found: Open) -> bool:
    """Whether the time of a session has not run out."""
    idle, whole = limits()
    return now() - found.last_seen_at < idle and now() - found.begun_at < whole


def see(found: Open) -> None:
    """Note that the officer is here, now and then, in a transaction of its own for which no page has to wait.

    Raises:
        OperationalError: others were writing; the next request will note it.
    """
    idle, _ = limits()
    if now() - found.last_seen_at < idle / SEEN_TIMES:
        return
    with current_app.app_context(), writing_in_passing():
        sessions.see(found.id, now())
        session().commit()

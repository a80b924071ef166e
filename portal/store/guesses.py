"""Failed attempts to sign in or to confirm, counted; they belong to no tenant, since the login may be nobody's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from portal.models import SignInFailure
from portal.store.gateway import raw
from portal.store.session import session

_WHY = "failures belong to no tenant"
#: Places that are no address of a visitor.
_OWN_PLACES = ("device:%", "factor%", "signature")


def add(login: str, place: str, at: datetime) -> int:
    """Count an attempt; its number, by which it may be forgiven."""
    row = SignInFailure(login=login[:80], address=place[:60], at=at)
    session().add(row)
    session().flush()
    return row.id


def forgive(number: int) -> None:
    """The attempt was none to guess: failures before it at its place count no more."""
    changed = update(SignInFailure).where(SignInFailure.id == number).values(forgiven=True)
    session().execute(raw(changed.execution_options(synchronize_session=False), _WHY))


def since_success(
    login: str, place: str, since: datetime, before: int | None = None
) -> tuple[int, datetime | None]:
    """Failures of a login at a place since a moment and since it last succeeded there, and when the last was."""
    here = (SignInFailure.login == login[:80], SignInFailure.address == place, SignInFailure.at >= since)
    success = select(func.coalesce(func.max(SignInFailure.id), 0)).where(*here, SignInFailure.forgiven)
    asked = select(func.count(), func.max(SignInFailure.at)).where(
        *here,
        SignInFailure.forgiven.is_(False),
        SignInFailure.id > success.scalar_subquery(),
        *_earlier(before),
    )
    failures, last = session().execute(raw(asked, _WHY)).one()
    return failures, last


def failures_since(login: str, place: str, since: datetime, before: int | None = None) -> tuple[int, int]:
    """What failed at a place since a moment: how often this login, and how many logins in all."""
    asked = select(
        func.count().filter(SignInFailure.login == login[:80]),
        func.count(SignInFailure.login.distinct()),
    ).where(
        SignInFailure.address == place,
        SignInFailure.at >= since,
        SignInFailure.forgiven.is_(False),
        *_earlier(before),
    )
    mine, logins = session().execute(raw(asked, _WHY)).one()
    return mine, logins


def everywhere(login: str, since: datetime, before: int | None = None) -> int:
    """How often a login failed since a moment at addresses, whichever they are."""
    asked = select(func.count()).where(
        SignInFailure.login == login[:80],
        SignInFailure.at >= since,
        SignInFailure.forgiven.is_(False),
        *(SignInFailure.address.not_like(place) for place in _OWN_PLACES),
        *_earlier(before),
    )
    return session().scalar(raw(asked, _WHY)) or 0


def _earlier(before: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if before is None else (SignInFailure.id < before,)

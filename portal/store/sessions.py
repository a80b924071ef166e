"""The sessions of officers: begun, seen, ended; they belong to no tenant, and each officer asks for his own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update

from portal.models import OfficerSession
from portal.store.gateway import raw
from portal.store.session import session

_WHY = "sessions belong to no tenant"
#: Beyond this, a device or an address at which an officer signed in is a stranger again.
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True)
class Open:
    """One session, as its own officer sees it."""

    id: int
    officer_id: int
    address: str
    browser: str
    begun_at: datetime
    last_seen_at: datetime
    by_service: bool = False
    proven_for: str = ""
    proven_at: datetime | None = None


#: What of a session is shown, in the order of `Open`.
COLUMNS = (
    OfficerSession.id,
    OfficerSession.officer_id,
    OfficerSession.address,
    OfficerSession.browser,
    OfficerSession.begun_at,
    OfficerSession.last_seen_at,
    OfficerSession.by_service,
    OfficerSession.proven_for,
    OfficerSession.proven_at,
)


def hashed(token: str) -> str:
    """What the database keeps of a token that only the browser knows."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def going_on(token_hash: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """The session of a token that has not been ended."""
    return OfficerSession.token_hash == token_hash, OfficerSession.ended_at.is_(None)


def officer_of(token: str) -> int | None:
    """Whose session it is or was, ended or not."""
    asked = select(OfficerSession.officer_id).where(OfficerSession.token_hash == hashed(token))
    return session().scalar(raw(asked, _WHY))


def add(
    officer_id: int,
    token: str,
    device: str,
    address: str,
    browser: str,
    at: datetime,
    *,
    by_service: bool = False,
) -> None:
    session().add(
        OfficerSession(
            token_hash=hashed(token),
            officer_id=officer_id,
            device=hashed(device),
            address=address[:60],
            browser=browser[:200],
            begun_at=at,
            last_seen_at=at,
            by_service=by_service,
        )
    )


def see(session_id: int, at: datetime) -> None:
    """Note that the officer was here."""
    _change(OfficerSession.id == session_id, last_seen_at=at)


def end(officer_id: int, why: str, at: datetime, *, only: int | None = None, but: int | None = None) -> int:
    """End sessions of an officer that have not ended: all, one of them, or all but one; how many they were."""
    which = [OfficerSession.officer_id == officer_id, OfficerSession.ended_at.is_(None)]
    if only is not None:
        which.append(OfficerSession.id == only)
    if but is not None:
        which.append(OfficerSession.id != but)
    return _change(*which, ended_at=at, ended_why=why)


def renew(session_id: int, token: str) -> None:
    """Let a session go on under another token."""
    _change(OfficerSession.id == session_id, token_hash=hashed(token))


def prove(session_id: int, page: str, at: datetime) -> None:
    """Note that the officer proved himself anew, for the act of one page alone."""
    _change(OfficerSession.id == session_id, proven_for=page, proven_at=at)


def spend(session_id: int, page: str, since: datetime) -> bool:
    """Use up a proof for the act of a page; False when there is none since that moment, or another used it."""
    fits = OfficerSession.proven_for == page, OfficerSession.proven_at > since
    return bool(_change(OfficerSession.id == session_id, *fits, proven_for="", proven_at=None))


def _change(*which: ColumnElement[bool], **values: object) -> int:
    changed = update(OfficerSession).where(*which).values(**values)
    done = session().execute(raw(changed.execution_options(synchronize_session=False), _WHY))
    return int(done.rowcount)  # type: ignore[attr-defined]  # an update counts its rows


def of(officer_id: int, seen_since: datetime, begun_since: datetime) -> list[Open]:
    """The sessions of an officer that may go on, the one seen last first."""
    asked = select(*COLUMNS).where(
        OfficerSession.officer_id == officer_id,
        OfficerSession.ended_at.is_(None),
        OfficerSession.last_seen_at > seen_since,
        OfficerSession.begun_at > begun_since,
    )
    ordered = asked.order_by(OfficerSession.last_seen_at.desc(), OfficerSession.id.desc())
    return [Open(*row) for row in session().execute(raw(ordered, _WHY))]


def any_of(officer_id: int) -> bool:
    """Whether the officer has ever signed in."""
    asked = select(OfficerSession.id).where(OfficerSession.officer_id == officer_id).limit(1)
    return session().scalar(raw(asked, _WHY)) is not None


def knows(officer_id: int, device: str, address: str, at: datetime) -> tuple[bool, bool]:
    """Whether the officer has signed in lately with this device, and whether from this address."""
    mine = OfficerSession.officer_id == officer_id, OfficerSession.begun_at > at - REMEMBERED
    here = OfficerSession.device == hashed(device), OfficerSession.address == address[:60]
    asked = select(func.count().filter(here[0]), func.count().filter(here[1])).where(*mine, or_(*here))
    by_device, by_address = session().execute(raw(asked, _WHY)).one()
    return bool(device and by_device), bool(by_address)

"""The lease by which one process at a time runs the timetable (design §6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import case, func, or_, select, update

from portal.extensions import db
from portal.models import Lease
from portal.store.gateway import raw
from portal.store.session import session
from portal.workflow.clock import now

#: The lease of the process that runs the timetable.
SCHEDULER = "scheduler"
_WHY = "the lease belongs to no tenant"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def database_now() -> datetime:
    """The time on the database's clock, which all holders share; a SQLite file has the clock of its machine."""
    if db.engine.dialect.name == "sqlite":
        return now()
    moment: datetime = session().execute(raw(select(func.clock_timestamp()), _WHY)).scalar_one()
    return moment


def lay(name: str) -> None:
    """Make the row of a lease, free, where there is none."""
    if session().scalar(raw(select(Lease.name).where(Lease.name == name), _WHY)) is None:
        session().add(Lease(name=name, expires_at=_LONG_AGO))


def take(name: str, holder: str, ttl: timedelta) -> int | None:
    """Take the lease or prolong it: its epoch, or None while another holds it. The epoch grows with each holder."""
    at = database_now()
    mine = Lease.holder == holder
    taken = session().execute(
        raw(
            update(Lease)
            .where(Lease.name == name, or_(mine, Lease.expires_at < at))
            .values(
                holder=holder, expires_at=at + ttl, epoch=case((mine, Lease.epoch), else_=Lease.epoch + 1)
            )
            .returning(Lease.epoch)
            .execution_options(synchronize_session=False),
            _WHY,
        )
    )
    return taken.scalar_one_or_none()


def holds(name: str, holder: str, epoch: int) -> bool:
    """Whether the lease is still the holder's, in the epoch in which he took it."""
    asked = select(Lease.epoch).where(
        Lease.name == name,
        Lease.holder == holder,
        Lease.epoch == epoch,
        Lease.expires_at > database_now(),
    )
    return session().scalar(raw(asked, _WHY)) is not None


def release(name: str, holder: str) -> None:
    """Give the lease back at once, so that another need not wait for its end."""
    session().execute(
        raw(
            update(Lease)
            .where(Lease.name == name, Lease.holder == holder)
            .values(expires_at=_LONG_AGO)
            .execution_options(synchronize_session=False),
            _WHY,
        )
    )


def free_for(name: str) -> timedelta | None:
    """How long nobody has held a lease; None while it is held. One never held, or given back, counts from long ago."""
    expires = session().scalar(raw(select(Lease.expires_at).where(Lease.name == name), _WHY)) or _LONG_AGO
    age = database_now() - expires
    return age if age > timedelta(0) else None

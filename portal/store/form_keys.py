"""One-time form keys: a retry after a lost answer does nothing twice (design §7)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.models import SpentKey
from portal.store.gateway import raw
from portal.store.session import session
from portal.workflow.clock import now


def take(key: str, officer_id: int) -> bool:
    """Take a key within this transaction; False when it was spent before (a rival's commit is waited for)."""
    session().add(SpentKey(key=key, officer_id=officer_id, location="", at=now()))
    try:
        session().flush()
    except IntegrityError:
        return False
    return True


def spend(key: str, location: str) -> None:
    """Remember where the answer is; committed together with the act."""
    taken = session().get(SpentKey, key, execution_options={"raw_because": "keys belong to no tenant"})
    if taken is not None:
        taken.location = location[:400]


def location(key: str, officer_id: int) -> str | None:
    """Where the answer to a spent key is; None when another officer spent it."""
    asked = select(SpentKey.location).where(SpentKey.key == key, SpentKey.officer_id == officer_id)
    return session().scalar(raw(asked, "keys belong to no tenant"))

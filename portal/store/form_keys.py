"""One-time form keys: a retry after a lost answer does nothing twice (design §7)."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.models import SpentKey
from portal.store.gateway import raw
from portal.store.session import session
from portal.workflow.clock import now

_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST = 400


def is_key(text: str) -> bool:
    """Whether a text has the form of a key; no other is looked for in the database."""
    return bool(_FORM.fullmatch(text))


def take(key: str, officer_id: int, path: str) -> bool:
    """Take a key for an address within this transaction; False when it was spent before, after waiting for a rival."""
    session().add(SpentKey(key=key, officer_id=officer_id, path=path[:_LONGEST], location="", at=now()))
    try:
        session().flush()
    except IntegrityError:
        return False
    return True


def spend(key: str, location: str) -> None:
    """Remember where the answer is; committed together with the act."""
    taken = session().get(SpentKey, key, execution_options={"raw_because": "keys belong to no tenant"})
    if taken is not None:
        taken.location = location[:_LONGEST]


def location(key: str, officer_id: int, path: str) -> str | None:
    """Where the answer to a spent key is; None when another officer spent it, or another form did."""
    asked = select(SpentKey.location).where(
        SpentKey.key == key, SpentKey.officer_id == officer_id, SpentKey.path == path[:_LONGEST]
    )
    return session().scalar(raw(asked, "keys belong to no tenant"))

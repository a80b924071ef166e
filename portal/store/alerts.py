"""Alerts as their addressee sees them."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.models import Alert
from portal.store.session import session


def waiting(officer_id: int) -> int:
    """How many alerts the officer has not acknowledged."""
    asked = select(func.count(Alert.id)).where(
        Alert.officer_id == officer_id, Alert.acknowledged_at.is_(None)
    )
    return session().scalar(asked) or 0

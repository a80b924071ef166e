"""Figures about the whole portal for those who watch it run: counts over all tenants, and nothing of their rows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from portal.models import OutboxMessage, Stage
from portal.store import lease
from portal.store.gateway import unscoped
from portal.store.session import session
from portal.workflow.clock import now

_WHY = "a count over all tenants, for the operator"


def state() -> Mapping[str, float]:
    """Open stages overdue, messages waiting and failed, and for how many seconds the scheduler has stood still."""
    overdue = select(func.count(Stage.id)).where(Stage.left_at.is_(None), Stage.due_at < now())
    unsent = select(
        func.count(OutboxMessage.id), func.count(OutboxMessage.id).filter(OutboxMessage.attempts > 0)
    ).where(OutboxMessage.sent_at.is_(None))
    waiting, failed = session().execute(unscoped(unsent, _WHY)).one()
    still = lease.free_for(lease.SCHEDULER)
    return {
        "overdue": session().scalar(unscoped(overdue, _WHY)) or 0,
        "waiting": waiting,
        "failed": failed,
        "scheduler_still": still.total_seconds() if still else 0.0,
    }

"""Alerts as their addressee sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from portal.models import Alert, Document, Stage
from portal.store.session import session


@dataclass(frozen=True)
class Told:
    """One alert with what it is about.

    Attributes:
        step: name of the step (`portal.workflow.alerts`, or the announced end of a profile).
        limit: name of the limit, empty for the announced end.
        due_at: when the limit ends, None for the announced end.
        closed: whether the stage has been left since.
    """

    id: int
    step: str
    limit: str
    raised_at: datetime
    acknowledged_at: datetime | None
    due_at: datetime | None
    closed: bool
    document: str
    document_id: int
    number: str
    title: str


#: Asked with every page, so made once.
_WAITING = select(func.count(Alert.id)).where(
    Alert.officer_id == bindparam("officer"), Alert.acknowledged_at.is_(None)
)


def waiting(officer_id: int) -> int:
    """How many alerts the officer has not acknowledged."""
    return session().scalar(_WAITING, {"officer": officer_id}) or 0


def told(officer_id: int, most: int, *, acknowledged: bool = False, before: int | None = None) -> list[Told]:
    """The officer's alerts, the newest first.

    Args:
        before: id of the last alert of the page before this one.
    """
    done = Alert.acknowledged_at.is_not(None) if acknowledged else Alert.acknowledged_at.is_(None)
    asked = (
        select(
            Alert.id,
            Alert.step_name,
            func.coalesce(Stage.limit_name, ""),
            Alert.raised_at,
            Alert.acknowledged_at,
            Stage.due_at,
            Stage.left_at.is_not(None),
            Document.document,
            Document.id,
            func.coalesce(Document.number, ""),
            Document.title,
        )
        .join(Document, Document.id == Alert.document_id)
        .outerjoin(Stage, Stage.id == Alert.stage_id)
        .where(Alert.officer_id == officer_id, done)
        .order_by(Alert.id.desc())
        .limit(most)
    )
    if before is not None:
        asked = asked.where(Alert.id < before)
    return [Told(*row) for row in session().execute(asked)]


def unacknowledged(officer_id: int, alert_id: int | None = None) -> list[Alert]:
    """The rows of an officer's open alerts: one, or all of them."""
    asked = select(Alert).where(Alert.officer_id == officer_id, Alert.acknowledged_at.is_(None))
    if alert_id is not None:
        asked = asked.where(Alert.id == alert_id)
    return list(session().scalars(asked.order_by(Alert.id)))


def exists(officer_id: int, alert_id: int) -> bool:
    asked = select(Alert.id).where(Alert.id == alert_id, Alert.officer_id == officer_id)
    return session().scalar(asked) is not None


def due_stages(at: datetime) -> list[int]:
    """Ids of the stages in scope whose next alert is due, the longest due first."""
    asked = select(Stage.id).where(Stage.left_at.is_(None), Stage.next_alert_at <= at)
    return list(session().scalars(asked.order_by(Stage.next_alert_at, Stage.id)))


def told_of(stage_id: int, step: int) -> frozenset[int]:
    """Ids of the officers told of a step of a stage already."""
    asked = select(Alert.officer_id).where(Alert.stage_id == stage_id, Alert.step == step)
    return frozenset(session().scalars(asked))

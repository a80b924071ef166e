"""Tells the officers concerned when a limit comes near, ends, or has passed (procedure §8)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.models import Alert, Document, Stage
from portal.operations import mail, stages
from portal.store import alerts, authorities, officers
from portal.store.documents import places
from portal.store.officers import Addressee
from portal.store.session import acting, session
from portal.workflow.alerts import AlertStep, missed, next_step
from portal.workflow.calendar import WorkingCalendar
from portal.workflow.stages import in_profile, seats_of

ACTION = "deadlines.sweep"
log = logging.getLogger(__name__)


@dataclass
class Swept:
    """What a sweep did: stages whose step was taken, alerts raised, rows that failed and stay due."""

    stages: int = 0
    alerts: int = 0
    failed: int = 0

    def add(self, other: Swept) -> None:
        self.stages += other.stages
        self.alerts += other.alerts
        self.failed += other.failed


def sweep(at: datetime) -> Swept:
    """Raise every alert that is due at `at`, state by state, each stage in a transaction of its own.

    It looks at what is due and not at what time it is, so a standstill delays alerts and loses none; what
    another sweep has taken meanwhile is passed over.
    """
    swept = Swept()
    for state in authorities.states():
        with acting(state.path, ACTION, writes=False):
            due = alerts.due_stages(at)
        for stage_id in due:
            swept.add(_sweep_safely(state.path, stage_id, at))
    return swept


def _sweep_safely(path: str, stage_id: int, at: datetime) -> Swept:
    """One stage; a fault is logged and leaves the row due, to be tried again by the next sweep."""
    try:
        with acting(path, ACTION):
            raised = _raise(stage_id, at)
    except Exception:
        log.exception("stage %s could not be swept and stays due", stage_id)
        return Swept(failed=1)
    return Swept() if raised is None else Swept(stages=1, alerts=raised)


def _raise(stage_id: int, at: datetime) -> int | None:
    """Take the stage's steps that are due and tell the addressees; None when there was nothing to take."""
    stage = session().get(Stage, stage_id)
    if stage is not None:  # the document before its rows, as every act takes them: no two wait for each other
        session().execute(
            select(Document.id).where(Document.id == stage.document_id).with_for_update(read=True)
        )
        session().refresh(stage)
    if stage is None or stage.started_at is None or stage.due_at is None:
        return None
    counting = stages.calendar_at(stage.clock_path)
    steps = missed(stage.alerts_done, at, stage.started_at, stage.due_at, counting)
    done = steps[-1][0] + 1 if steps else stage.alerts_done  # without steps the calendar has moved them on
    if not _take(stage, done, counting) or not steps:
        return None
    today = counting.local(at).date()
    told = 0
    for place, step in steps:
        late = step.moment >= stage.due_at
        addressees = officers.holders(seats(stage, late=late), places(stage.document), today)
        told += _tell(stage, place, step, addressees, at)
    return told


def _take(stage: Stage, done: int, counting: WorkingCalendar) -> bool:
    """Move the stage on to its next step, unless it was left or another sweep was quicker."""
    if stage.started_at is None or stage.due_at is None:
        return False
    following = next_step(done, stage.started_at, stage.due_at, counting).moment
    taken = session().execute(
        update(Stage)
        .where(Stage.id == stage.id, Stage.alerts_done == stage.alerts_done, Stage.left_at.is_(None))
        .values(alerts_done=done, next_alert_at=following)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def seats(stage: Stage, *, late: bool) -> tuple[str, ...]:
    """The seats told of a stage's step: the responsible one, and the others of the table once it is late."""
    document = stage.document
    responsible, besides = seats_of(stage.limit_name, document.executor_id is not None)
    named = (responsible, *besides) if late else (responsible,)
    return tuple(in_profile(seat) for seat in named) if document.document == "profile" else named


def _tell(stage: Stage, place: int, step: AlertStep, addressees: Iterable[Addressee], at: datetime) -> int:
    known = alerts.told_of(stage.id, place)
    fresh = [addressee for addressee in addressees if addressee.id not in known]
    for addressee in fresh:
        raise_alert(stage, place, step.name, addressee, at)
    if not known and not fresh:
        log.warning("stage %s: nobody fills the seats to be told of %s", stage.id, step.name)
    return len(fresh)


def raise_alert(stage: Stage, place: int, name: str, addressee: Addressee, at: datetime) -> None:
    """Put an alert on the addressee's desk and a mail into the outbox; unique per stage, step and addressee."""
    document = stage.document
    session().add(
        Alert(
            stage_id=stage.id,
            document_id=document.id,
            authority_path=document.authority_path,
            officer_id=addressee.id,
            step=place,
            step_name=name,
            raised_at=at,
        )
    )
    mail.put_alert(stage, place, name, addressee, at)

"""Enters and leaves the stages of a document; due times are computed once, here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.models import Document, Stage
from portal.store import authorities, calendars
from portal.store.documents import places
from portal.store.session import session
from portal.store.surroundings import surroundings
from portal.workflow.alerts import next_step
from portal.workflow.calendar import WorkingCalendar
from portal.workflow.clocks import LIMITS, due
from portal.workflow.seats import SEATS
from portal.workflow.stages import in_profile, limit_in, seats_of
from portal.workflow.statuses import MEANINGS, status_of


def open_stage(document_id: int, *, lock: bool = False) -> Stage | None:
    """The present stage of a document; None when it has ended."""
    asked = select(Stage).where(Stage.document_id == document_id, Stage.left_at.is_(None))
    if lock:
        asked = asked.with_for_update(of=Stage).execution_options(populate_existing=True)
    return session().scalars(asked).one_or_none()


def enter(document: Document, at: datetime) -> Stage | None:
    """Leave the present stage for that of the document's status; a limit that goes on keeps its due time.

    The stage is locked while it is left, so that the count of its alerts, which goes on, is the last one.
    """
    before = open_stage(document.id, lock=True)
    if before is not None:
        before.left_at = at
        session().flush()
    status = status_of(document.document, document.status)
    if MEANINGS[status].final:
        return None
    stage = Stage(
        document_id=document.id, authority_path=document.authority_path, status=document.status, entered_at=at
    )
    stage.limit_name = limit_in(status, document.kind, document.number is not None)
    if before is not None and stage.limit_name and stage.limit_name == before.limit_name:
        _go_on(stage, before)
    elif stage.limit_name:
        _start(stage, document, at)
    session().add(stage)
    return stage


def _go_on(stage: Stage, before: Stage) -> None:
    stage.clock_path, stage.started_at = before.clock_path, before.started_at
    stage.due_at, stage.next_alert_at, stage.alerts_done = (
        before.due_at,
        before.next_alert_at,
        before.alerts_done,
    )


def _start(stage: Stage, document: Document, at: datetime) -> None:
    stage.clock_path = responsible_path(document, stage.limit_name)
    counting = calendar_at(stage.clock_path)
    counted = due(LIMITS[stage.limit_name], at, counting)
    stage.started_at, stage.due_at = counted.runs_from, counted.due_at
    stage.next_alert_at = next_step(0, counted.runs_from, counted.due_at, counting).moment


def responsible_path(document: Document, limit_name: str) -> str:
    """Path of the authority whose calendar and clocks count: that of the responsible seat."""
    seat, _ = seats_of(limit_name, document.executor_id is not None)
    where = places(document)
    named = SEATS[in_profile(seat) if document.document == "profile" else seat]
    return {"origin": where.origin, "centre": where.centre, "rtu": where.rtu}[named.place] or where.origin


def calendar_at(path: str) -> WorkingCalendar:
    """The calendar of the state of an authority, on the clocks of that authority."""
    place = authorities.by_path(path)
    if place is None:  # the centre, seen from beneath, is in scope as an ancestor; so this is a fault of data
        raise LookupError(f"no authority at {path}")
    return calendars.calendar(surroundings(path).state, place.zone)

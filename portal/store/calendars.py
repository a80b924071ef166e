"""The working calendar of each state, as its table of days stands now."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from portal.models import CalendarDay
from portal.store.calendar_seed import SEEDED_YEARS, SeedDay, calendar_of, seed, seeded_calendar
from portal.store.gateway import raw
from portal.store.session import session
from portal.workflow.calendar import WorkingCalendar

_PUBLIC = "calendars are public and of no tenant"


def calendar(state: str, zone: str | None = None) -> WorkingCalendar:
    """The calendar of a state, its working day read on the clocks of `zone` (by default its capital's).

    The days are read once in a session.

    Raises:
        ValueError: the state has no calendar.
    """
    known: dict[str, WorkingCalendar] = session().info.setdefault("calendars", {})
    if state not in known:
        rows = _days(state)
        known[state] = calendar_of(state, rows, {row.date.year for row in rows})
    return replace(known[state], zone=zone) if zone else known[state]


def calendar_or_seed(state: str) -> WorkingCalendar:
    """The calendar of a state; its published seed where the table is absent, empty or out of reach.

    Raises:
        ValueError: the state has no calendar.
    """
    try:
        if _days(state):
            return calendar(state)
    except SQLAlchemyError:
        session().rollback()
    return seeded_calendar(state)


def _days(state: str) -> list[SeedDay]:
    asked = select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name, CalendarDay.decree_known).where(
        CalendarDay.state == state
    )
    return [SeedDay(*row) for row in session().execute(raw(asked, _PUBLIC))]


def sow(state: str) -> None:
    """Fill the table of a state that has no days yet from the published calendars."""
    asked = select(func.count(CalendarDay.id)).where(CalendarDay.state == state)
    if session().scalar(raw(asked, _PUBLIC)):
        return
    for row in seed(state, SEEDED_YEARS):
        session().add(
            CalendarDay(
                state=state,
                day=row.date,
                is_working=row.is_working,
                name=row.name,
                decree_known=row.decree_known,
            )
        )

"""The working calendar of each state, as its table of days stands now."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sqlalchemy import func, select

from portal.models import CalendarDay
from portal.store.calendar_seed import SEEDED_YEARS, SeedDay, calendar_of, seed
from portal.store.gateway import raw
from portal.store.session import session
from portal.workflow.calendar import WorkingCalendar

_PUBLIC = "calendars are public and of no tenant"


def calendar(state: str, zone: str | None = None) -> WorkingCalendar:
    """The calendar of a state, its working day read on the clocks of `zone` (by default its capital's).

    Raises:
        ValueError: the state has no calendar.
    """
    asked = select(func.count(CalendarDay.id), func.max(CalendarDay.id)).where(CalendarDay.state == state)
    mark = tuple(session().execute(raw(asked, _PUBLIC)).one())
    found = _read(state, mark)
    return replace(found, zone=zone) if zone else found


@lru_cache(maxsize=32)
def _read(state: str, mark: tuple[int, int]) -> WorkingCalendar:
    """Read the rows anew whenever one was added (`mark`); a changed day is stored as a new row."""
    asked = select(CalendarDay).where(CalendarDay.state == state)
    rows = [
        SeedDay(row.day, row.is_working, row.name, row.decree_known)
        for row in session().scalars(raw(asked, _PUBLIC))
    ]
    years = {row.date.year for row in rows}
    return calendar_of(state, rows, years)


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

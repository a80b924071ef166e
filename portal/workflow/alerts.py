"""The moments at which a running limit is alerted.

Before a limit passes there are up to three steps (procedure §8), each a moment of the responsible authority:

- `half`: half of the working time from the first working moment that counts to the due time has run. An even
  number of days gives the close of the middle day, an odd number the middle of the middle day's hours;
- `day_before`: the hour of the due time on the working day before;
- `expiry`: the due time itself.

A step is left out when it does not fall after the moment from which the limit runs, or not before the step
that follows it; expiry always stays. So 10 days have all three; 2 days have `day_before` and `expiry`; 1 day,
the hour and the same working day have `half` and `expiry`.

After expiry there is one step at the opening of each working day, without end: `overdue_1`, `overdue_2` …
(ours: officers find it in the morning).
"""

from datetime import datetime
from typing import NamedTuple

from portal.workflow.calendar import WorkingCalendar


class AlertStep(NamedTuple):
    """`name` is unique within one limit; `moment` is aware and in the calendar's zone."""

    name: str
    moment: datetime


def steps(runs_from: datetime, due_at: datetime, calendar: WorkingCalendar) -> tuple[AlertStep, ...]:
    """The steps up to and including expiry, strictly ordered in time.

    `runs_from` is `Counted.runs_from`. Raises ValueError when a moment is naive or `due_at` is not after it.
    """
    runs_from, due_at = calendar.local(runs_from), calendar.local(due_at)
    if due_at <= runs_from:
        raise ValueError(f"A limit due at {due_at.isoformat()} cannot run from {runs_from.isoformat()}")
    kept = [AlertStep("expiry", due_at)]
    for step in (AlertStep("day_before", _day_before(due_at, calendar)), _half(runs_from, due_at, calendar)):
        if runs_from < step.moment < kept[0].moment:
            kept.insert(0, step)
    return tuple(kept)


def after_expiry(due_at: datetime, nth: int, calendar: WorkingCalendar) -> datetime:
    """The opening of the `nth` working day after the day of `due_at`.

    Raises ValueError when `nth` is below 1 or `due_at` is naive.
    """
    return calendar.opening(calendar.add_working_days(due_at, nth).counted[-1])


def next_step(done: int, runs_from: datetime, due_at: datetime, calendar: WorkingCalendar) -> AlertStep:
    """The step that follows the first `done` steps; there always is one, until the work is done.

    Raises ValueError when `done` is negative, and as `steps` does.
    """
    if done < 0:
        raise ValueError(f"The number of alerts done cannot be {done}")
    before = steps(runs_from, due_at, calendar)
    if done < len(before):
        return before[done]
    nth = done - len(before) + 1
    return AlertStep(f"overdue_{nth}", after_expiry(due_at, nth, calendar))


def missed(
    done: int, at: datetime, runs_from: datetime, due_at: datetime, calendar: WorkingCalendar
) -> tuple[tuple[int, AlertStep], ...]:
    """The steps to tell at `at` after the first `done`, each with its place in the order, counted from 0.

    After a standstill every step up to expiry is told, late rather than never; of the daily ones after it
    only the latest, since each says all that those before it would have said (ours).

    Raises ValueError as `next_step` does.
    """
    before = steps(runs_from, due_at, calendar)
    told = [(place, step) for place, step in enumerate(before) if place >= done and step.moment <= at]
    today = calendar.local(at).date()
    nth = calendar.working_days_between(calendar.local(due_at).date(), today)
    if calendar.is_working_day(today) and calendar.local(at) < calendar.opening(today):
        nth -= 1
    place = len(before) + nth - 1
    if nth >= 1 and place >= done:
        told.append((place, next_step(place, runs_from, due_at, calendar)))
    return tuple(told)


def _half(runs_from: datetime, due_at: datetime, calendar: WorkingCalendar) -> AlertStep:
    half = calendar.working_time(runs_from, due_at) / 2
    moment = calendar.add_working_time(runs_from, half).due_at if half else due_at
    return AlertStep("half", moment)


def _day_before(due_at: datetime, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(calendar.previous_working_day(due_at.date()), due_at.timetz())

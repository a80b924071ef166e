"""The alert steps of a limit: where they fall, which are left out, and their order."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workflow.alerts import AlertStep, after_expiry, next_step, steps
from portal.workflow.calendar import WorkingCalendar
from portal.workflow.clocks import LIMITS, due

MOSCOW = ZoneInfo("Europe/Moscow")
PLAIN = WorkingCalendar("Europe/Moscow")


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=MOSCOW)


def steps_of(name: str, start: datetime, calendar: WorkingCalendar = PLAIN) -> list[tuple[str, datetime]]:
    counted = due(LIMITS[name], start, calendar)
    return list(steps(counted.runs_from, counted.due_at, calendar))


def test_ten_days_from_monday_4_march() -> None:
    """Counted 5 6 7 8 11 | 12 13 14 15 18: half has run at the close of the fifth day."""
    assert steps_of("rework_central", at(4, 12)) == [
        ("half", at(11, 18)),
        ("day_before", at(15, 18)),
        ("expiry", at(18, 18)),
    ]


def test_five_days_have_their_half_in_the_middle_of_the_third() -> None:
    """From Thu 7 March: 8 11 12 13 14; the middle of 09:00 to 18:00 is 13:30."""
    assert steps_of("rtu_opinion", at(7, 12)) == [
        ("half", at(12, 13, 30)),
        ("day_before", at(13, 18)),
        ("expiry", at(14, 18)),
    ]


def test_two_days_have_half_and_the_day_before_at_one_moment_and_keep_the_later_name() -> None:
    assert steps_of("expedient", at(1, 12)) == [("day_before", at(4, 18)), ("expiry", at(5, 18))]


def test_one_day_has_no_day_before() -> None:
    """Its day before is the evening of the event, when nothing has run yet."""
    assert steps_of("registration_details", at(4, 12)) == [("half", at(5, 13, 30)), ("expiry", at(5, 18))]


@pytest.mark.parametrize(
    ("start", "half", "expiry"),
    [
        (at(4, 10), at(4, 10, 30), at(4, 11)),
        (at(4, 17, 30), at(4, 18), at(5, 9, 30)),
        (at(4, 17, 45), at(5, 9, 15), at(5, 9, 45)),
        (at(2, 12), at(4, 9, 30), at(4, 10)),
    ],
)
def test_the_hour(start: datetime, half: datetime, expiry: datetime) -> None:
    assert steps_of("registration_number", start) == [("half", half), ("expiry", expiry)]


def test_the_same_working_day() -> None:
    assert steps_of("urgent", at(4, 10)) == [("half", at(4, 14)), ("expiry", at(4, 18))]
    assert steps_of("urgent", at(4, 19)) == [("half", at(5, 13, 30)), ("expiry", at(5, 18))]


def test_the_day_before_is_a_working_day() -> None:
    """Fri 8 March off. From Mon 4: 5 6 7 11 12. From Fri 1: 4 5 6 7 11."""
    calendar = WorkingCalendar("Europe/Moscow", days_off=frozenset({date(2024, 3, 8)}))
    names = dict(steps_of("rtu_opinion", at(4, 12), calendar))
    assert names["expiry"] == at(12, 18)
    assert names["day_before"] == at(11, 18)
    names = dict(steps_of("rtu_opinion", at(1, 12), calendar))
    assert names["expiry"] == at(11, 18)
    assert names["day_before"] == at(7, 18)


def test_a_step_at_the_very_start_is_left_out() -> None:
    """Nine hours, one working day, from Mon 10:00: the day before Tue 10:00 is the start itself."""
    assert steps(at(4, 10), at(5, 10), PLAIN) == (("half", at(4, 14, 30)), ("expiry", at(5, 10)))


def test_after_expiry_each_working_day_at_its_opening() -> None:
    """Due Thu 14 March: Friday, then over the weekend Monday, Tuesday."""
    assert [after_expiry(at(14, 18), nth, PLAIN) for nth in (1, 2, 3)] == [at(15, 9), at(18, 9), at(19, 9)]


def test_the_next_step_is_found_from_the_number_done() -> None:
    counted = due(LIMITS["rtu_opinion"], at(7, 12), PLAIN)
    found = [next_step(done, counted.runs_from, counted.due_at, PLAIN) for done in range(6)]
    assert found == [
        ("half", at(12, 13, 30)),
        ("day_before", at(13, 18)),
        ("expiry", at(14, 18)),
        ("overdue_1", at(15, 9)),
        ("overdue_2", at(18, 9)),
        ("overdue_3", at(19, 9)),
    ]


def test_moments_read_back_in_another_zone_give_the_same_steps() -> None:
    counted = due(LIMITS["rtu_opinion"], at(7, 12), PLAIN)
    stored = (counted.runs_from.astimezone(UTC), counted.due_at.astimezone(UTC))
    assert steps(*stored, PLAIN) == steps(counted.runs_from, counted.due_at, PLAIN)


def test_a_due_day_that_became_a_day_off_still_has_its_steps() -> None:
    """A decree after the stage was entered: the stored due time stands on what is now a day off."""
    calendar = WorkingCalendar("Europe/Moscow", days_off=frozenset({date(2024, 3, 5)}))
    assert steps(at(5, 9), at(5, 18), calendar) == (AlertStep("expiry", at(5, 18)),)
    assert next_step(1, at(5, 9), at(5, 18), calendar) == ("overdue_1", at(6, 9))


def test_what_makes_no_sense_is_refused() -> None:
    naive = datetime(2024, 3, 4, 12)  # noqa: DTZ001 - what must be refused
    with pytest.raises(ValueError, match="offset from UTC"):
        steps(naive, at(5, 18), PLAIN)
    with pytest.raises(ValueError, match="offset from UTC"):
        after_expiry(naive, 1, PLAIN)
    with pytest.raises(ValueError, match="cannot run from"):
        steps(at(5, 18), at(5, 18), PLAIN)
    with pytest.raises(ValueError, match="cannot be -1"):
        next_step(-1, at(5, 9), at(5, 18), PLAIN)
    with pytest.raises(ValueError, match="at least one"):
        after_expiry(at(5, 18), 0, PLAIN)


offs = st.frozensets(st.dates(date(2024, 1, 1), date(2024, 12, 31)), max_size=40)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2024, 10, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(offs, instants, st.sampled_from(sorted(LIMITS)))
def test_steps_are_strictly_ordered_within_the_limit(
    off: frozenset[date], start: datetime, name: str
) -> None:
    calendar = WorkingCalendar("Asia/Yerevan", days_off=off)
    counted = due(LIMITS[name], start, calendar)
    found = [next_step(done, counted.runs_from, counted.due_at, calendar) for done in range(8)]
    assert start <= counted.runs_from
    assert counted.runs_from < found[0].moment
    assert all(earlier.moment < later.moment for earlier, later in pairwise(found))
    assert len({step.name for step in found}) == 8
    assert found[[step.name for step in found].index("expiry")].moment == counted.due_at
    assert all(calendar.is_working_day(step.moment.date()) for step in found)

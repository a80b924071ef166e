"""Counting working days and hours, on invented calendars and as properties of any calendar."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.workflow.calendar import DAY, WorkingCalendar

MOSCOW = ZoneInfo("Europe/Moscow")
PLAIN = WorkingCalendar("Europe/Moscow", years=frozenset({2024}))
# Mon 4 March 2024 is off, and Sat 2 March is worked in its place.
MOVED = WorkingCalendar(
    "Europe/Moscow",
    days_off=frozenset({date(2024, 3, 4)}),
    working_weekends=frozenset({date(2024, 3, 2)}),
    years=frozenset({2024}),
)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=MOSCOW)


def march(*days: int) -> tuple[date, ...]:
    return tuple(date(2024, 3, day) for day in days)


class TestDays:
    def test_weekends_are_off(self) -> None:
        week = [PLAIN.is_working_day(date(2024, 3, 4) + DAY * n) for n in range(7)]
        assert week == [True] * 5 + [False] * 2

    def test_a_moved_day_swaps_the_two(self) -> None:
        assert MOVED.is_working_day(date(2024, 3, 2))
        assert not MOVED.is_working_day(date(2024, 3, 4))

    def test_neighbours_never_count_the_day_itself(self) -> None:
        assert MOVED.next_working_day(date(2024, 3, 2)) == date(2024, 3, 5)
        assert MOVED.previous_working_day(date(2024, 3, 5)) == date(2024, 3, 2)
        assert PLAIN.next_working_day(date(2024, 3, 1)) == date(2024, 3, 4)
        assert PLAIN.previous_working_day(date(2024, 3, 4)) == date(2024, 3, 1)

    def test_days_between_leave_out_the_first_and_take_the_last(self) -> None:
        assert PLAIN.working_days_between(date(2024, 3, 1), date(2024, 3, 5)) == 2
        assert MOVED.working_days_between(date(2024, 3, 1), date(2024, 3, 5)) == 2
        assert PLAIN.working_days_between(date(2024, 3, 5), date(2024, 3, 1)) == 0
        assert PLAIN.working_days_between(date(2024, 3, 5), date(2024, 3, 5)) == 0


class TestWorkingDays:
    def test_the_day_of_the_event_does_not_count(self) -> None:
        for hour in (0, 8, 12, 18, 23):
            counted = PLAIN.add_working_days(at(4, hour), 1)
            assert counted.due_at == at(5, 18)
            assert counted.counted == march(5)
            assert counted.runs_from == at(5, 9)

    def test_moved_days_are_counted_as_moved(self) -> None:
        counted = MOVED.add_working_days(at(1), 2)
        assert counted.counted == march(2, 5)
        assert counted.due_at == at(5, 18)

    def test_an_event_on_a_day_off_starts_the_next_working_day(self) -> None:
        assert PLAIN.add_working_days(at(2), 1).due_at == at(4, 18)

    def test_the_local_date_is_the_day_of_the_event(self) -> None:
        """23:30 UTC on Monday is 02:30 on Tuesday in Moscow, so Wednesday is the first day."""
        late = datetime(2024, 3, 4, 23, 30, tzinfo=UTC)
        assert PLAIN.add_working_days(late, 1).counted == march(6)
        assert WorkingCalendar("UTC").add_working_days(late, 1).counted == march(5)

    def test_one_instant_in_two_zones_is_due_at_two_instants(self) -> None:
        """20:30 UTC on Monday: Monday 23:30 in Moscow, already Tuesday 02:30 in Bishkek."""
        instant = datetime(2024, 3, 4, 20, 30, tzinfo=UTC)
        in_moscow = PLAIN.add_working_days(instant, 1).due_at
        in_bishkek = WorkingCalendar("Asia/Bishkek").add_working_days(instant, 1).due_at
        assert in_moscow.isoformat() == "2024-03-05T18:00:00+03:00"
        assert in_bishkek.isoformat() == "2024-03-06T18:00:00+06:00"

    def test_how_the_instant_is_written_makes_no_difference(self) -> None:
        instant = datetime(2024, 3, 4, 20, 30, tzinfo=UTC)
        elsewhere = instant.astimezone(ZoneInfo("Asia/Bishkek"))
        assert PLAIN.add_working_days(instant, 3) == PLAIN.add_working_days(elsewhere, 3)

    def test_the_close_keeps_its_local_hour_when_the_state_changes_its_clock(self) -> None:
        """Almaty went from +06:00 to +05:00 on 1 March 2024."""
        almaty = WorkingCalendar("Asia/Almaty")
        counted = almaty.add_working_days(datetime.fromisoformat("2024-02-29T15:00+06:00"), 2)
        assert counted.due_at.isoformat() == "2024-03-04T18:00:00+05:00"

    def test_less_than_a_day_is_no_limit(self) -> None:
        with pytest.raises(ValueError, match="not 0"):
            PLAIN.add_working_days(at(4), 0)


class TestWorkingHours:
    @pytest.mark.parametrize(
        ("start", "due_at", "counted"),
        [
            (at(4, 10, 15), at(4, 11, 15), march(4)),
            (at(4, 7), at(4, 10), march(4)),
            (at(4, 17), at(4, 18), march(4)),
            (at(4, 17, 30), at(5, 9, 30), march(4, 5)),
            (at(4, 18), at(5, 10), march(5)),
            (at(1, 17, 45), at(4, 9, 45), march(1, 4)),
            (at(2, 12), at(4, 10), march(4)),
        ],
    )
    def test_the_hour_runs_in_working_hours(
        self, start: datetime, due_at: datetime, counted: tuple[date, ...]
    ) -> None:
        result = PLAIN.add_working_hours(start, 1)
        assert (result.due_at, result.counted) == (due_at, counted)

    def test_many_hours_cross_several_days(self) -> None:
        """17:00 Friday: 1 hour, then 9 on the working Saturday and 9 on Tuesday, 1 on Wednesday."""
        result = MOVED.add_working_hours(at(1, 17), 20)
        assert result.due_at == at(6, 10)
        assert result.counted == march(1, 2, 5, 6)

    def test_the_hours_of_the_office_are_configurable(self) -> None:
        early = WorkingCalendar("Europe/Moscow", opens=time(8), closes=time(17))
        assert early.add_working_hours(at(4, 16, 30), 1).due_at == at(5, 8, 30)
        assert early.add_working_days(at(4), 1).due_at == at(5, 17)

    def test_no_time_is_no_limit(self) -> None:
        with pytest.raises(ValueError, match="some working time"):
            PLAIN.add_working_hours(at(4), 0)


class TestSameWorkingDay:
    @pytest.mark.parametrize(
        ("start", "due_at"),
        [
            (at(4, 3), at(4, 18)),
            (at(4, 12), at(4, 18)),
            (at(4, 17, 59), at(4, 18)),
            (at(4, 18), at(5, 18)),
            (at(1, 22), at(4, 18)),
            (at(3, 12), at(4, 18)),
        ],
    )
    def test_due_at_the_close_of_that_day_or_of_the_next_working_one(
        self, start: datetime, due_at: datetime
    ) -> None:
        result = PLAIN.same_working_day(start)
        assert result.due_at == due_at
        assert result.counted == (due_at.date(),)


class TestTimeLeft:
    def test_days_left_go_from_the_amount_to_none(self) -> None:
        """Ten days from Mon 4 March: due Mon 18 March."""
        due_at = PLAIN.add_working_days(at(4), 10).due_at
        left = {
            day: PLAIN.working_time_left(at(day), due_at).days for day in (4, 5, 8, 9, 10, 11, 15, 18, 19)
        }
        assert left == {4: 10, 5: 9, 8: 6, 9: 6, 10: 6, 11: 5, 15: 1, 18: 0, 19: 0}

    def test_time_left_is_working_time(self) -> None:
        left = PLAIN.working_time_left(at(1, 16), at(5, 18))
        assert (left.days, left.time, left.overdue) == (2, timedelta(hours=2 + 9 + 9), 0)

    def test_on_the_due_day_only_hours_are_left(self) -> None:
        left = PLAIN.working_time_left(at(5, 15, 30), at(5, 18))
        assert (left.days, left.time, left.overdue) == (0, timedelta(hours=2, minutes=30), 0)

    def test_what_has_passed_counts_working_days(self) -> None:
        left = PLAIN.working_time_left(at(11, 10), at(7, 18))
        assert (left.days, left.time, left.overdue) == (0, timedelta(0), 2)


class TestProvisional:
    CALENDAR = WorkingCalendar(
        "Europe/Moscow", years=frozenset({2024}), estimated=frozenset({date(2024, 6, 17)})
    )

    def test_a_year_whose_decrees_are_unknown(self) -> None:
        assert PLAIN.covers(2024)
        assert not PLAIN.covers(2025)
        assert not PLAIN.add_working_days(at(4), 5).provisional
        crossing = PLAIN.add_working_days(at(30, month=12), 2)
        assert crossing.provisional
        assert crossing.counted == (date(2024, 12, 31), date(2025, 1, 1))

    def test_every_kind_of_limit_says_so(self) -> None:
        new_year = datetime(2025, 1, 15, 12, tzinfo=MOSCOW)
        assert PLAIN.add_working_hours(new_year, 1).provisional
        assert PLAIN.same_working_day(new_year).provisional

    @pytest.mark.parametrize(
        ("start", "days", "provisional"),
        [(3, 9, False), (3, 10, True), (13, 1, False), (13, 2, True), (18, 1, True), (19, 1, False)],
    )
    def test_an_estimated_day_off_makes_its_neighbourhood_provisional(
        self, start: int, days: int, provisional: bool
    ) -> None:
        """Mon 17 June is estimated; so is each limit whose span from event to due touches 16 to 18 June.

        Days 9 and 10 from Mon 3 June are Fri 14 and Mon 17 June.
        """
        assert self.CALENDAR.add_working_days(at(start, month=6), days).provisional is provisional


class TestRefusals:
    def test_a_naive_moment_is_refused_everywhere(self) -> None:
        naive = datetime(2024, 3, 4, 12)  # noqa: DTZ001 - what must be refused
        calls = (
            lambda: PLAIN.add_working_days(naive, 1),
            lambda: PLAIN.add_working_hours(naive, 1),
            lambda: PLAIN.same_working_day(naive),
            lambda: PLAIN.working_time_left(naive, at(4)),
            lambda: PLAIN.working_time_left(at(4), naive),
            lambda: PLAIN.local(naive),
        )
        for call in calls:
            with pytest.raises(ValueError, match="offset from UTC"):
                call()

    @pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../etc/passwd"])
    def test_an_unknown_zone_is_refused(self, zone: str) -> None:
        with pytest.raises(ValueError, match="time zone"):
            WorkingCalendar(zone)

    def test_hours_must_run_forward(self) -> None:
        with pytest.raises(ValueError, match="end before they begin"):
            WorkingCalendar("UTC", opens=time(18), closes=time(9))

    def test_a_day_cannot_be_both(self) -> None:
        both = frozenset({date(2024, 3, 2)})
        with pytest.raises(ValueError, match="2024-03-02"):
            WorkingCalendar("UTC", days_off=both, working_weekends=both)


dates = st.dates(date(2024, 1, 1), date(2025, 12, 31))
zones = st.sampled_from(["Asia/Yerevan", "Europe/Minsk", "Asia/Almaty", "Asia/Bishkek", "Europe/Moscow"])
instants = st.datetimes(datetime(2024, 1, 1), datetime(2025, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    off = draw(st.frozensets(dates, max_size=40))
    working = draw(st.frozensets(dates.filter(lambda day: day.weekday() >= 5), max_size=10))
    return WorkingCalendar(draw(zones), days_off=off - working, working_weekends=working)


class TestProperties:
    @given(calendars(), instants, st.integers(1, 60))
    def test_days(self, calendar: WorkingCalendar, start: datetime, days: int) -> None:
        result = calendar.add_working_days(start, days)
        event = calendar.local(start).date()
        assert len(result.counted) == days
        assert all(map(calendar.is_working_day, result.counted))
        assert all(earlier < later for earlier, later in pairwise((event, *result.counted)))
        assert result.due_at == calendar.closing(result.counted[-1])
        skipped = {event + DAY * n for n in range(1, (result.due_at.date() - event).days)} - {*result.counted}
        assert not any(map(calendar.is_working_day, skipped))
        assert result.due_at < calendar.add_working_days(start, days + 1).due_at

    @given(calendars(), instants, instants, st.integers(1, 60))
    def test_a_later_event_is_never_due_earlier(
        self, calendar: WorkingCalendar, one: datetime, other: datetime, days: int
    ) -> None:
        first, second = sorted((one, other))
        assert calendar.add_working_days(first, days).due_at <= calendar.add_working_days(second, days).due_at

    @given(calendars(), instants, st.integers(1, 60))
    def test_days_left_undo_days_added(self, calendar: WorkingCalendar, start: datetime, days: int) -> None:
        due_at = calendar.add_working_days(start, days).due_at
        assert calendar.working_time_left(start, due_at).days == days

    @given(calendars(), instants, st.integers(1, 24 * 60))
    def test_hours(self, calendar: WorkingCalendar, start: datetime, minutes: int) -> None:
        amount = timedelta(minutes=minutes)
        result = calendar.add_working_time(start, amount)
        assert calendar.working_time(start, result.due_at) == amount
        assert calendar.opens < result.due_at.time() <= calendar.closes
        assert result.counted[0] == result.runs_from.date()
        assert result.counted[-1] == result.due_at.date()
        assert all(map(calendar.is_working_day, result.counted))

    @given(calendars(), instants)
    def test_same_day(self, calendar: WorkingCalendar, start: datetime) -> None:
        result = calendar.same_working_day(start)
        assert result.due_at > start
        assert result.due_at == calendar.closing(result.counted[0])
        assert calendar.is_working_day(result.counted[0])

    @given(calendars(), dates)
    def test_next_and_previous_are_inverse_on_working_days(
        self, calendar: WorkingCalendar, day: date
    ) -> None:
        assume(calendar.is_working_day(day))
        assert calendar.previous_working_day(calendar.next_working_day(day)) == day

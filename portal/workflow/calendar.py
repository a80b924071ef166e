"""Working days and working hours of one authority, counted on a calendar that is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit laid out on a calendar.

    `due_at` and `runs_from` are aware and in the calendar's zone; `runs_from` is the first working moment
    that counts. `counted` holds the working days on which the limit runs, in order. `provisional` says that
    a decree not yet known could still move `due_at`.
    """

    due_at: datetime
    counted: tuple[date, ...]
    runs_from: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left until a due time, or what has passed since.

    `days` counts the working days after today up to the due day, so "2 of 10 left" holds all day and 0 means
    "due today". `time` is working time. `overdue` counts the working days after the due day up to today.
    """

    days: int
    time: timedelta
    overdue: int


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday in `zone` (an IANA name), corrected by the days that a state has moved.

    `days_off` are holidays and days off by decree; they may fall on weekends. `working_weekends` are weekend
    days made working. `years` are those whose decrees are known; any other year is counted Monday to Friday
    less whatever `days_off` it has, and marked provisional. `estimated` are days off of uncertain date.
    Working hours are the same on every working day (procedure §8, ours).

    Raises ValueError when the zone is unknown, the hours are reversed, or a day is both off and working.
    """

    zone: str
    days_off: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    estimated: frozenset[date] = frozenset()
    opens: time = time(9)
    closes: time = time(18)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as unknown:
            raise ValueError(f"Unknown time zone: {self.zone!r}") from unknown
        if self.opens >= self.closes:
            raise ValueError(f"Working hours end before they begin: {self.opens} to {self.closes}")
        if both := self.days_off & self.working_weekends:
            raise ValueError(f"Both a day off and a working day: {min(both)}")

    # Days

    def is_working_day(self, day: date) -> bool:
        if day in self.working_weekends:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`, which itself never counts."""
        return next(self._working_days_after(day))

    def previous_working_day(self, day: date) -> date:
        day -= DAY
        while not self.is_working_day(day):
            day -= DAY
        return day

    def working_days_between(self, after: date, through: date) -> int:
        """The number of working days later than `after` and not later than `through`; 0 when reversed."""
        days = (after + DAY * n for n in range(1, (through - after).days + 1))
        return sum(map(self.is_working_day, days))

    def covers(self, year: int) -> bool:
        """Whether the decrees of `year` are known, so that nothing counted in it is provisional."""
        return year in self.years

    # Moments

    def local(self, moment: datetime) -> datetime:
        """`moment` in the calendar's zone. Raises ValueError when it carries no zone of its own."""
        if moment.utcoffset() is None:
            raise ValueError(f"A moment needs its offset from UTC, and {moment.isoformat()} has none")
        return moment.astimezone(ZoneInfo(self.zone))

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, ZoneInfo(self.zone))

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, ZoneInfo(self.zone))

    def next_working_moment(self, moment: datetime) -> datetime:
        """`moment` itself within working hours, else the next opening; the close is already outside."""
        moment = self.local(moment)
        today = moment.date()
        if self.is_working_day(today) and moment < self.closing(today):
            return max(moment, self.opening(today))
        return self.opening(self.next_working_day(today))

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """The working time between two moments; zero when reversed."""
        since, until = self.local(since), self.local(until)
        total = timedelta()
        for day in (since.date() + DAY * n for n in range((until.date() - since.date()).days + 1)):
            if self.is_working_day(day):
                total += max(min(until, self.closing(day)) - max(since, self.opening(day)), timedelta())
        return total

    # Limits

    def add_working_days(self, start: datetime, days: int) -> Counted:
        """`days` working days, due at the close of the last (procedure §8).

        The day of the event, which is the local date of `start`, does not count, working or not.
        Raises ValueError when `start` is naive or `days` is below 1.
        """
        if days < 1:
            raise ValueError(f"A limit needs at least one working day, not {days}")
        event = self.local(start).date()
        following = self._working_days_after(event)
        counted = tuple(next(following) for _ in range(days))
        return self._counted(event, self.opening(counted[0]), self.closing(counted[-1]), counted)

    def add_working_hours(self, start: datetime, hours: int) -> Counted:
        """`hours` that run in working hours only, carried over to the next working day (procedure §8)."""
        return self.add_working_time(start, timedelta(hours=hours))

    def add_working_time(self, start: datetime, amount: timedelta) -> Counted:
        """`amount` of working time after `start`, or after the next opening when `start` is outside hours.

        What ends with the day is due at its close, not at the next opening.
        Raises ValueError when `start` is naive or `amount` is not positive.
        """
        if amount <= timedelta():
            raise ValueError(f"A limit needs some working time, not {amount}")
        runs_from = now = self.next_working_moment(start)
        counted = [now.date()]
        while amount > (rest_of_day := self.closing(now.date()) - now):
            amount -= rest_of_day
            now = self.opening(self.next_working_day(now.date()))
            counted.append(now.date())
        return self._counted(self.local(start).date(), runs_from, now + amount, tuple(counted))

    def same_working_day(self, start: datetime) -> Counted:
        """Due at the close of the working day of `start` (procedure §8).

        What arrives at or after the close, or on a day off, belongs to the next working day (ours).
        """
        runs_from = self.next_working_moment(start)
        day = runs_from.date()
        return self._counted(self.local(start).date(), runs_from, self.closing(day), (day,))

    def working_time_left(self, now: datetime, due_at: datetime) -> TimeLeft:
        now, due_at = self.local(now), self.local(due_at)
        return TimeLeft(
            days=self.working_days_between(now.date(), due_at.date()),
            time=self.working_time(now, due_at),
            overdue=self.working_days_between(due_at.date(), now.date()),
        )

    def _working_days_after(self, day: date) -> Iterator[date]:
        while True:
            day += DAY
            if self.is_working_day(day):
                yield day

    def _counted(
        self, event: date, runs_from: datetime, due_at: datetime, counted: tuple[date, ...]
    ) -> Counted:
        last = due_at.date()
        unknown = any(not self.covers(year) for year in range(event.year, last.year + 1))
        # A forecast of a lunar holiday is wrong by a day at most.
        shaky = any(event - DAY <= day <= last + DAY for day in self.estimated)
        return Counted(due_at, counted, runs_from, unknown or shaky)

"""What happens in the demonstration, in the order in which it would have happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.store.calendar_seed import seeded_calendar
from portal.workflow import clock

Act = Callable[[datetime], None]

_OPENS, _OPEN_FOR = time(9, 20), timedelta(hours=8)


@dataclass
class Timeline:
    """Collects acts at moments of the past, then performs them in order, each at its own time.

    Attributes:
        anchor: the moment of loading; nothing happens after it.
    """

    anchor: datetime
    random: Random
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def add(self, moment: datetime, act: Act) -> None:
        """Raises ValueError when the moment lies after the anchor."""
        if moment > self.anchor:
            raise ValueError(f"{moment.isoformat()} is not yet")
        self._acts.append((moment, len(self._acts), act))

    def run(self) -> None:
        for moment, _, act in sorted(self._acts, key=lambda each: each[:2]):
            with clock.at(moment):
                act(moment)

    def last_working_day(self, state: str) -> date:
        """The last working day of a state that was over at the anchor."""
        calendar = seeded_calendar(state)
        today = calendar.local(self.anchor).date()
        over = calendar.is_working_day(today) and self.anchor >= calendar.closing(today)
        return today if over else calendar.previous_working_day(today)

    def days_back(self, state: str, since: int) -> date:
        """The working day of a state that lies `since` working days before the last one."""
        day = self.last_working_day(state)
        for _ in range(since):
            day = seeded_calendar(state).previous_working_day(day)
        return day

    def moments(self, state: str, zone: str, waits: list[int], rest: int) -> list[datetime]:
        """The moments of steps that follow each other after `waits` working days, the last `rest` days ago."""
        back = [rest + sum(waits[place + 1 :]) for place in range(len(waits))]
        days = [self.days_back(state, since) for since in back]
        return [
            self._within(day, zone, days.index(day), place, days.count(day)) for place, day in enumerate(days)
        ]

    def _within(self, day: date, zone: str, first: int, place: int, several: int) -> datetime:
        """A moment in the hours of a day, later for each of the `several` steps of that day."""
        share = (place - first + self.random.uniform(0.2, 0.8)) / several
        opening = datetime.combine(day, _OPENS, ZoneInfo(zone))
        return whole_minute(opening + _OPEN_FOR * share)


def whole_minute(moment: datetime) -> datetime:
    """The moment at its whole minute, as people note it."""
    return moment.replace(second=0, microsecond=0)

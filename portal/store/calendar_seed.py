"""The first filling of the working calendars of the five states.

The rows only begin an editable table: governments move days by decree, sometimes a few days ahead. A row
whose `decree_known` is false needs an administrator's look before its year is counted as certain.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import holidays

from portal.workflow.calendar import WorkingCalendar

ZONES: Mapping[str, str] = MappingProxyType(
    {
        "AM": "Asia/Yerevan",
        "BY": "Europe/Minsk",
        "KZ": "Asia/Almaty",
        "KG": "Asia/Bishkek",
        "RU": "Europe/Moscow",
    }
)

# The last year of which the package holds the acts on moved days, or whose labour code moves none (KG).
# Armenia decides during the year itself, from one occasion to the next, so only a past year is certain.
DECREES_KNOWN_THROUGH: Mapping[str, int] = MappingProxyType(
    {"AM": 2025, "BY": 2026, "KZ": 2026, "KG": 2026, "RU": 2027}
)

SEEDED_YEARS = range(2022, 2029)

_AMERICAN_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


@dataclass(frozen=True, slots=True)
class SeedDay:
    """One row: a day off (on a weekday or not), or a weekend day made working.

    `decree_known` is false when the date is an estimate or the year's moved days are not yet decreed.
    """

    date: date
    is_working: bool
    name: str
    decree_known: bool


def seed(state: str, years: Iterable[int]) -> list[SeedDay]:
    """The rows of `state` (a key of ZONES) for `years`, by date. Raises ValueError for any other state."""
    years = sorted(set(years))
    zone_of(state)
    source = holidays.country_holidays(state, years=years, language="en_US")
    days_off = [SeedDay(day, False, _plain(name), _known(state, day, name)) for day, name in source.items()]
    # The package lists working weekends of every year, whichever was asked for.
    working = [
        SeedDay(day, True, "Working day in place of a day off", _known(state, day))
        for day in source.weekend_workdays
        if day.year in years
    ]
    return sorted(days_off + working, key=lambda row: row.date)


def calendar_of(state: str, rows: Iterable[SeedDay], years: Iterable[int]) -> WorkingCalendar:
    """The calendar of `state` made of `rows`, which hold the whole of `years`.

    A year is covered when its decrees are known; single estimated days stay marked within it.
    Raises ValueError for a state outside ZONES.
    """
    rows = list(rows)
    covered = frozenset(year for year in years if year <= DECREES_KNOWN_THROUGH.get(state, 0))
    return WorkingCalendar(
        zone=zone_of(state),
        days_off=frozenset(row.date for row in rows if not row.is_working),
        working_weekends=frozenset(row.date for row in rows if row.is_working),
        years=covered,
        estimated=frozenset(row.date for row in rows if not row.decree_known and row.date.year in covered),
    )


@cache
def seeded_calendar(state: str) -> WorkingCalendar:
    """The calendar of `state` as seeded for SEEDED_YEARS. Raises ValueError for a state outside ZONES."""
    return calendar_of(state, seed(state, SEEDED_YEARS), SEEDED_YEARS)


def zone_of(state: str) -> str:
    """The IANA zone of the capital of `state`. Raises ValueError for a state outside ZONES."""
    if state not in ZONES:
        raise ValueError(f"Unknown state {state!r}: one of {', '.join(ZONES)}")
    return ZONES[state]


def _known(state: str, day: date, name: str = "") -> bool:
    return day.year <= DECREES_KNOWN_THROUGH[state] and "estimated" not in name


def _plain(name: str) -> str:
    """`name` with its American date, which an officer would misread, written year first."""
    return _AMERICAN_DATE.sub(r"\3-\1-\2", name)

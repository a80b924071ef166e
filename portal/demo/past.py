"""Puts a year of made-up declarations into the history of each state."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from portal.demo.declarations import Made, flat, make
from portal.demo.tree import POINTS, STATES, Place, centre_of
from portal.operations import importing
from portal.operations.importing import Delivery
from portal.store.calendar_seed import seeded_calendar
from portal.store.session import acting

#: Declarations by state; together 20,000.
VOLUMES = {"RU": 9600, "KZ": 3900, "BY": 3100, "AM": 1700, "KG": 1700}
#: The share of Sundays and days off against working days: points work on, with less traffic.
_QUIET = 0.35


class Refused(RuntimeError):
    """A row of the made-up declarations is at fault: generator and vocabulary have drifted apart."""


def fill(today: date, random: Random) -> None:
    """Import the year before `today`, one file for each state, at its centre."""
    with tempfile.TemporaryDirectory() as folder:
        for state in STATES:
            file = Path(folder) / f"declarations-{state.lower()}.csv"
            write(file, of_state(state, today, random))
            _import(state, file)


def _import(state: str, file: Path) -> None:
    path = centre_of(state).path
    with acting(path, "demonstration"):
        batch = importing.take(Delivery(file, file.name, outcome="violation"), path, "Demonstration")
        if batch.refused:
            raise Refused(str(batch.faults[0]))


def of_state(state: str, today: date, random: Random) -> Iterator[Made]:
    """The declarations of a state in the year before `today`, in no order."""
    points = [place for place in POINTS if place.state == state]
    days = [today - timedelta(days=back) for back in range(4, 366)]
    working = seeded_calendar(state).is_working_day
    weights = [(1.0 if working(day) else _QUIET) * _season(day) for day in days]
    busy = [2.0 if place is points[0] else 1.0 for place in points]
    serials: dict[tuple[str, date], int] = {}
    for day in random.choices(days, weights, k=VOLUMES[state]):
        place = random.choices(points, busy)[0]
        yield _next(place, day, serials, random)


def _next(place: Place, day: date, serials: dict[tuple[str, date], int], random: Random) -> Made:
    serials[place.code, day] = serials.get((place.code, day), 0) + 1
    return make(place, day, serials[place.code, day], random)


def _season(day: date) -> float:
    """Traffic grows towards the end of the year and rests in January."""
    return {1: 0.7, 2: 0.85, 10: 1.1, 11: 1.2, 12: 1.3}.get(day.month, 1.0)


def write(file: Path, declarations: Iterator[Made]) -> None:
    """Write a CSV with a row for each item."""
    rows = [row for made in declarations for row in flat(made)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)

"""Presents made-up declarations at the points of the last weeks, and lets inspectors record what they found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from portal.demo.company import Company, at_work
from portal.demo.declarations import Made, make
from portal.demo.goods import Row
from portal.demo.timeline import Timeline
from portal.demo.tree import BY_CODE
from portal.models import Declaration
from portal.operations import inspection, screening
from portal.operations.acts import Acts
from portal.operations.inspection import Found
from portal.screening.presented import Presented, from_rows
from portal.screening.values import ItemValue, item_value
from portal.screening.vocabulary import FIELDS
from portal.store import declarations
from portal.store.session import acting
from portal.workflow.results import NOT_APPLIED, NOTHING_FOUND

#: Points with an inspector, and how many declarations each receives on a day.
INSPECTORS = {
    "sidorov": ("10130010", 4),
    "novikova": ("10130020", 2),
    "pavlov": ("10210010", 2),
    "kim": ("10700010", 1),
    "abrahamyan": ("05100010", 2),
    "sauchanka": ("11200010", 2),
    "seitkali": ("39120010", 2),
    "kadyrova": ("41210010", 1),
}
#: Working days of traffic, and per cent of what waits that was looked at on the last two of them.
DAYS = 20
_SEEN = {0: 0, 1: 60}
#: The last day is as busy as this many others, and what came then still waits.
_RUSH = 3
_FIRST_SERIAL = 9_000_001
#: Planted risks are this many times as frequent as in the history, so that a few weeks show something.
_SUSPECT = 5.0
#: Per cent of measures that were not applied.
_LEFT_OUT = 4


@dataclass
class Checkpoint:
    """A point with its inspector."""

    code: str
    inspector: str
    company: Company
    timeline: Timeline

    @property
    def random(self) -> Random:
        return self.timeline.random

    def lay_out(self, a_day: int) -> None:
        """Put the traffic of the last weeks on the timeline."""
        place = BY_CODE[self.code]
        serial = _FIRST_SERIAL
        for rest in range(DAYS):
            for _ in range(a_day * _RUSH if rest == 0 else self.random.choice((a_day, a_day, a_day + 1))):
                (moment,) = self.timeline.moments(place.state, place.zone, [0], rest)
                made = make(place, moment.date(), serial, self.random, _SUSPECT * (_RUSH if rest == 0 else 1))
                serial += 1
                early = rest == 0 and self.random.random() < 0.2
                looks_at = moment + timedelta(minutes=self.random.randrange(20, 190))
                self._present(made, moment, "preliminary" if early else "registration")
                if (
                    not early
                    and not (rest == 0 and self.random.random() < 0.5)
                    and looks_at < self.timeline.anchor
                ):
                    self._inspect(made, looks_at)

    def _present(self, made: Made, moment: datetime, stage: str) -> None:
        given = presented(made, stage)
        path = BY_CODE[self.code].path

        def act(at: datetime) -> None:
            with acting(path, "screen"):
                screening.screen([given], path, at)

        self.timeline.add(moment, act)

    def _inspect(self, made: Made, moment: datetime) -> None:
        found = [self._found(made) for _ in range(8)]

        def act(at: datetime) -> None:
            acts = self.company.named(self.inspector)
            with at_work(acts, "inspection.record"):
                row = declarations.known(acts.path, [made.declaration_id])[made.declaration_id]
                if row.released_at is None:
                    _inspected(row, found, acts, at)

        self.timeline.add(moment, act)

    def _found(self, made: Made) -> Found:
        """What one measure will bring to light."""
        if self.random.uniform(0, 100) < _LEFT_OUT:
            return Found(NOT_APPLIED, ground="The consignment was reloaded under the eyes of another point.")
        ruse = made.ruse
        if ruse is None or self.random.uniform(0, 100) >= ruse.proof:
            return Found(NOTHING_FOUND)
        short = Decimal(round(made.rows[0]["payments"] * self.random.uniform(0.2, 0.9), 2)).quantize(
            Decimal("0.01")
        )
        number = f"{self.code}-{self.random.randrange(100, 999)}/{made.declaration_id[-3:]}"
        return Found(ruse.result, payments=short, case_number=number)


def _inspected(row: Declaration, found: list[Found], acts: Acts, at: datetime) -> None:
    """Answer the questions, record every measure, and release."""
    for hit in row.hits:
        if questions := declarations.open_questions(hit):
            inspection.answer(
                row.id, hit.id, dict.fromkeys(questions, found[-1].code != NOTHING_FOUND), acts, at
            )
    for check, result in zip(declarations.to_apply(row), found, strict=False):
        inspection.record(row.id, check.id, result, acts, at)
    if not declarations.hindrances(row):
        inspection.release(row.id, acts, at)


def presented(made: Made, stage: str) -> Presented:
    """A declaration as a point receives it, at a stage."""
    rows = [_typed(row | {"stage": stage, "declaration_id": made.declaration_id}) for row in made.rows]
    return from_rows(rows)[0]


def _typed(row: Row) -> dict[str, ItemValue]:
    given = {name: str(value) for name, value in row.items() if value != ""}
    return {name: item_value(FIELDS[name], value) for name, value in given.items()}  # type: ignore[misc]

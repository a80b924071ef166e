"""What the union's page shows of the sums of the states: each measure with its definition, parts and scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from portal.levels.signing import SCOPES
from portal.levels.tree import LEVELS
from portal.levels.words import N_
from portal.operations.summaries import CHAPTERS, OTHER
from portal.web.charts import axis
from portal.web.filters import decimal, percent
from portal.workflow.competence import DIRECTIONS
from portal.workflow.text import RISK_TYPES

Figures = Mapping[str, Any]

CHANNELS = {"red": N_("Red"), "yellow": N_("Yellow"), "blue": N_("Blue"), "green": N_("Green")}


@dataclass(frozen=True)
class Measure:
    """One measure: its title, what it counts, its parts in the figures, and how a value is written.

    Attributes:
        read: the parts by key; each a number, or a cell {"value", "suppressed"}; None in sums of before it was counted.
        labels: what the keys are called; a key that is in no state is left out when `sparse`.
        absent: what a key stands for that a state does not hand up.
    """

    title: str
    definition: str
    read: Callable[[Figures], Mapping[str, Any] | None]
    labels: Mapping[str, str]
    write: Callable[[float], str] = decimal
    sparse: bool = False
    absent: Any = 0


@dataclass(frozen=True)
class Cell:
    """One bar: its label, value, and the value in words; a suppressed one has no value."""

    label: str
    value: float | None
    words: str
    suppressed: bool


@dataclass(frozen=True)
class Shown:
    """A measure for all states: per state its cells, or None when it handed up nothing."""

    title: str
    definition: str
    top: float
    panels: list[tuple[str, list[Cell] | None]]
    labels: list[str]


def _minutes(value: float) -> str:
    hours, minutes = divmod(round(value), 60)
    if hours:
        return str(gettext("%(hours)s h %(minutes)s min", hours=decimal(hours), minutes=minutes))
    return str(gettext("%(minutes)s min", minutes=minutes))


def _share(value: float) -> str:
    return percent(value)


MEASURES: tuple[Measure, ...] = (
    Measure(
        N_("Profiles in force"),
        N_("Profiles in force on the day of the sums, of all authorities of the state, by territorial scope."),
        lambda f: f["profiles"]["by_scope"],
        {name: line.label for name, line in SCOPES.items()},
    ),
    Measure(
        N_("Drafts"),
        N_("In work: drafts that have not come to an end. Overdue: those whose present stage has passed its limit."),
        lambda f: f["drafts"],
        {"in_work": N_("In work"), "overdue": N_("Overdue")},
    ),
    Measure(
        N_("Declarations by channel"),
        N_("Declarations registered in the year that ends on the day of the sums, by the channel they were given."),
        lambda f: {**f["declarations"]["by_channel"], "total": f["declarations"]["total"]},
        {**CHANNELS, "total": N_("All channels")},
    ),
    Measure(
        N_("Declarations hit"),
        N_("Declarations of the same year that at least one profile in force hit."),
        lambda f: {"hits": f["hits"]},
        {"hits": N_("Hit")},
    ),
    Measure(
        N_("Declarations hit by chapter of the goods"),
        N_("The same declarations, each once, by the first two digits of the commodity code of its first item hit. "
           "Chapters of fewer than five are counted together, with as many of the next as would give them away."),
        lambda f: f.get("hits_by_chapter"),
        {**{one: one for one in CHAPTERS if one}, "": N_("no code"), OTHER: N_("Other chapters")},
        sparse=True,
        absent={"value": None, "suppressed": True},
    ),
    Measure(
        N_("Hit rate"),
        N_("Of the declarations hit on which a measure was applied, the share in which a violation was found."),
        lambda f: {"rate": f["hit_rate"]},
        {"rate": N_("With a violation")},
        _share,
    ),
    Measure(
        N_("Time to release"),
        N_("Median time from arrival to release, by channel: half of those released took less, half longer."),
        lambda f: f["release_minutes"],
        CHANNELS,
        _minutes,
    ),
    Measure(
        N_("Profiles in force by level"),
        N_("The same profiles by the level of the authority that registered them."),
        lambda f: f["profiles"].get("by_level"),
        {name: level.label for name, level in LEVELS.items() if name != "union"},
        sparse=True,
    ),
    Measure(
        N_("Profiles in force by direction of activity"),
        N_("The same profiles by the direction of activity in which the risk was found."),
        lambda f: f["profiles"]["by_direction"],
        {str(number): label for number, label in DIRECTIONS.items()},
        sparse=True,
    ),
    Measure(
        N_("Profiles in force by risk type"),
        N_("The same profiles by the type of risk against which they stand."),
        lambda f: f["profiles"]["by_risk_type"],
        RISK_TYPES,
        sparse=True,
    ),
)  # fmt: skip


def shown(measure: Measure, columns: Sequence[tuple[str, Figures | None]]) -> Shown:
    """A measure for all states on one scale."""
    parts = [(name, measure.read(figures) if figures is not None else None) for name, figures in columns]
    present = {key for _, found in parts for key in found or ()}
    keys = [key for key in measure.labels if not measure.sparse or key in present]
    panels = [
        (
            name,
            [_cell(measure, key, found.get(key, measure.absent)) for key in keys]
            if found is not None
            else None,
        )
        for name, found in parts
    ]
    values = (cell.value for _, cells in panels for cell in cells or () if cell.value is not None)
    return Shown(
        gettext(measure.title),
        gettext(measure.definition),
        axis(values).top,
        panels,
        [gettext(measure.labels[key]) for key in keys],
    )


def _cell(measure: Measure, key: str, found: Any) -> Cell:
    cell = found if isinstance(found, Mapping) else {"value": found, "suppressed": False}
    words = gettext("suppressed") if cell["suppressed"] else measure.write(cell["value"])
    return Cell(gettext(measure.labels[key]), cell["value"], words, bool(cell["suppressed"]))

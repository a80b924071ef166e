"""Makes the profiles in force at a point ready to judge declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.screening.area import Area
from portal.screening.conditions import Lists
from portal.screening.faults import ConditionError
from portal.screening.single import Screener
from portal.screening.text_area import area_of
from portal.store import lists
from portal.store.publications import InForce, in_force_at


@dataclass(frozen=True)
class Ready:
    """Profiles ready to judge.

    Attributes:
        profiles: what is in force, by publication id.
        unusable: numbers of profiles in force whose indicators cannot be judged any more, such as one that
            names a list that has lapsed; whoever screens is told.
    """

    screener: Screener[int]
    profiles: Mapping[int, InForce]
    unusable: tuple[str, ...]


def ready(path: str, on: date) -> Ready:
    """The profiles in force at the authority at `path` on a day."""
    profiles = {entry.id: entry for entry in in_force_at(path, on)}
    known: dict[str, Lists] = {}
    areas: dict[int, Area] = {}
    unusable = []
    for entry in profiles.values():
        if entry.owner not in known:
            known[entry.owner] = lists.members(entry.owner, on)
        try:
            areas[entry.id] = area_of(entry.text, known[entry.owner])
        except ConditionError:
            unusable.append(entry.number)
    return Ready(Screener(areas), profiles, tuple(unusable))

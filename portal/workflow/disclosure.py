"""Keeps figures about fewer than five declarations out of what a state hands up (procedure §9, union view)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: An aggregate of fewer declarations than this is suppressed.
MINIMUM = 5


@dataclass(frozen=True)
class Figure:
    """A figure as it is handed up; a suppressed one has no value, and says so."""

    value: int | float | None
    suppressed: bool = False

    def to_json(self) -> dict[str, int | float | bool | None]:
        return {"value": self.value, "suppressed": self.suppressed}


SUPPRESSED = Figure(None, suppressed=True)


@dataclass(frozen=True)
class Counts:
    """A total and the parts of which it is the sum, safe to be read together."""

    total: Figure
    parts: dict[str, Figure]


def counts(parts: Mapping[str, int]) -> Counts:
    """Suppress small parts, and as many others as it takes that the total does not give them away.

    What is suppressed is either nothing, or at least two parts that hold at least five declarations together:
    the total less the parts in view tells no more than that. A total below five is suppressed with all its parts.
    """
    total = sum(parts.values())
    if total < MINIMUM:
        return Counts(SUPPRESSED, dict.fromkeys(parts, SUPPRESSED))
    hidden = {name for name, count in parts.items() if count < MINIMUM}
    for name in sorted(parts, key=lambda name: (parts[name], name)):
        if not hidden or (len(hidden) >= 2 and sum(parts[one] for one in hidden) >= MINIMUM):
            break
        hidden.add(name)
    return Counts(
        Figure(total),
        {name: SUPPRESSED if name in hidden else Figure(count) for name, count in parts.items()},
    )


def share(part: int, whole: int) -> Figure:
    """The share of a part, to three places; suppressed when the part or the rest holds fewer than five."""
    if min(part, whole - part) < MINIMUM:
        return SUPPRESSED
    return Figure(round(part / whole, 3))


def about(value: int | float | None, declarations: int) -> Figure:
    """A figure that says something about so many declarations."""
    return SUPPRESSED if value is None or declarations < MINIMUM else Figure(value)

"""The geometry of the charts: round scales, and lengths as per cent of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

STEPS = 4
ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Axis:
    """A scale from nought: its greatest value, and the values at which a line is drawn."""

    top: float
    ticks: tuple[float, ...]


def axis(values: Iterable[int | float | Decimal]) -> Axis:
    """The smallest round scale of four steps that holds every value; a scale of one for no values."""
    greatest = max((float(value) for value in values), default=0.0)
    if greatest <= 0:
        return Axis(top=1.0, ticks=(0.0, 1.0))
    rough = greatest / STEPS
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in ROUND if size * power >= rough * (1 - 1e-9))
    lines = ceil(greatest / step - 1e-9)
    return Axis(top=step * lines, ticks=tuple(step * line for line in range(lines + 1)))


def stacks(rows: Iterable[Sequence[Any]]) -> list[float]:
    """The height of every column: the sum of what follows the label in its row."""
    return [sum(float(value) for value in row[1:]) for row in rows]


def share(value: int | float | Decimal, top: int | float | Decimal) -> float:
    """``value`` as per cent of ``top``, to two places, held between 0 and 100."""
    return round(min(max(float(value) / float(top), 0.0), 1.0) * 100, 2) if top else 0.0

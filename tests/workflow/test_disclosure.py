"""No figure, and no difference of figures, speaks of fewer than five declarations."""

from __future__ import annotations

from itertools import product

import pytest

from portal.workflow.disclosure import SUPPRESSED, Figure, about, counts, share

NAMES = ("red", "yellow", "blue", "green")


def shown(**parts: int) -> tuple[int | float | None, dict[str, int | float | None]]:
    found = counts(parts)
    return found.total.value, {name: figure.value for name, figure in found.parts.items()}


@pytest.mark.parametrize(
    ("parts", "total", "visible"),
    [
        ((10, 20, 30, 40), 100, (10, 20, 30, 40)),
        ((5, 5, 5, 5), 20, (5, 5, 5, 5)),
        (
            (3, 20, 30, 40),
            93,
            (None, None, 30, 40),
        ),  # the smallest other goes with it, else 93 - 90 would tell
        ((4, 4, 30, 40), 78, (None, None, 30, 40)),  # two already hold eight together
        ((1, 1, 30, 40), 72, (None, None, None, 40)),  # two that hold two together would give both away
        ((0, 0, 0, 40), 40, (None, None, None, None)),
        ((0, 3, 1, 0), None, (None, None, None, None)),
        ((0, 0, 0, 0), None, (None, None, None, None)),
    ],
)
def test_what_is_suppressed(
    parts: tuple[int, ...], total: int | None, visible: tuple[int | None, ...]
) -> None:
    assert shown(**dict(zip(NAMES, parts, strict=True))) == (total, dict(zip(NAMES, visible, strict=True)))


def test_no_table_gives_a_small_cell_away() -> None:
    """Every table of four cells up to eight: what is hidden is never one cell, nor fewer than five in all."""
    for parts in product(range(9), repeat=4):
        found = counts(dict(zip(NAMES, parts, strict=True)))
        hidden = [n for name, n in zip(NAMES, parts, strict=True) if found.parts[name].suppressed]
        assert all(n >= 5 for name, n in zip(NAMES, parts, strict=True) if not found.parts[name].suppressed)
        if found.total.suppressed:
            assert sum(parts) < 5
            assert len(hidden) == 4
        elif hidden:
            assert len(hidden) >= 2
            assert sum(hidden) >= 5


@pytest.mark.parametrize(
    ("part", "whole", "value"),
    [
        (5, 10, 0.5),
        (4, 100, None),
        (96, 100, None),
        (95, 100, 0.95),
        (0, 0, None),
        (0, 50, None),
        (1, 3, None),
    ],
)
def test_shares(part: int, whole: int, value: float | None) -> None:
    assert share(part, whole).value == value


def test_figures_about_few() -> None:
    assert about(12.5, 5) == Figure(12.5)
    assert about(12.5, 4) == SUPPRESSED
    assert about(None, 9) == SUPPRESSED
    assert SUPPRESSED.to_json() == {"value": None, "suppressed": True}

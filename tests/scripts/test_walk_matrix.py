"""The walk at scale looks into workbooks, and its rank test tells unlike samples apart."""

from __future__ import annotations

import io
from random import Random

import pytest
import xlsxwriter
from flask import Response

from scripts import walk_matrix
from tests.matrices import test_tenants, world


def test_a_workbook_is_unzipped() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        book.add_worksheet().write(0, 0, world.canary("eeu.am."))
    assert b"canary" not in packed.getvalue()
    said = walk_matrix.text_of(Response(packed.getvalue()))  # type: ignore[arg-type]
    assert test_tenants.leaks("eeu.ru.", said) == {("kept", "eeu.am.")}


def test_headers_are_read_too() -> None:
    answer = Response(
        "", headers={"Content-Disposition": f"attachment; filename={world.canary('eeu.am.')}.csv"}
    )
    assert test_tenants.leaks("eeu.ru.", walk_matrix.text_of(answer))  # type: ignore[arg-type]


def test_unlike_samples_are_told_apart_and_like_ones_are_not() -> None:
    chance = Random(7)
    one, two = ([chance.gauss(10, 1) for _ in range(300)] for _ in range(2))
    assert walk_matrix.ranks_differ(one, two) > walk_matrix.SELDOM
    assert walk_matrix.ranks_differ(one, [value + 0.5 for value in two]) < walk_matrix.SELDOM


def test_the_rank_test_agrees_with_a_worked_example() -> None:
    """Ranks 1 to 5 against 6 to 10: U = 0, mean 12.5, deviation 4.787, z = -2.611, two-sided p = 0.00902."""
    assert walk_matrix.ranks_differ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(0.00902, abs=2e-5)

"""Lists as files: CSV and XLSX say the same, numbers stay numbers, and no cell is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal.web import workbook
from portal.web.export import safe
from tests import past, texts
from tests.browser import Browser
from tests.cast import HOUSE
from tests.directory import profile_text, put_in_force, starts
from tests.office import Office

Browse = Callable[[str], Browser]
EVIL = '=HYPERLINK("http://x","y");=1+1'


def read(content: bytes) -> list[list[Any]]:
    """The cells of a workbook; a formula among them fails."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def written(*rows: list[Any]) -> list[list[Any]]:
    made = io.BytesIO()
    workbook.write(made, ["One", "Two"], rows)
    return read(made.getvalue())


@pytest.fixture
def filled(app: Flask, tmp_path: Path) -> Flask:
    office = Office(app)
    office.registered_draft(text=texts.complete(title=EVIL))
    office.draft(text=texts.complete(title="@SUM(1)"))
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), title=EVIL))
    past.taken(app, HOUSE, past.csv(tmp_path, ["=1+1,1,2025-01-01,10130010,xx,CN,CN,I,-1,1,0"]))
    return app


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("10130000.officer.goods", "/10130000/drafts.csv"),
        ("10000000.officer.goods", "/10000000/profiles.csv"),
        ("10130000.officer.goods", "/10130000/registers/draft/export?status=registered"),
        ("10130010.inspector", "/10130010/directory.csv?words=00001"),
        ("10000000.officer.goods", "/10000000/effectiveness.csv"),
        ("10130000.auditor", "/10130000/audit/export"),
        ("10130000.officer.goods", "/10130000/history/1/faults.csv"),
    ],
)
def test_every_list_has_both_files_and_they_say_the_same(
    filled: Flask, browse: Browse, login: str, address: str
) -> None:
    client = browse(login).client
    plain = client.get(address)
    rows = list(csv.reader(io.StringIO(plain.get_data(as_text=True).removeprefix("\ufeff"))))
    answer = client.get(f"{address}{'&' if '?' in address else '?'}file=xlsx")
    assert answer.mimetype == workbook.MIMETYPE
    name = plain.headers["Content-Disposition"].replace(".csv", ".xlsx")
    assert answer.headers["Content-Disposition"] == name
    sheet = read(answer.get_data())
    assert [[safe(cell) for cell in row] for row in sheet] == rows
    assert len(rows) > 1
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_the_lists_lead_to_both_files(filled: Flask, browse: Browse) -> None:
    for login, address in (
        ("10130000.officer.goods", "/10130000/drafts?status=drafting"),
        ("10130000.auditor", "/10130000/audit"),
    ):
        browser = browse(login)
        link = next(link for link in browser.get(address).links() if "file=xlsx" in link)
        assert browser.client.get(link).mimetype == workbook.MIMETYPE


def test_the_formula_itself_is_kept_as_text(filled: Flask, browse: Browse) -> None:
    answer = browse("10130000.officer.goods").client.get("/10130000/drafts.csv?file=xlsx&status=registered")
    assert read(answer.get_data())[1][2] == EVIL


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        (0, "0"),
        ("-5", "'-5"),
        ("a;=1+1;b", "a;'=1+1;b"),
        ('a;"=1&"";b', 'a;"\'=1&"";b'),
        ("a\n=1", "a\n'=1"),
        ("  =1", "  '=1"),
        ("＝1", "'＝1"),
        ("two\n\nlines", "two\n\nlines"),
        ("a = b, c-d", "a = b, c-d"),
        ('{"a": "-5"}', '{"a": "-5"}'),
    ],
)
def test_texts_are_marked_wherever_a_cell_may_begin_and_numbers_never(cell: Any, text: str) -> None:
    assert safe(cell) == text


def test_numbers_stay_numbers_and_long_ones_keep_their_digits() -> None:
    rows = written([-5, Decimal("12.50")], ["12", 1234567890123456], [None, float("inf")])
    assert rows[1:] == [[-5, 12.5], ["12", "1234567890123456"], [None, "inf"]]


def test_no_text_breaks_the_file() -> None:
    rows = written(["\x00\x01_x0041_", "half \ud800"], ["x" * 40_000, "\ufffe"])
    assert rows[1][1] == "half ?"
    assert len(rows[2][0]) == workbook.LONGEST
    assert rows[2][0].endswith("x…")


def test_a_list_longer_than_a_sheet_says_so(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    with app.test_request_context():
        rows = written(*([number, 0] for number in range(9)))
    assert [row[0] for row in rows[:3]] == ["One", 0, 1]
    assert "Take it as CSV" in rows[3][0]
    assert len(rows) == 4

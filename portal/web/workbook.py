"""Writes a list as an XLSX workbook in which every cell is a text or a number, never a formula."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from flask import Response
from flask_babel import gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a sheet and a cell of the format hold at most; digits that its numbers keep.
MOST_ROWS, LONGEST, DIGITS = 1_048_576, 32_767, 15
_NARROW, _WIDE = 12, 60
_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Cells = Iterable[str | int | float | Decimal | None]


def xlsx_file(name: str, header: Iterable[str], rows: Iterable[Cells]) -> Response:
    """An answer that downloads as `name`.xlsx; made on disk, a row at a time."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent, or thrown away
    write(made, header, rows)
    answer = Response(_pieces(made), mimetype=MIMETYPE)
    answer.call_on_close(made.close)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def write(file: IO[bytes], header: Iterable[str], rows: Iterable[Cells]) -> None:
    """Write a workbook of one sheet into `file`, and go back to its beginning."""
    with Workbook(file, _SAFE) as book:
        sheet = book.add_worksheet()
        heads = list(header)
        for place, words in enumerate(heads):
            sheet.set_column(place, place, min(max(len(words) + 4, _NARROW), _WIDE))
        sheet.freeze_panes(1, 0)
        _row(sheet, 0, heads, book.add_format({"bold": True}))
        for number, cells in enumerate(rows, 1):
            if number == MOST_ROWS - 1:
                _row(sheet, number, [gettext("The list goes on: a sheet holds no more. Take it as CSV.")])
                break
            _row(sheet, number, cells)
    file.seek(0)


def _row(sheet: Worksheet, number: int, cells: Cells, form: Any = None) -> None:
    for place, cell in enumerate(cells):
        if _is_number(cell):
            sheet.write_number(number, place, cell, form)
        elif cell is not None and cell != "":
            sheet.write_string(number, place, _text(str(cell)), form)


def _is_number(cell: object) -> bool:
    """A number that the format keeps as it is; longer ones are written as text, digit by digit."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return False
    return math.isfinite(cell) and len(str(cell).strip("-").replace(".", "").lstrip("0")) <= DIGITS


def _text(words: str) -> str:
    """What fits a cell; half signs, which no file can hold, give way to a mark."""
    whole = words.encode("utf-8", "replace").decode()
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(65_536):
            yield piece

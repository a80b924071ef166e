"""Sends a list as a CSV file, a row at a time, that a spreadsheet opens and never executes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

from portal.store.session import scope_of, session
from portal.web.acting import acting

#: A cell that begins so is a formula to a spreadsheet, whatever it was meant to be.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | None


def safe(cell: Cell) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_file(name: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Response:
    """An answer that downloads as `name`.csv, in UTF-8 with the mark that spreadsheets look for.

    Args:
        rows: read while the answer is being sent, so that no list is ever held whole; a generator that asks the
            store only once it is read.
    """
    answer = Response(stream_with_context(_lines(header, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _lines(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    session().enter(scope_of(acting().path))  # the request's own session is gone when the answer is sent
    yield "\N{BYTE ORDER MARK}" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[Cell]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerow([safe(cell) for cell in cells])
    return sheet.getvalue()

"""Sends a list as a file, CSV or XLSX as its address asks, that a spreadsheet opens and never executes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from flask import Response, stream_with_context

from portal.store.session import scope_of, session
from portal.web import arguments
from portal.web.acting import acting
from portal.web.workbook import xlsx_file

#: What a spreadsheet takes for the beginning of a formula: at the beginning of a cell, and after a sign at which
#: another country's spreadsheet ends a cell or a line of the same file.
_FORMULA = re.compile('^(?=[\t\r\n])|(?:^\\s*|[;\t\r\n])"*(?=[=+\\-@＝＋－＠])')

Cell = str | int | float | Decimal | None


def safe(cell: Cell) -> str:
    """The cell as text that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell is None:
        return ""
    return _FORMULA.sub(r"\g<0>'", cell) if isinstance(cell, str) else str(cell)


def list_file(name: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Response:
    """An answer that downloads the list: as `name`.xlsx when the address says ``file=xlsx``, else as `name`.csv.

    Args:
        rows: a generator that asks the store only once it is read; no list is ever held whole.
    """
    return (xlsx_file if arguments.text("file") == "xlsx" else csv_file)(name, header, rows)


def csv_file(name: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Response:
    """An answer that downloads as `name`.csv, in UTF-8 with the mark that spreadsheets look for.

    Args:
        rows: read while the answer is being sent.
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

"""Reads a table that was sent as XLSX or CSV into plain texts, and refuses what would exhaust the reader."""

from __future__ import annotations

import csv
import io
import logging
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl

from portal.levels.words import N_

log = logging.getLogger(__name__)

#: What a table may hold at most: bytes of the file, rows beneath the headings, columns, characters of a cell.
LARGEST, MOST_ROWS, MOST_COLUMNS, LONGEST = 2 * 1024 * 1024, 500, 30, 1_000
#: What an XLSX may hold once it is unpacked: parts, bytes in all, bytes of a part that is no sheet, marks of elements.
MOST_PARTS, UNPACKED, UNPACKED_PART, MOST_MARKS = 200, 12 * 1024 * 1024, 1024 * 1024, 300_000
_SHEETS = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_READ = re.compile(r".*\.(xml|rels|vml)", re.IGNORECASE)
#: An encoding in which the words that are looked for could hide.
_ENCODED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)

TOO_LARGE = N_("The file is too large: at most %(most)s bytes.")
EMPTY = N_("The file is empty, or its first sheet is.")
OLD_FORM = N_("This is an old or a locked workbook. Save it as XLSX without a password and send that.")
BOMB = N_("The file holds far more than a table of officers needs. Copy the table into a new workbook.")
NO_TABLE = N_("The file cannot be read as XLSX or CSV. Save the table anew and send that file.")
LONG_TABLE = N_("The table has more than %(most)s rows. Send it in several files.")
WIDE_TABLE = N_("The table has more than %(most)s columns. Leave only those that are listed here.")
LONG_CELL = N_("A cell has more than %(most)s characters.")


class Unreadable(Exception):
    """Nothing of the file can be used; `words` say why, with `params` for their holes."""

    def __init__(self, words: str, **params: object) -> None:
        super().__init__(words)
        self.words, self.params = words, params


@dataclass(frozen=True)
class Cell:
    """A cell as text; `formula` when a spreadsheet would compute it."""

    text: str
    formula: bool = False


_NOTHING = Cell("")


@dataclass(frozen=True)
class Row:
    """A row with its number in the sender's own table, counted from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The headings, and the rows beneath them that are not empty."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Table:
    """The first sheet of a workbook, or a CSV file.

    Raises:
        Unreadable: it is neither, holds nothing, or holds too much.
    """
    if len(content) > LARGEST:
        raise Unreadable(TOO_LARGE, most=LARGEST)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(OLD_FORM)
    if content.startswith(b"PK"):
        return _table(_of_workbook(content))
    return _table(_of_csv(content))


def _table(lines: Iterable[tuple[Cell, ...]]) -> Table:
    heads: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in enumerate(lines, 1):
        cells = _bounded(cells)
        if not heads:
            heads = tuple(cell.text for cell in cells)
        elif any(cell.text for cell in cells):
            rows.append(Row(number, (cells + (Cell(""),) * len(heads))[: max(len(heads), len(cells))]))
        if len(rows) > MOST_ROWS:
            raise Unreadable(LONG_TABLE, most=MOST_ROWS)
    if not rows:
        raise Unreadable(EMPTY)
    return Table(heads, tuple(rows))


def _bounded(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells without the empty ones at the end."""
    while cells and not cells[-1].text:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(WIDE_TABLE, most=MOST_COLUMNS)
    if any(len(cell.text) > LONGEST for cell in cells):
        raise Unreadable(LONG_CELL, most=LONGEST)
    return cells


def _of_csv(content: bytes) -> Iterator[tuple[Cell, ...]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if number > 4 * MOST_ROWS:
                raise Unreadable(LONG_TABLE, most=MOST_ROWS)
            yield tuple(_cell(cell) for cell in line)
    except csv.Error as error:
        raise Unreadable(NO_TABLE) from error


def _decoded(content: bytes) -> str:
    """UTF-8, or what older office suites write: UTF-16 with its mark, or Windows Cyrillic."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(NO_TABLE)


def _cell(text: str) -> Cell:
    return Cell(" ".join(text.split()), text.lstrip()[:1] in tuple("=+-@＝＋－＠"))


def _of_workbook(content: bytes) -> Iterator[tuple[Cell, ...]]:
    """The rows of the first sheet; whatever a forged file makes of the library ends in one refusal."""
    try:
        _refuse_bombs(zipfile.ZipFile(io.BytesIO(content)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the sheet says of its size is not believed
            for row in sheet.iter_rows(max_row=4 * MOST_ROWS, max_col=MOST_COLUMNS + 1):
                yield tuple(_of_sheet(cell) for cell in row)
    except Unreadable:
        raise
    except Exception as error:
        log.info("a workbook could not be read: %s: %s", type(error).__name__, error)
        raise Unreadable(NO_TABLE) from error


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Look at what the parts would unpack to, and into those that are parsed, before anything parses them."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise Unreadable(BOMB)
    if sum(part.file_size for part in parts) > UNPACKED:
        raise Unreadable(BOMB)
    marks = 0
    for part in parts:
        if part.file_size > UNPACKED_PART and not _SHEETS.fullmatch(part.filename):
            raise Unreadable(BOMB)
        if _READ.fullmatch(part.filename):
            marks += _marks(archive.read(part))
    if marks > MOST_MARKS:
        raise Unreadable(BOMB)


def _marks(xml: bytes) -> int:
    """How many elements begin or end; a part that declares entities, or hides its words, is no part of a table."""
    if b"<!" in xml.replace(b"<![CDATA[", b"").replace(b"<!--", b"") or b"\x00" in xml:
        raise Unreadable(BOMB)
    if _ENCODED.search(xml[:300]):
        raise Unreadable(BOMB)
    return xml.count(b"<")


def _of_sheet(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return _NOTHING
    if getattr(cell, "data_type", "n") == "f":
        return Cell(_formula(value), formula=True)
    if isinstance(value, datetime):
        return Cell(value.date().isoformat() if value.time() == time.min else value.isoformat(" "))
    if isinstance(value, date):
        return Cell(value.isoformat())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return _cell(str(value))


def _formula(value: Any) -> str:
    """The formula as it was written; one that spans several cells keeps its text inside."""
    return str(getattr(value, "text", None) or value)[:LONGEST]

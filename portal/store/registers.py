"""Questions about the registers: their lines by filter, a page at a time, with the notes to each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from portal.models import Document, Register, RegisterEntry, RegisterNote
from portal.store.session import session
from portal.workflow.statuses import P

#: Lines on a page, on a sheet of the printed journal, and in one question of an export.
PAGE, SHEET, CHUNK = 50, 25, 500
_LIVE = (P.IN_FORCE, P.SUSPENDED)


@dataclass(frozen=True)
class Book:
    """One register: the path of its authority, "draft" or "profile", and the zone in which its days are counted."""

    path: str
    kind: str
    zone: str


@dataclass(frozen=True)
class Filters:
    """What a register is asked for; an empty value asks for all.

    Attributes:
        since, until: first and last day of registration.
        code: the two digits that open the number.
        words: parts of the title or number.
        status: a status in which some version under the number stands.
    """

    since: date | None = None
    until: date | None = None
    code: str = ""
    words: str = ""
    status: str = ""

    @property
    def any(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class Note:
    """A later note to a line."""

    at: datetime
    event: str
    words: str
    version: int


@dataclass
class Line:
    """One line of a register with the present status of what it registered."""

    id: int
    serial: int
    number: str
    document_id: int
    title: str
    at: datetime
    officer_name: str
    text_hash: str
    status: str = ""
    version: int = 1
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Slice:
    """One page, newest first, with the serials from which the neighbouring pages go on."""

    lines: list[Line]
    older: int | None
    newer: int | None


def last_serial(book: Book) -> int:
    """The last number given out; 0 when none was, or the authority keeps no such register."""
    asked = select(Register.last_serial).where(
        Register.authority_path == book.path, Register.kind == book.kind
    )
    return session().scalar(asked) or 0


def page(book: Book, asked: Filters, before: int | None = None, after: int | None = None) -> Slice:
    """The newest lines, those `before` a serial, or those `after` one."""
    question = _narrowed(book, asked)
    if after is not None:
        up = _lines(
            book,
            question.where(RegisterEntry.serial > after).order_by(RegisterEntry.serial).limit(PAGE + 1),
        )
        more, lines = len(up) > PAGE, up[:PAGE][::-1]
        return Slice(lines, lines[-1].serial if lines else None, lines[0].serial if more else None)
    if before is not None:
        question = question.where(RegisterEntry.serial < before)
    down = _lines(book, question.order_by(RegisterEntry.serial.desc()).limit(PAGE + 1))
    more, lines = len(down) > PAGE, down[:PAGE]
    newer = lines[0].serial if before is not None and lines else None
    return Slice(lines, lines[-1].serial if more else None, newer)


def sheet(book: Book, first: int) -> list[Line]:
    """The lines of one sheet of the printed journal, in the order of their numbers."""
    asked = _narrowed(book, Filters()).where(RegisterEntry.serial >= first)
    return _lines(book, asked.order_by(RegisterEntry.serial).limit(SHEET))


def every(book: Book, asked: Filters) -> Iterator[Line]:
    """All lines, newest first, asked for in portions so that none is held longer than it is needed."""
    before: int | None = None
    while True:
        question = _narrowed(book, asked)
        if before is not None:
            question = question.where(RegisterEntry.serial < before)
        lines = _lines(book, question.order_by(RegisterEntry.serial.desc()).limit(CHUNK))
        yield from lines
        if len(lines) < CHUNK:
            return
        before = lines[-1].serial


Entries = Select[*tuple[Any, ...]]


def _narrowed(book: Book, asked: Filters) -> Entries:
    return (
        select(
            RegisterEntry.id,
            RegisterEntry.serial,
            RegisterEntry.number,
            RegisterEntry.document_id,
            RegisterEntry.title,
            RegisterEntry.at,
            RegisterEntry.officer_name,
            RegisterEntry.text_hash,
        )
        .join(Register, Register.id == RegisterEntry.register_id)
        .where(Register.authority_path == book.path, Register.kind == book.kind, *_conditions(book, asked))
    )


def _conditions(book: Book, asked: Filters) -> Iterable[ColumnElement[bool]]:
    zone = ZoneInfo(book.zone)
    if asked.since:
        yield RegisterEntry.at >= datetime.combine(asked.since, time(), zone)
    if asked.until and asked.until < date.max:
        yield RegisterEntry.at < datetime.combine(asked.until + timedelta(days=1), time(), zone)
    if asked.code:
        yield RegisterEntry.number.startswith(f"{asked.code}/", autoescape=True)
    for word in asked.words.split()[:5]:
        # SQLite folds the case of Latin letters alone: the usual spellings are asked for one by one
        spellings = dict.fromkeys((word, word.lower(), word.capitalize(), word.upper()))
        yield or_(
            *(RegisterEntry.title.icontains(spelling, autoescape=True) for spelling in spellings),
            RegisterEntry.number.contains(word, autoescape=True),
        )
    if asked.status:
        version = aliased(Document)
        yield exists().where(
            version.authority_path == RegisterEntry.authority_path,
            version.document == book.kind,
            version.number == RegisterEntry.number,
            version.status == asked.status,
        )


def _lines(book: Book, question: Entries) -> list[Line]:
    lines = [Line(*row) for row in session().execute(question)]
    _add_statuses(book, lines)
    _add_notes(lines)
    return lines


def _add_statuses(book: Book, lines: Sequence[Line]) -> None:
    """The version in force speaks for its number; before and after it, the newest one does."""
    asked = (
        select(Document.number, Document.version, Document.status)
        .where(Document.authority_path == book.path, Document.document == book.kind)
        .where(Document.number.in_([line.number for line in lines]))
        .order_by(Document.status.in_(_LIVE), Document.version)
    )
    speaking = {row.number: row for row in session().execute(asked)}
    for line in lines:
        if line.number in speaking:
            line.version, line.status = speaking[line.number].version, speaking[line.number].status


def _add_notes(lines: Sequence[Line]) -> None:
    by_id = {line.id: line for line in lines}
    asked = (
        select(
            RegisterNote.entry_id,
            RegisterNote.at,
            RegisterNote.event,
            RegisterNote.words,
            RegisterNote.version,
        )
        .where(RegisterNote.entry_id.in_(list(by_id)))
        .order_by(RegisterNote.id)
    )
    for row in session().execute(asked):
        by_id[row.entry_id].notes.append(Note(row.at, row.event, row.words, row.version))

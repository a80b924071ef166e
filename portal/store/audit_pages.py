"""Questions about the audit trail of one authority: its entries by filter, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from portal.models import AuditEntry
from portal.store.session import session

PAGE, CHUNK = 50, 500


@dataclass(frozen=True)
class Trail:
    """One chain: the path of its authority, and the zone in which its days are counted."""

    path: str
    zone: str


@dataclass(frozen=True)
class Filters:
    """What the trail is asked for; an empty value asks for all.

    Attributes:
        officer: part of a name.
        action: the name of a request, job or command.
        table: name of a table of which some row was changed.
        row: id of that row, None for any.
    """

    day: date | None = None
    officer: str = ""
    action: str = ""
    table: str = ""
    row: int | None = None

    @property
    def any(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class Entry:
    """One entry: who, when, where, what, before, after."""

    serial: int
    at: datetime
    officer_name: str
    acting_at: str
    action: str
    address: str
    request: str
    object_type: str
    object_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Slice:
    """One page, newest first, with the serials from which the neighbouring pages go on."""

    entries: list[Entry]
    older: int | None
    newer: int | None


Entries = Select[*tuple[Any, ...]]


def page(trail: Trail, asked: Filters, before: int | None = None, after: int | None = None) -> Slice:
    """The newest entries, those `before` a serial, or those `after` one."""
    question, serial = _narrowed(trail, asked), AuditEntry.serial
    if after is not None:
        up = _entries(question.where(serial > after).order_by(serial).limit(PAGE + 1))
        more, found = len(up) > PAGE, up[:PAGE][::-1]
        return Slice(found, found[-1].serial if found else None, found[0].serial if more else None)
    if before is not None:
        question = question.where(serial < before)
    down = _entries(question.order_by(serial.desc()).limit(PAGE + 1))
    more, found = len(down) > PAGE, down[:PAGE]
    newer = found[0].serial if before is not None and found else None
    return Slice(found, found[-1].serial if more else None, newer)


def every(trail: Trail, asked: Filters) -> Iterator[Entry]:
    """All entries, newest first, asked for in portions."""
    before: int | None = None
    while True:
        question = _narrowed(trail, asked)
        if before is not None:
            question = question.where(AuditEntry.serial < before)
        found = _entries(question.order_by(AuditEntry.serial.desc()).limit(CHUNK))
        yield from found
        if len(found) < CHUNK:
            return
        before = found[-1].serial


def tables(trail: Trail) -> list[str]:
    """The tables in which this chain names a change first, for the choice of a filter."""
    asked = select(AuditEntry.object_type).where(AuditEntry.authority_path == trail.path).distinct()
    return sorted(session().scalars(asked))


def actions(trail: Trail) -> list[str]:
    """The acts that this chain names, for the choice of a filter."""
    asked = select(AuditEntry.action).where(AuditEntry.authority_path == trail.path).distinct()
    return sorted(session().scalars(asked))


def entry_columns() -> list[Any]:
    """What is asked of each entry, in the order of `Entry`."""
    return [getattr(AuditEntry, one.name) for one in fields(Entry)]


def _narrowed(trail: Trail, asked: Filters) -> Entries:
    return select(*entry_columns()).where(AuditEntry.authority_path == trail.path, *_conditions(trail, asked))


def _conditions(trail: Trail, asked: Filters) -> Iterable[ColumnElement[bool]]:
    if asked.day:
        begin = datetime.combine(asked.day, time(), ZoneInfo(trail.zone))
        yield AuditEntry.at >= begin
        if asked.day < date.max:
            yield AuditEntry.at < datetime.combine(
                asked.day + timedelta(days=1), time(), ZoneInfo(trail.zone)
            )
    if asked.officer:
        spellings = dict.fromkeys((asked.officer, asked.officer.lower(), asked.officer.capitalize()))
        yield or_(*(AuditEntry.officer_name.icontains(one, autoescape=True) for one in spellings))
    if asked.action:
        yield AuditEntry.action == asked.action
    if asked.table:
        yield AuditEntry.object_type == asked.table
    if asked.row is not None:
        yield AuditEntry.object_id == asked.row


def _entries(question: Entries) -> list[Entry]:
    return [Entry(*row) for row in session().execute(question)]

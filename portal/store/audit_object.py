"""Questions about one object in the audit trail: every entry that touched it, and who read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_, select

from portal.models import AuditEntry, DocumentRead, Tenant
from portal.models.base import Base
from portal.store.audit_pages import Entry, entry_columns
from portal.store.session import session

PAGE = 50
#: Of an entry and a reading of the same moment, the entry stands first.
ENTRY, READ = 1, 0


@dataclass(frozen=True)
class Read:
    """One reading of a document."""

    id: int
    at: datetime
    officer_name: str
    acting_at: str
    version: int
    how: str
    address: str


@dataclass(frozen=True)
class Place:
    """A place in a timeline, from which the next page goes on: moment, kind, number."""

    at: datetime
    kind: int
    number: int

    @property
    def text(self) -> str:
        return (
            f"{int(self.at.astimezone(UTC).timestamp())}.{self.at.microsecond:06}-{self.kind}-{self.number}"
        )

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that a text names; None when it names none."""
        try:
            moment, kind, number = text.split("-")
            seconds, micros = moment.split(".")
            at = datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(micros))
            found = cls(at, int(kind), int(number))
        except (ValueError, OverflowError, OSError):
            return None
        return found if found.kind in (ENTRY, READ) and 0 <= found.number < 2**31 else None


@dataclass(frozen=True)
class Happening:
    """An entry that touched the object, or a reading of it."""

    place: Place
    entry: Entry | None = None
    read: Read | None = None


def tables() -> dict[str, type[Tenant]]:
    """The tables whose rows leave entries, by name, each with the class that asks for them."""
    found = {}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Tenant) and mapper.inherits is None:
            found[mapper.local_table.name] = mapper.class_  # type: ignore[attr-defined]
    return found


def owner(table: str, row: int) -> str | None:
    """The path of the authority to which a row belongs; None when it is not in scope, or is no more."""
    model: Any = tables()[table]
    found: str | None = session().scalar(select(model.authority_path).where(model.id == row))
    return found


def page(
    path: str, table: str, row: int, before: Place | None = None
) -> tuple[list[Happening], Place | None]:
    """The newest happenings of an object before a place, and the place from which older ones go on.

    Args:
        path: of the chain in which the object's entries stand.
    """
    found = [*_entries(path, f"{table}:{row}", before)]
    if table == "document":
        found += _reads(row, before)
    found.sort(key=lambda one: (one.place.at, one.place.kind, one.place.number), reverse=True)
    shown = found[:PAGE]
    return shown, shown[-1].place if len(found) > PAGE else None


def _entries(path: str, name: str, before: Place | None) -> Iterator[Happening]:
    """An entry names what it touched by the keys of its `after`; no string in it can be taken for such a key."""
    asked = select(*entry_columns()).where(
        AuditEntry.authority_path == path,
        cast(AuditEntry.after, String).contains(f'"{name}":', autoescape=True),
        *_earlier(AuditEntry, AuditEntry.serial, ENTRY, before),
    )
    ordered = asked.order_by(AuditEntry.at.desc(), AuditEntry.serial.desc()).limit(PAGE + 1)
    for entry in (Entry(*one) for one in session().execute(ordered)):
        yield Happening(Place(entry.at, ENTRY, entry.serial), entry=entry)


def _reads(document_id: int, before: Place | None) -> Iterator[Happening]:
    one = DocumentRead
    asked = select(one.id, one.at, one.officer_name, one.acting_at, one.version, one.how, one.address).where(
        one.document_id == document_id, *_earlier(one, one.id, READ, before)
    )
    for read in (
        Read(*row) for row in session().execute(asked.order_by(one.at.desc(), one.id.desc()).limit(PAGE + 1))
    ):
        yield Happening(Place(read.at, READ, read.id), read=read)


def _earlier(model: Any, number: Any, kind: int, before: Place | None) -> Iterable[ColumnElement[bool]]:
    if before is None:
        return
    if kind < before.kind:
        yield model.at <= before.at
    elif kind > before.kind:
        yield model.at < before.at
    else:
        yield or_(model.at < before.at, and_(model.at == before.at, number < before.number))

"""Writes the audit trail: what a transaction changed, chained by hash, in that same transaction (design §8)."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from portal.models.audit import AuditEntry, AuditHead
from portal.models.base import Tenant
from portal.store.gateway import ScopedSession
from portal.workflow.clock import now

_GENESIS = "0" * 64
#: Columns too long for a trail: their SHA-256 stands for them.
_LONG = 400
#: Columns that no auditor may read; the trail says that they changed, never to what.
_SECRET = frozenset({"password_hash", "secret", "code_hash"})

Values = dict[str, Any]


@dataclass
class _Change:
    """What one transaction does to one row: how it found it, how it leaves it."""

    new: bool
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)


#: Changes by the path of the authority, then by table and id ("document:7").
_Pending = dict[str, dict[str, _Change]]


@dataclass(frozen=True)
class Who:
    """For whom a session acts: `action` names the request or job, `acting_at` the authority."""

    officer_id: int | None
    officer_name: str
    acting_at: str
    action: str


def plain(value: Any) -> Any:
    """A column's value exactly as JSON gives it back from either database; long ones by their hash."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    stored = json.loads(json.dumps(value))  # keys become text, tuples lists: what is hashed is what is read
    spelled = stored if isinstance(stored, str) else json.dumps(stored, ensure_ascii=False, sort_keys=True)
    if len(spelled) > _LONG:
        return "sha256:" + hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()
    return stored


def digest(entry: AuditEntry) -> str:
    """The hash of an entry over all its fields and the hash of the entry before it."""
    parts = [
        entry.previous,
        entry.authority_path,
        entry.serial,
        entry.at.astimezone(UTC).isoformat(),
        entry.officer_id,
        entry.officer_name,
        entry.acting_at,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.before,
        entry.after,
    ]
    spelled = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()


@event.listens_for(ScopedSession, "after_flush")
def _collect(session: Session, context: object) -> None:
    for row in session.new:
        _note(session, row, "new")
    for row in session.dirty:
        _note(session, row, "changed")
    for row in session.deleted:
        _note(session, row, "deleted")


def _note(session: Session, row: object, how: str) -> None:
    if not isinstance(row, Tenant) or isinstance(row, AuditEntry | AuditHead):
        return
    before, after = _values(row, how)
    if how == "changed" and not before and not after:
        return
    name = f"{inspect(row).mapper.local_table.name}:{getattr(row, 'id', '')}"
    change = _pending(session).setdefault(row.authority_path, {}).setdefault(name, _Change(how == "new"))
    if not change.new:  # a row born in this transaction was nothing before it
        change.before = before | change.before
    change.after = {} if how == "deleted" else change.after | after


def _values(row: Tenant, how: str) -> tuple[Values, Values]:
    """The columns that one flush changes, as they were before it and as they are after it."""
    state = inspect(row)
    before, after = {}, {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        value = state.dict.get(column.key)  # what is not loaded is not asked for in the middle of a flush
        if how == "deleted" and column.key in state.dict:
            before[column.key] = _shown(column.key, value)
        elif how == "new":
            if value is not None:
                after[column.key] = _shown(column.key, value)
        elif history.has_changes():
            after[column.key] = _shown(column.key, value)
            if history.deleted:
                before[column.key] = _shown(column.key, history.deleted[0])
    return before, after


def _shown(column: str, value: Any) -> Any:
    return "(secret)" if column in _SECRET and value else plain(value)


def _pending(session: Session) -> _Pending:
    return session.info.setdefault("audit", {})  # type: ignore[no-any-return]


def tell(session: Session, path: str, row: str, values: Values) -> None:
    """Put into the trail of an authority what changes no row of it, such as a sign-in ("officer:7")."""
    _pending(session).setdefault(path, {})[row] = _Change(new=True, after=values)


def changed(session: Session) -> bool:
    """Whether this transaction has changed, or is about to change, any row of a tenant."""
    waiting = (*session.new, *session.dirty, *session.deleted)
    return bool(session.info.get("audit")) or any(isinstance(row, Tenant) for row in waiting)


@event.listens_for(ScopedSession, "do_orm_execute")
def _note_bulk(state: ORMExecuteState) -> None:
    """A bulk update or delete passes the flush by: the trail names its table and the columns it sets."""
    mapper, scope = state.bind_mapper, state.session.info.get("scope")
    if not (state.is_update or state.is_delete) or mapper is None or scope is None:
        return
    if not issubclass(mapper.class_, Tenant):
        return
    given = state.parameters if isinstance(state.parameters, dict) else {}
    named = {**(getattr(state.statement, "_values", None) or {}), **given}
    keyed = ((str(getattr(column, "key", column)), value) for column, value in named.items())
    after = {key: "(secret)" if key in _SECRET else str(value) for key, value in keyed}
    changes = _pending(state.session).setdefault(scope.home.text, {})
    change = changes.setdefault(f"{mapper.persist_selectable}:", _Change(True))
    change.after |= after or {"": "deleted"}


@event.listens_for(ScopedSession, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("audit_at_savepoint", {})[id(transaction)] = copy.deepcopy(_pending(session))


@event.listens_for(ScopedSession, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """A savepoint rolled back takes its own changes out of the trail, and leaves those before it."""
    saved: dict[int, _Pending] = session.info.get("audit_at_savepoint", {})
    if previous.nested:
        session.info["audit"] = saved.pop(id(previous), {})
    elif previous.parent is None:
        session.info.pop("audit", None)
        saved.clear()


@event.listens_for(ScopedSession, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint is released: the transaction itself goes on
        return
    session.flush()
    pending: _Pending = session.info.pop("audit", {})
    session.info.pop("audit_at_savepoint", None)
    for path in sorted(pending):  # one order for all: two transactions never wait for each other in a ring
        _chain(session, path, pending[path])
    session.flush()


def _chain(session: Session, path: str, changes: dict[str, _Change]) -> None:
    head = _locked_head(session, path)
    who: Who = session.info.get("who") or Who(None, "", "", "unnamed")
    kind, _, number = next(iter(changes)).partition(":")
    entry = AuditEntry(
        authority_path=path,
        serial=head.serial + 1,
        at=now(),
        officer_id=who.officer_id,
        officer_name=who.officer_name,
        acting_at=who.acting_at,
        action=who.action,
        object_type=kind,
        object_id=int(number) if number.isdigit() else None,
        before={name: change.before for name, change in changes.items() if change.before},
        after={name: change.after for name, change in changes.items()},
        previous=head.hash or _GENESIS,
    )
    entry.hash = digest(entry)
    head.serial, head.hash = entry.serial, entry.hash
    session.add(entry)


def _locked_head(session: Session, path: str) -> AuditHead:
    asked = select(AuditHead).where(AuditHead.authority_path == path).with_for_update()
    head = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if head is None:
        head = AuditHead(authority_path=path, serial=0, hash="")
        session.add(head)
    return head


@dataclass(frozen=True)
class Break:
    """Where a chain is broken: the serial at which it stops being true, and why."""

    path: str
    serial: int
    why: str


@dataclass(frozen=True)
class Checkpoint:
    """The end of a chain at some moment; kept outside the database, it shows a chain that was cut back since."""

    serial: int
    hash: str


def checkpoint(session: Session, path: str) -> Checkpoint:
    """The present end of the chain of one authority; serial 0 when nothing was ever written."""
    head = session.scalars(select(AuditHead).where(AuditHead.authority_path == path)).one_or_none()
    return Checkpoint(head.serial, head.hash) if head else Checkpoint(0, "")


def verify(session: Session, path: str, against: Checkpoint | None = None) -> Iterator[Break]:
    """Follow the chain of one authority from its first entry; yields the first break, or nothing.

    Args:
        against: an earlier end of the chain, which must still stand in it.
    """
    previous, expected = _GENESIS, 1
    asked = select(AuditEntry).where(AuditEntry.authority_path == path).order_by(AuditEntry.serial)
    with closing(session.scalars(asked.execution_options(yield_per=1000))) as entries:
        for entry in entries:
            why = _fault(entry, expected, previous)
            if not why and against and entry.serial == against.serial and entry.hash != against.hash:
                why = "it differs from the checkpoint"
            if why:
                yield Break(path, min(entry.serial, expected), why)
                return
            previous, expected = entry.hash, expected + 1
    yield from _end(session, path, previous, expected, against)


def _fault(entry: AuditEntry, expected: int, previous: str) -> str:
    """Why an entry does not belong where it stands; empty when it does."""
    if entry.serial != expected:
        return "an entry is missing"
    if entry.previous != previous:
        return "it does not follow the entry before it"
    return "" if digest(entry) == entry.hash else "its content does not match its hash"


def _end(
    session: Session, path: str, previous: str, expected: int, against: Checkpoint | None
) -> Iterator[Break]:
    """A chain must end where its head and the checkpoint say; every authority has one from its founding."""
    head = checkpoint(session, path)
    if expected == 1:
        yield Break(path, 1, "the whole chain is missing")
    elif head != Checkpoint(expected - 1, previous) or (against and against.serial >= expected):
        yield Break(path, expected, "the end of the chain is missing")

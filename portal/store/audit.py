"""Writes the audit trail: what a transaction changed, chained by hash, in that same transaction (design §8)."""

from __future__ import annotations

import copy
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from portal.levels.words import N_
from portal.models.audit import AuditEntry, AuditHead, DocumentRead
from portal.models.base import Tenant
from portal.store.audit_form import FORM, digest, plain
from portal.store.gateway import ScopedSession
from portal.workflow.clock import now

_GENESIS = "0" * 64
#: Columns that no auditor may read; the trail says that they changed, never to what.
_SECRET = frozenset({"password_hash", "secret", "code_hash"})

#: What the trail itself is made of leaves no entry; a reading is not a change and has a list of its own.
_OF_THE_TRAIL = (AuditEntry, AuditHead, DocumentRead)

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
    """For whom a session acts: `action` names the request or job, `acting_at` the authority.

    Attributes:
        address: from where the visitor asked; empty for jobs and commands.
        request: the id of the request, under which the log of the server speaks of it too.
    """

    officer_id: int | None
    officer_name: str
    acting_at: str
    action: str
    address: str = ""
    request: str = ""


@event.listens_for(ScopedSession, "after_flush")
def _collect(session: Session, context: object) -> None:
    for row in session.new:
        _note(session, row, "new")
    for row in session.dirty:
        _note(session, row, "changed")
    for row in session.deleted:
        _note(session, row, "deleted")


def _note(session: Session, row: object, how: str) -> None:
    if not isinstance(row, Tenant) or isinstance(row, _OF_THE_TRAIL):
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
            # without an old value the column was only marked as changed, so that the row counts as touched
            before[column.key] = _shown(column.key, history.deleted[0] if history.deleted else value)
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
        form=FORM,
        serial=head.serial + 1,
        at=now(),
        officer_id=who.officer_id,
        officer_name=who.officer_name,
        acting_at=who.acting_at,
        action=who.action,
        address=who.address[:60],
        request=who.request[:40],
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
    """Where a chain is broken: the serial at which it stops being true, and why.

    `vouched` is the last entry for which a checkpoint still vouches; None without its marks. Between it and
    `serial` the chain was rewritten, if it was rewritten with new hashes.
    """

    path: str
    serial: int
    why: str
    vouched: int | None = None


@dataclass(frozen=True)
class Checkpoint:
    """The end of a chain at some moment; kept outside the database, it shows a chain that was cut back since.

    `marks` are the first signs of the hashes of earlier entries, by serial: they name the place of a rewriting.
    """

    serial: int
    hash: str
    marks: Mapping[int, str] = field(default_factory=dict)

    def differs(self, serial: int, found: str) -> bool:
        """Whether the entry at a serial has another hash than it had."""
        if serial == self.serial and found != self.hash:
            return True
        return serial in self.marks and not found.startswith(self.marks[serial])

    def vouches(self, serial: int) -> int | None:
        """The last marked entry before a serial."""
        return max((mark for mark in self.marks if mark < serial), default=0) if self.marks else None


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
    with closing(entries(session, path)) as found:
        for entry in found:
            why = _fault(entry, expected, previous)
            if against and against.differs(entry.serial, entry.hash) and entry.serial == expected:
                why = why or N_("it differs from the checkpoint")
            if why:
                yield _broken(path, min(entry.serial, expected), why, against)
                return
            previous, expected = entry.hash, expected + 1
    yield from _end(session, path, previous, expected, against)


def entries(session: Session, path: str) -> Generator[AuditEntry, None, None]:
    """The entries of one chain from the first on, never all at once in memory."""
    asked = select(AuditEntry).where(AuditEntry.authority_path == path).order_by(AuditEntry.serial)
    with closing(session.scalars(asked.execution_options(yield_per=1000))) as found:
        for entry in found:
            yield entry
            session.expunge(entry)


def _broken(path: str, serial: int, why: str, against: Checkpoint | None) -> Break:
    return Break(path, serial, why, against.vouches(serial) if against else None)


def _fault(entry: AuditEntry, expected: int, previous: str) -> str:
    """Why an entry does not belong where it stands; empty when it does."""
    if entry.serial != expected:
        return N_("an entry is missing")
    if entry.previous != previous:
        return N_("it does not follow the entry before it")
    return "" if digest(entry) == entry.hash else N_("its content does not match its hash")


def _end(
    session: Session, path: str, previous: str, expected: int, against: Checkpoint | None
) -> Iterator[Break]:
    """A chain must end where its head and the checkpoint say; every authority has one from its founding."""
    head = checkpoint(session, path)
    if expected == 1:
        yield _broken(path, 1, N_("the whole chain is missing"), against)
    elif head != Checkpoint(expected - 1, previous) or (against and against.serial >= expected):
        yield _broken(path, expected, N_("the end of the chain is missing"), against)

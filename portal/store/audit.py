"""Writes the audit trail: what a transaction changed, chained by hash, in that same transaction (design §8)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from portal.models.audit import AuditEntry, AuditHead
from portal.models.base import Tenant
from portal.store.gateway import ScopedSession
from portal.workflow.clock import now

_GENESIS = "0" * 64
#: Columns too long for a trail: their SHA-256 stands for them.
_LONG = 400


@dataclass(frozen=True)
class Who:
    """For whom a session acts: `action` names the request or job, `acting_at` the authority."""

    officer_id: int | None
    officer_name: str
    acting_at: str
    action: str


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it; long texts by their hash."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    spelled = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(spelled) > _LONG:
        return "sha256:" + hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()
    return value


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
    before, after = {}, {}
    for attribute in inspect(row).mapper.column_attrs:
        history = inspect(row).attrs[attribute.key].history
        if how == "changed" and not history.has_changes():
            continue
        if history.deleted:
            before[attribute.key] = plain(history.deleted[0])
        if how != "deleted" and (value := getattr(row, attribute.key)) is not None:
            after[attribute.key] = plain(value)
    if how == "changed" and not before and not after:
        return
    name = f"{inspect(row).mapper.local_table.name}:{getattr(row, 'id', '')}"
    pending = session.info.setdefault("audit", {}).setdefault(row.authority_path, {"before": {}, "after": {}})
    pending["before"].setdefault(name, {}).update(before)
    pending["after"].setdefault(name, {}).update(after)


@event.listens_for(ScopedSession, "before_commit")
def _write(session: Session) -> None:
    session.flush()
    pending = session.info.pop("audit", {})
    for path in sorted(pending):  # one order for all: two transactions never wait for each other in a ring
        _chain(session, path, pending[path])
    session.flush()
    session.info.pop("audit", None)


@event.listens_for(ScopedSession, "after_soft_rollback")
def _forget(session: Session, previous: object) -> None:
    session.info.pop("audit", None)


def _chain(session: Session, path: str, change: dict[str, dict[str, Any]]) -> None:
    head = _locked_head(session, path)
    who: Who = session.info.get("who") or Who(None, "", "", "unnamed")
    touched = next(iter(change["after"] or change["before"]))
    kind, _, number = touched.partition(":")
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
        before={name: values for name, values in change["before"].items() if values},
        after=change["after"],
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


def verify(session: Session, path: str) -> Iterator[Break]:
    """Follow the chain of one authority from its first entry; yields the first break, or nothing."""
    previous, expected = _GENESIS, 1
    asked = select(AuditEntry).where(AuditEntry.authority_path == path).order_by(AuditEntry.serial)
    for entry in session.scalars(asked.execution_options(yield_per=1000)):
        if entry.serial != expected:
            yield Break(path, expected, "an entry is missing")
            return
        if entry.previous != previous:
            yield Break(path, entry.serial, "it does not follow the entry before it")
            return
        if digest(entry) != entry.hash:
            yield Break(path, entry.serial, "its content does not match its hash")
            return
        previous, expected = entry.hash, expected + 1
    head = session.scalars(select(AuditHead).where(AuditHead.authority_path == path)).one_or_none()
    if head is not None and (head.serial, head.hash or _GENESIS) != (expected - 1, previous):
        yield Break(path, expected, "the end of the chain is missing")

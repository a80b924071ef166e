"""Questions about checkpoints of the audit trail: the ends of chains now, and those that were sealed before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.models import AuditCheckpoint, AuditEntry, AuditHead, Authority
from portal.store.audit import Checkpoint
from portal.store.gateway import unscoped
from portal.store.session import session

PAGE = 50
#: Earlier entries of which a checkpoint keeps the beginning of the hash, at most.
MARKS = 256
#: How many signs of a hash a mark keeps: it names a place and proves nothing alone.
MARK = 16


@dataclass(frozen=True)
class End:
    """The end of one chain."""

    code: str
    path: str
    serial: int
    hash: str


def ends() -> list[End]:
    """The ends of all chains in the scope's own subtree, in the order of their paths."""
    asked = (
        select(Authority.code, AuditHead.authority_path, AuditHead.serial, AuditHead.hash)
        .join(Authority, Authority.authority_path == AuditHead.authority_path)
        .order_by(AuditHead.authority_path)
    )
    return [End(*row) for row in session().execute(asked)]


def marks(path: str, last: int) -> tuple[int, list[str]]:
    """Every how many entries of a chain a mark stands, and the marks up to the entry `last`."""
    every = -(-last // MARKS) or 1
    asked = select(AuditEntry.hash).where(
        AuditEntry.authority_path == path, AuditEntry.serial <= last, AuditEntry.serial % every == 0
    )
    return every, [found[:MARK] for found in session().scalars(asked.order_by(AuditEntry.serial))]


def latest(path: str) -> AuditCheckpoint | None:
    """The last checkpoint that an authority made."""
    asked = select(AuditCheckpoint).where(AuditCheckpoint.authority_path == path)
    return session().scalars(asked.order_by(AuditCheckpoint.number.desc()).limit(1)).one_or_none()


def kept(path: str) -> Iterator[AuditCheckpoint]:
    """The checkpoints of an authority from the first on, a few at a time in memory."""
    asked = select(AuditCheckpoint).where(AuditCheckpoint.authority_path == path)
    ordered = asked.order_by(AuditCheckpoint.number).limit(PAGE)
    last = 0
    while rows := session().scalars(ordered.where(AuditCheckpoint.number > last)).all():
        yield from rows
        last = rows[-1].number


def moments() -> dict[str, datetime]:
    """When each authority made its last checkpoint, for the job that visits all."""
    asked = select(AuditCheckpoint.authority_path, func.max(AuditCheckpoint.at)).group_by(
        AuditCheckpoint.authority_path
    )
    found = session().execute(unscoped(asked, "which authorities have no checkpoint of today"))
    return {row[0]: row[1] for row in found}


@dataclass(frozen=True)
class Line:
    """A checkpoint as a list shows it."""

    id: int
    number: int
    at: datetime
    chains: int
    entries: int
    hash: str


def listing(path: str, before: int | None = None) -> list[Line]:
    """The checkpoints of an authority, newest first, one more than a page holds."""
    made = AuditCheckpoint
    asked = select(made.id, made.number, made.at, made.chains, made.entries, made.hash).where(
        made.authority_path == path
    )
    if before is not None:
        asked = asked.where(made.number < before)
    return [Line(*row) for row in session().execute(asked.order_by(made.number.desc()).limit(PAGE + 1))]


def find(checkpoint_id: int) -> AuditCheckpoint | None:
    """A checkpoint in scope."""
    return session().get(AuditCheckpoint, checkpoint_id)


def standing(body: dict[str, Any], path: str) -> Checkpoint | None:
    """What a checkpoint's body says of the chain at a path; None when it says nothing.

    Raises:
        KeyError, TypeError, ValueError: the body does not have the form of one.
    """
    line = next((one for one in body["chains"] if one["path"] == path), None)
    if line is None:
        return None
    marked: Sequence[str] = body["marks"] if body["path"] == path else ()
    return Checkpoint(
        int(line["serial"]),
        str(line["hash"]),
        {place * int(body["every"]): str(mark) for place, mark in enumerate(marked, start=1)},
    )


def stands(path: str, serial: int, found: str) -> bool:
    """Whether the entry at a serial still has the hash that was sealed; a chain without entries has no end."""
    if serial == 0:
        return True
    asked = select(AuditEntry.hash).where(AuditEntry.authority_path == path, AuditEntry.serial == serial)
    return session().scalar(asked) == found

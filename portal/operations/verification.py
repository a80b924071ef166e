"""Holds the chains of today against a checkpoint that was kept, and the kept checkpoints against their signatures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.documents import audit_key
from portal.levels.words import N_
from portal.models import AuditCheckpoint
from portal.operations import checkpoints
from portal.store import audit
from portal.store.audit import Break
from portal.store.checkpoints import kept, standing, stands
from portal.store.session import session

SEALED_ELSE = N_("the entry that was sealed is missing or another")


@dataclass(frozen=True)
class Verified:
    """What was found.

    Attributes:
        why: why the checkpoint itself cannot be believed; empty when it can.
        breaks: by path of the chain, where it is broken.
    """

    why: str
    breaks: dict[str, Break]

    @property
    def holds(self) -> bool:
        return not self.why and not self.breaks


def against(body: dict[str, Any]) -> Verified:
    """The chain of the checkpoint's own authority from its first entry on; of the others, the entry that was sealed.

    A state has a thousand chains, and a page cannot read them all: `flask audit verify --against` does.
    """
    if why := checkpoints.fault(body, audit_key.public_key()):
        return Verified(why, {})
    breaks = {}
    for chain in body["chains"]:
        path = chain["path"]
        if path == body["path"]:
            breaks.update({one.path: one for one in audit.verify(session(), path, standing(body, path))})
        elif not stands(path, chain["serial"], chain["hash"]):
            breaks[path] = Break(path, chain["serial"], SEALED_ELSE)
    return Verified("", breaks)


def untrue(path: str) -> Iterator[tuple[int, str]]:
    """The checkpoints of an authority that cannot be believed: number, and why.

    Each is signed, follows from the one before, and says what its row says; the entry that the last one sealed in the
    authority's own chain still stands. From the first that the portal's present key signed, that key signs all: earlier
    ones are held against the key that they name, since a portal restored without its keys made a new one.
    """
    own, ours, previous, last = audit_key.standing_key(), False, checkpoints.FIRST, None
    for number, row in enumerate(kept(path), start=1):
        body = row.body if isinstance(row.body, dict) else {}
        ours = ours or (own != "" and body.get("key") == own)
        why = _of_row(row, body, number, previous)
        why = why or checkpoints.fault(body, own if ours else str(body.get("key")))
        if why:
            yield row.number, why
            return
        previous, last = row.hash, row
    if last is not None and not _sealed_stands(path, last.body):
        yield last.number, SEALED_ELSE


def _of_row(row: AuditCheckpoint, body: dict[str, Any], number: int, previous: str) -> str:
    """Why a row is not the one whose turn it is; empty when it is."""
    if row.number != number:
        return "the one before it is missing"
    if body.get("previous") != previous:
        return "it does not follow from the one before"
    chains = body.get("chains") or []
    said = (body.get("path"), body.get("number"), body.get("at"), body.get("hash"), len(chains))
    if said != (row.authority_path, number, row.at.isoformat(), row.hash, row.chains):
        return "its row says something else"
    return ""


def _sealed_stands(path: str, body: dict[str, Any]) -> bool:
    own = standing(body, path)
    return own is None or stands(path, own.serial, own.hash)

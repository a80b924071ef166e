"""Makes checkpoints of the audit trail: signed, kept, and told to another authority (docs/audit.md)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.documents import audit_key
from portal.levels.words import N_
from portal.models import AuditCheckpoint
from portal.operations import checkpoint_mail
from portal.store import authorities, checkpoints
from portal.store.audit_form import sealed
from portal.store.authorities import Seen
from portal.store.session import acting, session
from portal.workflow.clock import now

ACTION = "audit.checkpoint"
FORM = "customs-risk-portal audit checkpoint 1"
#: What stands in the first checkpoint for the hash of the one before.
FIRST = "0" * 64
log = logging.getLogger(__name__)


def daily(at: datetime) -> list[str]:
    """A checkpoint of every authority that has none of its own day yet; codes of those that made one.

    One that fails does not stop the others, and is tried again in an hour.
    """
    made = []
    moments = checkpoints.moments()
    for seen in reversed(authorities.everywhere()):
        last = moments.get(seen.path)
        if last is not None and _day(last, seen) >= _day(at, seen):
            continue
        try:
            make(seen)
        except Exception:
            log.exception("the checkpoint of %s was not made", seen.code)
        else:
            made.append(seen.code)
    return made


def _day(moment: datetime, seen: Seen) -> Any:
    return moment.astimezone(ZoneInfo(seen.zone)).date()


def make(seen: Seen) -> dict[str, Any]:
    """Seal the chains of one authority and of those beneath it; the checkpoint as it is exported."""
    with acting(seen.path, ACTION):
        last = checkpoints.latest(seen.path)
        number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
        body = signed(_body(seen, number, previous))
        chains = body["chains"]
        row = AuditCheckpoint(
            authority_path=seen.path,
            number=number,
            at=datetime.fromisoformat(body["at"]),
            chains=len(chains),
            entries=sum(chain["serial"] for chain in chains),
            body=body,
            hash=body["hash"],
        )
        session().add(row)
        checkpoint_mail.tell(seen, body)
        return body


def _body(seen: Seen, number: int, previous: str) -> dict[str, Any]:
    found = checkpoints.ends()
    own = next((end.serial for end in found if end.path == seen.path), 0)
    every, marks = checkpoints.marks(seen.path, own)
    return {
        "form": FORM,
        "authority": seen.code,
        "path": seen.path,
        "number": number,
        "at": now().isoformat(),
        "previous": previous,
        "chains": [
            {"authority": end.code, "path": end.path, "serial": end.serial, "hash": end.hash} for end in found
        ],
        "every": every,
        "marks": marks,
        "key": audit_key.public_key(),
    }


def signed(body: dict[str, Any]) -> dict[str, Any]:
    """The body with the hash over all of it, and the portal's signature over that hash."""
    found = sealed(body)
    return {**body, "hash": found, "signature": audit_key.sign(_message(found))}


def fault(body: dict[str, Any], public: str) -> str:
    """Why a checkpoint cannot be believed; empty when its hash and its signature hold."""
    said = {name: value for name, value in body.items() if name not in ("hash", "signature")}
    if sealed(said) != body.get("hash"):
        return N_("the checkpoint does not match its own hash")
    if body.get("key") != public:
        return N_("the checkpoint was signed with another key")
    if not audit_key.holds(str(body.get("signature", "")), _message(str(body["hash"])), public):
        return N_("the signature of the checkpoint does not hold")
    return ""


def _message(found: str) -> bytes:
    return f"{FORM}\n{found}".encode("ascii", "replace")

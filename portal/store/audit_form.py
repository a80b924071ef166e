"""The written form of an audit entry: how values are spelled, and what exactly its hash covers (docs/audit.md)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.models.audit import AuditEntry

#: The form in which new entries are hashed; entries of the first form keep theirs.
FORM = 2
#: Columns too long for a trail: their SHA-256 stands for them.
_LONG = 400
_FIRST = (
    "officer_id",
    "officer_name",
    "acting_at",
    "action",
    "object_type",
    "object_id",
    "before",
    "after",
)
_ADDED = ("address", "request")


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


def canonical(value: Any) -> str:
    """JSON in one spelling: ASCII alone, keys in order, no spaces."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def sealed(value: Any) -> str:
    """The SHA-256 of a value in its one spelling."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def digest(entry: AuditEntry) -> str:
    """The hash of an entry over all its fields and the hash of the entry before it, in the entry's own form."""
    if entry.form == 1:
        return _first_digest(entry)
    return sealed(fields(entry))


def fields(entry: AuditEntry) -> dict[str, Any]:
    """All that an entry says, but for its own hash."""
    said = {name: getattr(entry, name) for name in (*_FIRST, *_ADDED)}
    return {
        **said,
        "form": entry.form,
        "previous": entry.previous,
        "path": entry.authority_path,
        "serial": entry.serial,
        "at": entry.at.astimezone(UTC).isoformat(),
    }


def line(entry: AuditEntry) -> str:
    """One line of an export: all fields and the hash."""
    return canonical({**fields(entry), "hash": entry.hash})


def _first_digest(entry: AuditEntry) -> str:
    """The first form knew neither address nor request: an entry of it that carries one does not match."""
    begins = [entry.previous, entry.authority_path, entry.serial, entry.at.astimezone(UTC).isoformat()]
    parts = begins + [getattr(entry, name) for name in _FIRST]
    parts += [getattr(entry, name) for name in _ADDED if getattr(entry, name)]
    spelled = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()

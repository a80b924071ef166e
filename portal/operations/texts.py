"""Stores a text: its hash, the columns that repeat its header, its revision, and the lapse of signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.models import Document, Revision
from portal.store.documents import signatures
from portal.store.session import session
from portal.workflow.text import Text, text_hash


def put(document: Document, text: Text, author_name: str, at: datetime) -> bool:
    """Make `text` the document's text; False when it is the same as before.

    Every signature on the text lapses with a change of it (procedure §5); the history keeps them.
    """
    fresh = text_hash(text)
    if document.text_hash == fresh:
        return False
    document.text, document.text_hash = text, fresh
    for column, value in header_columns(text).items():
        setattr(document, column, value)
    session().add(document)
    session().flush()
    lapse(document, at)
    session().add(
        Revision(
            document_id=document.id,
            authority_path=document.authority_path,
            serial=_next_serial(document.id),
            version=document.version,
            at=at,
            officer_name=author_name,
            text=text,
            text_hash=fresh,
        )
    )
    return True


def keep_writer(document: Document, officer_id: int) -> None:
    """Keep an officer among those who wrote the text before its present writer."""
    if officer_id not in document.earlier_writers:
        document.earlier_writers = [*document.earlier_writers, officer_id]


def header_columns(text: Text) -> dict[str, Any]:
    """The columns of a document that repeat its text's header."""
    header = text["header"]
    return {
        "title": header["title"],
        "kind": header["kind"],
        "scope": header["scope"],
        "direction": header["direction"],
        "risk_level": header["risk_level"] or "",
        "valid_from": date.fromisoformat(header["valid_from"]) if header["valid_from"] else None,
        "valid_to": date.fromisoformat(header["valid_to"]) if header["valid_to"] else None,
    }


def lapse(document: Document, at: datetime, on_what: tuple[str, ...] = ()) -> int:
    """End the signatures on a document, or those on some of its papers; the number of those that lapsed."""
    lapsing = [s for s in signatures(document.id) if not on_what or s.on_what in on_what]
    for signature in lapsing:
        signature.lapsed_at = at
    session().flush()
    return len(lapsing)


def _next_serial(document_id: int) -> int:
    asked = select(func.max(Revision.serial)).where(Revision.document_id == document_id)
    return (session().scalar(asked) or 0) + 1

"""Writes the journal of a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.models import Document, JournalEntry
from portal.operations.acts import Acts
from portal.store.session import session
from portal.workflow.seats import HeldPost


def write(
    document: Document,
    acts: Acts | None,
    event: str,
    label: str,
    at: datetime,
    *,
    post: HeldPost | None = None,
    from_status: str = "",
    carried: dict[str, Any] | None = None,
) -> JournalEntry:
    """Add one entry; `acts` is None for what the portal does by itself."""
    entry = JournalEntry(
        document_id=document.id,
        authority_path=document.authority_path,
        at=at,
        officer_id=acts.officer_id if acts else None,
        officer_name=acts.name if acts else "",
        post_label=post.post.label if post else "",
        place_code=acts.code if acts else "",
        acting_for=post.acting_for if post else "",
        event=event,
        label=label,
        from_status=from_status,
        to_status=document.status,
        version=document.version,
        carried=carried or {},
    )
    session().add(entry)
    return entry

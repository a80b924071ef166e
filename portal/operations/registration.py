"""Gives numbers: one counter row per register, moved on in the transaction that uses the number (design §7)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.levels.signing import DRAFT_CODE, kind_code
from portal.models import Authority, Document, Profile, Register, RegisterEntry, RegisterNote
from portal.operations.acts import Acts
from portal.store.session import session
from portal.workflow.numbering import number


def register(document: Document, acts: Acts, at: datetime) -> str:
    """Enter a document in its authority's register and give it the next number.

    The counter's row stays locked until the transaction ends, so nothing slow may follow: whoever rolls back
    gives the number back with it. A new version keeps the number that it has.
    """
    if isinstance(document, Profile) and document.updates_id is not None and document.number:
        note(document, "version", f"version {document.version}", at)
        return document.number
    authority = session().get_one(Authority, document.authority_id)
    counter = locked_counter(authority, document.document)
    counter.last_serial += 1
    kind = DRAFT_CODE if document.document == "draft" else kind_code(document.kind, document.scope)
    day = at.astimezone(ZoneInfo(authority.zone)).date()
    given = str(number(kind, authority.code, authority.number_width, day, counter.last_serial))
    document.number = given
    session().add(
        RegisterEntry(
            register_id=counter.id,
            authority_path=document.authority_path,
            serial=counter.last_serial,
            number=given,
            document_id=document.id,
            title=document.title,
            text_hash=document.text_hash,
            at=at,
            officer_name=acts.name,
        )
    )
    return given


def locked_counter(authority: Authority, kind: str) -> Register:
    """The counter of a register, locked until the transaction ends."""
    asked = select(Register).where(Register.authority_id == authority.id, Register.kind == kind)
    return session().scalars(asked.with_for_update().execution_options(populate_existing=True)).one()


def note(document: Document, event: str, words: str, at: datetime) -> None:
    """Add a note to the document's line in the register; without a line there is nothing to note."""
    asked = select(RegisterEntry.id).join(RegisterEntry.document).where(Document.number == document.number)
    entry = session().scalar(asked.where(Document.authority_path == document.authority_path).limit(1))
    if entry is not None:
        session().add(
            RegisterNote(
                entry_id=entry,
                authority_path=document.authority_path,
                at=at,
                event=event,
                words=words,
                version=document.version,
            )
        )

"""What a document has left behind: its journal, revisions, remarks, publications, and the names in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.models import JournalEntry, Officer, Publication, ReadReceipt, Remark, Revision, Unit
from portal.store.gateway import unscoped
from portal.store.session import session

_NAMED = "names on a document that is in scope: the officers and units of its case"


def entries(document_id: int) -> list[JournalEntry]:
    """The journal of a document, the newest entry first."""
    asked = select(JournalEntry).where(JournalEntry.document_id == document_id)
    return list(session().scalars(asked.order_by(JournalEntry.id.desc())))


def entry(document_id: int, entry_id: int) -> JournalEntry | None:
    asked = select(JournalEntry).where(JournalEntry.document_id == document_id, JournalEntry.id == entry_id)
    return session().scalars(asked).one_or_none()


def last_entry(document_id: int) -> JournalEntry | None:
    asked = select(JournalEntry).where(JournalEntry.document_id == document_id)
    return session().scalars(asked.order_by(JournalEntry.id.desc()).limit(1)).one_or_none()


def last_carried(document_id: int, event: str) -> JournalEntry | None:
    """The last entry of an event, such as the question that was put to the directorate."""
    asked = select(JournalEntry).where(JournalEntry.document_id == document_id, JournalEntry.event == event)
    return session().scalars(asked.order_by(JournalEntry.id.desc()).limit(1)).one_or_none()


def revisions(document_id: int) -> list[Revision]:
    """The texts of a document, the newest first."""
    asked = select(Revision).where(Revision.document_id == document_id)
    return list(session().scalars(asked.order_by(Revision.serial.desc())))


def revision(document_id: int, serial: int) -> Revision | None:
    asked = select(Revision).where(Revision.document_id == document_id, Revision.serial == serial)
    return session().scalars(asked).one_or_none()


def revision_with_hash(document_id: int, text_hash: str) -> Revision | None:
    """The latest revision with this exact text, such as the one that was signed."""
    asked = select(Revision).where(Revision.document_id == document_id, Revision.text_hash == text_hash)
    return session().scalars(asked.order_by(Revision.serial.desc()).limit(1)).one_or_none()


def remarks(document_id: int) -> list[Remark]:
    """The remarks on a document, the newest first."""
    asked = select(Remark).where(Remark.document_id == document_id)
    return list(session().scalars(asked.order_by(Remark.id.desc())))


def remarks_count(document_id: int) -> int:
    return session().scalar(select(func.count(Remark.id)).where(Remark.document_id == document_id)) or 0


@dataclass(frozen=True)
class Announced:
    """A profile's entry in the directory of one authority, with those who have read it."""

    publication: Publication
    receipts: tuple[ReadReceipt, ...]


def announced(document_id: int) -> list[Announced]:
    """Where a profile was published, and the read receipts in scope."""
    asked = select(Publication).where(Publication.document_id == document_id).order_by(Publication.applies_to)
    published = list(session().scalars(asked))
    read = select(ReadReceipt).where(ReadReceipt.publication_id.in_([one.id for one in published]))
    receipts = list(session().scalars(read.order_by(ReadReceipt.id)))
    return [
        Announced(one, tuple(receipt for receipt in receipts if receipt.publication_id == one.id))
        for one in published
    ]


def officer_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of officers by id, wherever they serve."""
    wanted = {one for one in ids if one is not None}
    asked = select(Officer.id, Officer.name).where(Officer.id.in_(wanted))
    return {row.id: row.name for row in session().execute(unscoped(asked, _NAMED))} if wanted else {}


def unit_names(ids: Iterable[int | None], locale: str) -> dict[int, str]:
    """Names of units by id, wherever they stand, in a language."""
    wanted = {one for one in ids if one is not None}
    asked = select(Unit.id, Unit.name_en, Unit.name_ru).where(Unit.id.in_(wanted))
    rows = session().execute(unscoped(asked, _NAMED)) if wanted else ()
    return {row.id: row.name_ru if locale == "ru" else row.name_en for row in rows}

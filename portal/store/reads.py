"""Questions about who opened which marked document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from portal.models import Document, DocumentRead, Publication
from portal.store.session import session


@dataclass(frozen=True)
class Marked:
    """A document for official use only, as a reading names it; `owner` is the path of its authority."""

    document_id: int
    version: int
    owner: str


def of_document(document_id: int) -> Marked | None:
    """A draft or profile in scope."""
    asked = select(Document.id, Document.version, Document.authority_path).where(Document.id == document_id)
    return _marked(asked)


def of_publication(publication_id: int) -> Marked | None:
    """The profile that stands in a directory in scope."""
    entry = Publication
    asked = select(entry.document_id, entry.version, entry.authority_path).where(entry.id == publication_id)
    return _marked(asked)


def _marked(asked: Select[*tuple[Any, ...]]) -> Marked | None:
    row = session().execute(asked).one_or_none()
    return Marked(*row) if row else None


def lately(marked: Marked, officer_id: int, how: str, since: datetime) -> bool:
    """Whether the officer's reading of this version stands in the list already."""
    asked = select(DocumentRead.id).where(
        DocumentRead.officer_id == officer_id,
        DocumentRead.document_id == marked.document_id,
        DocumentRead.version == marked.version,
        DocumentRead.how == how,
        DocumentRead.at >= since,
    )
    return session().scalar(asked.limit(1)) is not None

"""Keeps who opened which marked document, in a transaction of its own (design §5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.levels.path import AuthorityPath
from portal.models import DocumentRead
from portal.store import reads
from portal.store.audit import Who
from portal.store.engine import writing
from portal.store.reads import Marked
from portal.store.session import session

#: One reading of a version by an officer within this time stands for all.
WITHIN = timedelta(minutes=10)


def note(marked: Marked, who: Who, how: str, at: datetime) -> None:
    """Add one reading, unless the same stands in the list since a few minutes; nothing else may be under way.

    It belongs to the document's authority; where the reader stands beneath it, and so may not write there, to his
    own: those who audit the document see both.
    """
    if who.officer_id is None or reads.lately(marked, who.officer_id, how, at - WITHIN):
        return
    above = AuthorityPath(who.acting_at).covers(AuthorityPath(marked.owner))
    session().rollback()  # the question above has begun a reading transaction, which SQLite cannot make a writer
    with writing():
        session().add(
            DocumentRead(
                authority_path=marked.owner if above else who.acting_at,
                document_id=marked.document_id,
                version=marked.version,
                officer_id=who.officer_id,
                officer_name=who.officer_name,
                acting_at=who.acting_at,
                how=how,
                at=at,
                address=who.address[:60],
                request=who.request[:40],
            )
        )
        session().commit()

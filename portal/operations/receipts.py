"""Confirms that an officer has read a profile of the directory."""

from __future__ import annotations

from datetime import datetime

from portal.errors import NotHere
from portal.models import ReadReceipt
from portal.operations.acts import Acts
from portal.store import publications
from portal.store.session import session


def confirm(publication_id: int, acts: Acts, at: datetime) -> None:
    """Record that the officer has read an entry, for the authority for which he acts; once is enough.

    Raises:
        NotHere: no such entry applies there.
    """
    if publications.find(publication_id) is None:
        raise NotHere
    if publications.receipt(publication_id, acts.officer_id, acts.path) is not None:
        return
    session().add(
        ReadReceipt(
            authority_path=acts.path,
            publication_id=publication_id,
            officer_id=acts.officer_id,
            officer_name=acts.name,
            at=at,
        )
    )

"""Questions about the runs of back-tests, and the profiles with which they are compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from portal.levels.path import AuthorityPath
from portal.models import BackTestRun, Publication
from portal.store.gateway import beneath
from portal.store.session import session


def runs(document_id: int, most: int = 20) -> list[BackTestRun]:
    """The runs on a document in scope, the newest first."""
    asked = select(BackTestRun).where(BackTestRun.document_id == document_id)
    return list(session().scalars(asked.order_by(BackTestRun.id.desc()).limit(most)))


def run(run_id: int, document_id: int) -> BackTestRun | None:
    """A run on a document, when it is in scope."""
    found = session().get(BackTestRun, run_id)
    return found if found is not None and found.document_id == document_id else None


@dataclass(frozen=True)
class InForce:
    """A profile in force, with the text that says its area."""

    id: int
    owner: str
    number: str
    title: str
    text: dict[str, Any]


def in_force_within(path: str, day: date, most: int) -> list[InForce]:
    """The profiles in force that apply to any part of the territory of `path`, each once, by number."""
    place = AuthorityPath(path)
    covering = [*(above.text for above in place.above), place.text]
    asked = (
        select(
            Publication.id,
            Publication.authority_path,
            Publication.number,
            Publication.title,
            Publication.text,
        )
        .where(Publication.state == "in_force", Publication.valid_from <= day, Publication.valid_to >= day)
        .where(
            or_(Publication.applies_to.in_(covering), Publication.applies_to.like(beneath(path), escape="!"))
        )
        .order_by(Publication.number, Publication.id)
    )
    found: dict[tuple[str, str], InForce] = {}
    for row in session().execute(asked):
        if row.text["groups"]:
            found.setdefault((row.authority_path, row.number), InForce(*row))
        if len(found) == most:
            break
    return list(found.values())

"""What an officer waits for and what changed on the documents that are his concern."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import selectin_polymorphic

from portal.levels.path import AuthorityPath
from portal.levels.roles import Post
from portal.models import Document, Draft, JournalEntry, Profile
from portal.store.documents import facts_of
from portal.store.session import session
from portal.workflow.move import Facts
from portal.workflow.seats import Actor, HeldPost
from portal.workflow.statuses import MEANINGS, P

#: Nobody's act is awaited on these: they have ended, or they wait for a date.
_AT_REST = [status.value for status, meaning in MEANINGS.items() if meaning.final] + [
    P.AWAITING_FORCE.value,
    P.IN_FORCE.value,
    P.SUSPENDED.value,
]


@dataclass(frozen=True)
class Change:
    """An entry of the journal of a document that is the officer's concern."""

    at: datetime
    officer_name: str
    label: str
    to_status: str
    document: str
    document_id: int
    number: str
    title: str


@dataclass(frozen=True)
class Paper:
    """A document that an officer writes: as the author of a draft, or as an executor."""

    document: str
    id: int
    number: str
    title: str
    authored: bool


def _concerns(actor: Actor) -> ColumnElement[bool]:
    """His own documents, those of the units that he leads, and what his coordination unit registered or received."""
    mine = [Document.author_id == actor.officer, Document.executor_id == actor.officer]
    return or_(*mine, *(_of_post(held) for held in actor.posts))


def _of_post(held: HeldPost) -> ColumnElement[bool]:
    if held.post is Post.UNIT_HEAD and held.unit is not None and not held.coordination:
        led = Document.unit_id == held.unit
        return or_(led, Document.id.in_(select(Draft.id).where(Draft.competent_unit_id == held.unit)))
    if not held.coordination:
        return false()
    registered = and_(Document.authority_path == held.path, Document.number.is_not(None))
    if AuthorityPath(held.path).state != AuthorityPath(held.path):
        return registered
    received = select(Draft.id).where(Draft.competent_unit_id.is_not(None))
    return or_(registered, Document.id.in_(received))


def elsewhere(actor: Actor, but: Iterable[int], most: int) -> list[tuple[Document, Facts]]:
    """The open documents of the officer's concern that wait for others, the newest first."""
    asked = select(Document).where(
        _concerns(actor), Document.status.not_in(_AT_REST), Document.id.not_in(list(but))
    )
    whole = selectin_polymorphic(Document, [Draft, Profile])
    rows = session().scalars(asked.options(whole).order_by(Document.id.desc()).limit(most)).all()
    known = facts_of(rows) if rows else {}
    return [(row, known[row.id]) for row in rows]


def written_by(officer_id: int) -> list[Paper]:
    """The open documents in scope that wait for an officer to write them: his drafts, and those that he executes."""
    asked = select(Document.document, Document.id, Document.number, Document.title, Document.executor_id)
    written = asked.where(
        or_(
            and_(Document.author_id == officer_id, Document.document == "draft"),
            Document.executor_id == officer_id,
        ),
        Document.status.not_in(_AT_REST),
    )
    return [
        Paper(row.document, row.id, row.number or "", row.title, row.executor_id != officer_id)
        for row in session().execute(written.order_by(Document.id))
    ]


def changes(actor: Actor, since: datetime, most: int) -> list[Change]:
    """What others did since a moment on the documents of the officer's concern, the latest first."""
    asked = (
        select(
            JournalEntry.at,
            JournalEntry.officer_name,
            JournalEntry.label,
            JournalEntry.to_status,
            Document.document,
            Document.id,
            Document.number,
            Document.title,
        )
        .join(Document, Document.id == JournalEntry.document_id)
        .where(JournalEntry.at >= since, _concerns(actor))
        .where(or_(JournalEntry.officer_id.is_(None), JournalEntry.officer_id != actor.officer))
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(most)
    )
    return [
        Change(
            row.at,
            row.officer_name,
            row.label,
            row.to_status,
            row.document,
            row.id,
            row.number or "",
            row.title,
        )
        for row in session().execute(asked)
    ]

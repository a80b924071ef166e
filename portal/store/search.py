"""Finds documents, profiles in force and declarations by their number or by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.models import Declaration, Document, Publication
from portal.store.session import session

MOST = 25
_WORDS = 6


@dataclass(frozen=True)
class Found:
    """One thing found: "draft", "profile", "publication" or "declaration"; `state` is its status or channel."""

    what: str
    id: int
    number: str
    title: str
    state: str
    version: int


def documents(typed: str) -> list[Found]:
    """Drafts and profiles in scope whose number or title holds every word, the newest first."""
    asked = (
        select(
            Document.document,
            Document.id,
            func.coalesce(Document.number, ""),
            Document.title,
            Document.status,
            Document.version,
        )
        .where(*_holds(typed, Document.number, Document.title))
        .order_by(Document.id.desc())
        .limit(MOST)
    )
    return [Found(*row) for row in session().execute(asked)]


def publications(typed: str) -> list[Found]:
    """Profiles of the directory in scope, each version once, the newest first."""
    asked = (
        select(
            func.min(Publication.id),
            Publication.number,
            Publication.title,
            Publication.state,
            Publication.version,
        )
        .where(*_holds(typed, Publication.number, Publication.title))
        .group_by(
            Publication.document_id,
            Publication.number,
            Publication.title,
            Publication.state,
            Publication.version,
        )
        .order_by(func.min(Publication.id).desc())
        .limit(MOST)
    )
    return [Found("publication", *row) for row in session().execute(asked)]


def declarations(typed: str) -> list[Found]:
    """Declarations in scope whose identifier holds what was typed, the newest first."""
    asked = (
        select(Declaration.id, Declaration.declaration_id, Declaration.channel)
        .where(Declaration.declaration_id.icontains(typed, autoescape=True))
        .order_by(Declaration.id.desc())
        .limit(MOST)
    )
    return [
        Found("declaration", row.id, row.declaration_id, "", row.channel, 0)
        for row in session().execute(asked)
    ]


def _holds(typed: str, *columns: Any) -> list[ColumnElement[bool]]:
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns))
        for word in typed.split()[:_WORDS]
    ]

"""The lists of drafts and profiles: filtered, in one order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import defer

from portal.models import Authority, Document, Stage
from portal.store.session import session
from portal.workflow.clock import now

Question = Select[Document, datetime | None, str, str, str]

#: Lines on a page, and in an export.
PAGE, MOST = 50, 10_000


@dataclass(frozen=True)
class Filters:
    """What a list is asked for; an empty value asks for all.

    Attributes:
        words: parts of the title or number.
        officer: id of the officer whose own documents are wanted, None for everyone's.
        late: only documents whose limit has passed.
    """

    status: str = ""
    scope: str = ""
    direction: int | None = None
    kind: str = ""
    words: str = ""
    officer: int | None = None
    late: bool = False

    @property
    def any(self) -> bool:
        return any(getattr(self, field.name) not in ("", None, False) for field in fields(self))


@dataclass(frozen=True)
class Line:
    """A document in a list, with the code and names of the authority that owns it."""

    document: Document
    due_at: datetime | None
    place_code: str
    place_en: str
    place_ru: str

    def place(self, locale: str) -> str:
        return self.place_ru if locale == "ru" else self.place_en


@dataclass(frozen=True)
class Slice:
    """One page of a list, newest first, with the ids from which the neighbouring pages go on."""

    lines: list[Line]
    older: int | None
    newer: int | None


def documents(kind: str, asked: Filters, before: int | None = None, after: int | None = None) -> Slice:
    """A page of the drafts or profiles in scope: the newest, those `before` an id, or those `after` one."""
    question = _narrowed(kind, asked)
    if after is not None:
        rows = _lines(question.where(Document.id > after).order_by(Document.id.asc()).limit(PAGE + 1))
        more_newer, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return Slice(
            rows, rows[-1].document.id if rows else None, rows[0].document.id if more_newer else None
        )
    if before is not None:
        question = question.where(Document.id < before)
    rows = _lines(question.order_by(Document.id.desc()).limit(PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    older = rows[-1].document.id if more else None
    newer = rows[0].document.id if before is not None and rows else None
    return Slice(rows, older, newer)


def exported(kind: str, asked: Filters) -> list[Line]:
    """All lines of a list, the newest first, up to `MOST`."""
    return _lines(_narrowed(kind, asked).order_by(Document.id.desc()).limit(MOST))


def _narrowed(kind: str, asked: Filters) -> Question:
    return (
        select(Document, Stage.due_at, Authority.code, Authority.name_en, Authority.name_ru)
        .join(Authority, Authority.id == Document.authority_id)
        .outerjoin(Stage, and_(Stage.document_id == Document.id, Stage.left_at.is_(None)))
        .where(Document.document == kind, *_conditions(asked))
        .options(defer(Document.text))
    )


def _lines(question: Question) -> list[Line]:
    return [Line(document, due, code, en, ru) for document, due, code, en, ru in session().execute(question)]


def _conditions(asked: Filters) -> Iterable[ColumnElement[bool]]:
    for column, value in (
        (Document.status, asked.status),
        (Document.scope, asked.scope),
        (Document.direction, asked.direction),
        (Document.kind, asked.kind),
    ):
        if value not in ("", None):
            yield column == value
    if asked.officer is not None:
        yield or_(Document.author_id == asked.officer, Document.executor_id == asked.officer)
    if asked.late:
        yield Stage.due_at < now()
    for word in asked.words.split()[:5]:
        yield or_(*_containing(word))


def _containing(word: str) -> Iterable[ColumnElement[bool]]:
    """SQLite folds the case of Latin letters alone: the usual spellings are asked for one by one."""
    for spelling in dict.fromkeys((word, word.lower(), word.capitalize(), word.upper())):
        yield Document.title.icontains(spelling, autoescape=True)
    yield Document.number.contains(word, autoescape=True)

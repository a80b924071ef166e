"""What is open at an authority that is to be closed, and who at its successor holds which post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from portal.levels.handover import Section
from portal.levels.roles import Post as PostName
from portal.models import Declaration, Document, Draft, Officer, Post
from portal.store import authorities
from portal.store.session import session
from portal.workflow.statuses import MEANINGS, D, P

_ENDED = [status.value for status, meaning in MEANINGS.items() if meaning.final]
_FORCE = [P.IN_FORCE.value, P.SUSPENDED.value, P.AWAITING_FORCE.value]
#: A numbered draft in one of these is being reworked by its author, who cannot be another.
_REWORK = [
    status.value
    for status in (
        D.REWORK_REGIONAL,
        D.ENDORSING,
        D.HEAD_SIGNING,
        D.COORDINATION_AGREEMENT,
        D.DEPUTY_AGREEMENT,
        D.AGREED,
    )
]
_SHOWN = 200


@dataclass(frozen=True)
class Paper:
    """An open document of the authority."""

    document: str
    id: int
    number: str
    title: str
    status: str


@dataclass(frozen=True)
class Work:
    """What is open at an authority.

    Attributes:
        unregistered: drafts without a number, which nobody outside has seen.
        reworked: numbered drafts that their authors must mend.
        numbered: other drafts with a number that are not ended.
        prepared: profiles on their way.
        in_force: local profiles that apply, or will.
        declarations: how many declarations are not released.
    """

    unregistered: tuple[Paper, ...]
    reworked: tuple[Paper, ...]
    numbered: tuple[Paper, ...]
    prepared: tuple[Paper, ...]
    in_force: tuple[Paper, ...]
    declarations: int

    @property
    def documents(self) -> bool:
        """Whether documents stay that somebody must carry on."""
        return bool(self.numbered or self.prepared or self.in_force)


@dataclass(frozen=True)
class Holder:
    """An officer who holds a post of his own at an authority."""

    id: int
    name: str
    locale: str
    post: PostName
    unit: int | None


def open_work(path: str) -> Work:
    """The open work of one authority in scope."""
    draft, profile = Document.document == "draft", Document.document == "profile"
    force, rework = Document.status.in_(_FORCE), Document.status.in_(_REWORK)
    numbered = Document.number.is_not(None)
    return Work(
        _papers(path, draft, ~numbered),
        _papers(path, draft, numbered, rework),
        _papers(path, draft, numbered, ~rework),
        _papers(path, profile, ~force),
        _papers(path, profile, force),
        _declarations(path),
    )


def _papers(path: str, *conditions: ColumnElement[bool]) -> tuple[Paper, ...]:
    asked = select(Document.document, Document.id, Document.number, Document.title, Document.status).where(
        Document.authority_path == path, Document.status.not_in(_ENDED), *conditions
    )
    rows = session().execute(asked.order_by(Document.id).limit(_SHOWN))
    return tuple(Paper(kind, key, number or "", title, status) for kind, key, number, title, status in rows)


def unregistered(path: str) -> list[Draft]:
    """All drafts without a number that are not ended."""
    asked = select(Draft).where(
        Draft.authority_path == path, Draft.number.is_(None), Draft.status.not_in(_ENDED)
    )
    return list(session().scalars(asked.order_by(Draft.id)))


def _declarations(path: str) -> int:
    asked = select(func.count(Declaration.id)).where(
        Declaration.authority_path == path, Declaration.released_at.is_(None)
    )
    return session().scalar(asked) or 0


def sections(path: str) -> list[Section]:
    """The open units of an authority as the rule of succession sees them."""
    return [
        Section(unit.id, frozenset(unit.directions), unit.is_coordination)
        for unit in authorities.units_of(path)
    ]


def holders(path: str, today: date) -> list[Holder]:
    """Who holds a post of his own at an authority today, by name; officers and authority are in scope."""
    asked = (
        select(Officer.id, Officer.name, Officer.locale, Post.post, Post.unit_id)
        .join(Post, Post.officer_id == Officer.id)
        .where(Post.authority_path == path, Post.acting_for == "", Officer.closed_at.is_(None))
        .where(Post.since <= today, or_(Post.until.is_(None), Post.until >= today), Post.ended_at.is_(None))
        .order_by(Officer.name, Officer.id)
    )
    return [
        Holder(key, name, locale, PostName(post), unit)
        for key, name, locale, post, unit in session().execute(asked)
    ]


def posts_to_end(path: str, last_day: date) -> list[Post]:
    """The posts at an authority that go on beyond a day."""
    asked = select(Post).where(
        Post.authority_path == path,
        Post.ended_at.is_(None),
        or_(Post.until.is_(None), Post.until > last_day),
    )
    return list(session().scalars(asked.order_by(Post.id)))


def accounts(path: str) -> int:
    """How many open accounts an authority keeps."""
    asked = select(func.count(Officer.id)).where(Officer.authority_path == path, Officer.closed_at.is_(None))
    return session().scalar(asked) or 0

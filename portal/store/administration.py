"""Questions of administrators about units, officers, the posts they hold, proposals and the journal of changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.models import AdministrationEntry, Authority, Document, Draft, Officer, Post, Proposal, Unit
from portal.store.gateway import beneath, unscoped
from portal.store.session import session
from portal.workflow.statuses import MEANINGS

#: Lines on a page, and documents named where a unit cannot be closed.
PAGE, NAMED = 50, 100
_ENDED = [status.value for status, meaning in MEANINGS.items() if meaning.final]


@dataclass(frozen=True)
class Held:
    """A post as a page shows it; `state` is "now", "later" or "past".

    `administered` is False when another authority, out of scope, keeps the account of its holder.
    """

    id: int
    post: str
    officer_id: int
    officer: str
    place_id: int
    place_code: str
    place_en: str
    place_ru: str
    unit_en: str
    unit_ru: str
    since: date
    until: date | None
    ended_at: datetime | None
    acting_for: str
    state: str
    administered: bool

    def place(self, locale: str) -> str:
        return self.place_ru if locale == "ru" else self.place_en

    def unit(self, locale: str) -> str:
        return self.unit_ru if locale == "ru" else self.unit_en


@dataclass(frozen=True)
class Person:
    """An officer in a list, with the authority that keeps his account."""

    id: int
    name: str
    login: str
    place_code: str
    place_en: str
    place_ru: str
    closed: bool

    def place(self, locale: str) -> str:
        return self.place_ru if locale == "ru" else self.place_en


def unit(unit_id: int) -> Unit | None:
    return session().get(Unit, unit_id)


def units(path: str) -> list[Unit]:
    """The units of an authority, those closed last."""
    asked = select(Unit).where(Unit.authority_path == path)
    return list(session().scalars(asked.order_by(Unit.closed_at.is_not(None), Unit.is_coordination, Unit.id)))


def officer(officer_id: int) -> Officer | None:
    return session().get(Officer, officer_id)


def post(post_id: int) -> Post | None:
    return session().get(Post, post_id)


def login_taken(login: str) -> bool:
    """Whether an account of this authority's own subtree has the login; the database knows of all others."""
    return session().scalar(select(Officer.id).where(Officer.login == login)) is not None


def officers(words: str, code: str, state: str, after: int | None = None) -> list[Person]:
    """Officers in scope by name, one more than a page holds.

    Args:
        words: parts of the name or the login.
        code: that of the authority that keeps the account, or at which a post is held now; empty for all.
        state: "open", "closed", or empty for both.
        after: id of the last officer of the page before.
    """
    asked = (
        select(
            Officer.id,
            Officer.name,
            Officer.login,
            Authority.code,
            Authority.name_en,
            Authority.name_ru,
            Officer.closed_at.is_not(None),
        )
        .join(Authority, Authority.authority_path == Officer.authority_path)
        .where(*_wanted(words, code, state))
    )
    if after is not None and (last := officer(after)) is not None:
        asked = asked.where(
            or_(Officer.name > last.name, and_(Officer.name == last.name, Officer.id > last.id))
        )
    rows = session().execute(asked.order_by(Officer.name, Officer.id).limit(PAGE + 1))
    return [Person(*row) for row in rows]


def _wanted(words: str, code: str, state: str) -> Iterable[ColumnElement[bool]]:
    for word in words.split()[:5]:
        yield or_(
            func.lower(Officer.name).contains(word.lower(), autoescape=True),
            func.lower(Officer.login).contains(word.lower(), autoescape=True),
        )
    if code:
        held = select(Post.officer_id).join(Authority, Authority.id == Post.authority_id)
        yield or_(Authority.code == code, Officer.id.in_(held.where(Authority.code == code)))
    if state:
        yield Officer.closed_at.is_(None) if state == "open" else Officer.closed_at.is_not(None)


def posts_of(officer_ids: Iterable[int], today: date) -> list[Held]:
    """All posts in scope that these officers hold, held or will hold, the latest first."""
    return _held(today, Post.officer_id.in_(list(officer_ids)))


def posts_at(authority_id: int, today: date) -> list[Held]:
    """The posts held at an authority now and later, those of its units after those of the whole."""
    found = _held(today, Post.authority_id == authority_id)
    return sorted(
        (one for one in found if one.state != "past"), key=lambda one: (one.unit_en, one.post, one.officer)
    )


def posts_by_id(post_id: int, today: date) -> list[Held]:
    """One post in scope."""
    return _held(today, Post.id == post_id)


def posts_in(unit_id: int, today: date) -> list[Held]:
    """The posts held in a unit now and later."""
    return [one for one in _held(today, Post.unit_id == unit_id) if one.state != "past"]


def _held(today: date, *conditions: ColumnElement[bool]) -> list[Held]:
    asked = (
        select(
            Post.id,
            Post.post,
            Officer.id,
            Officer.name,
            Authority.id,
            Authority.code,
            Authority.name_en,
            Authority.name_ru,
            func.coalesce(Unit.name_en, ""),
            func.coalesce(Unit.name_ru, ""),
            Post.since,
            Post.until,
            Post.ended_at,
            Post.acting_for,
            Officer.authority_path,
        )
        .join(Officer, Officer.id == Post.officer_id)
        .join(Authority, Authority.id == Post.authority_id)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .where(_in_scope(Post.authority_path), *conditions)
        .order_by(Post.since.desc(), Post.id.desc())
    )
    rows = session().execute(unscoped(asked, "the name of whoever holds a post in scope"))
    return [_as_held(row, today) for row in rows]


def _as_held(row: Any, today: date) -> Held:
    scope: Scope = session().info["scope"]
    facts: Any = (*row[:-1], _state(row, today), scope.may_write(AuthorityPath(row[-1])))
    return Held(*facts)


def _in_scope(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    scope: Scope = session().info["scope"]
    if not scope.reads_below:
        return column == scope.home.text
    return column.like(beneath(scope.home.text), escape="!")


def _state(row: Any, today: date) -> str:
    since, until, ended = row.since, row.until, row.ended_at
    if ended is not None or (until is not None and until < today):
        return "past"
    return "later" if since > today else "now"


def open_in(unit_id: int) -> list[tuple[str, int, str, str]]:
    """Open documents that a unit writes, considers or gives an opinion on: kind, id, number, title."""
    drafts = select(Draft.id).where(or_(Draft.competent_unit_id == unit_id, Draft.rtu_unit_id == unit_id))
    asked = select(Document.document, Document.id, Document.number, Document.title).where(
        or_(Document.unit_id == unit_id, Document.id.in_(drafts)), Document.status.not_in(_ENDED)
    )
    rows = session().execute(asked.order_by(Document.id).limit(NAMED))
    return [(kind, number_id, number or "", title) for kind, number_id, number, title in rows]


def proposal(proposal_id: int, *, lock: bool = False) -> Proposal | None:
    """A proposal in scope; locked when it is about to be decided, so that it is decided once."""
    asked = select(Proposal).where(Proposal.id == proposal_id)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    return session().scalars(asked).one_or_none()


def proposals(pending: bool, before: int | None = None) -> list[Proposal]:
    """Proposals in scope, the newest first, one more than a page holds."""
    asked = select(Proposal).where((Proposal.state == "pending") == pending)
    if before is not None:
        asked = asked.where(Proposal.id < before)
    return list(session().scalars(asked.order_by(Proposal.id.desc()).limit(PAGE + 1)))


def pending_count() -> int:
    """How many proposals in scope wait to be decided."""
    return session().scalar(select(func.count(Proposal.id)).where(Proposal.state == "pending")) or 0


def pending_about(*conditions: ColumnElement[bool]) -> list[Proposal]:
    asked = select(Proposal).where(Proposal.state == "pending", *conditions)
    return list(session().scalars(asked.order_by(Proposal.id)))


def pending_of_officer(officer_id: int) -> list[Proposal]:
    return pending_about(Proposal.officer_id == officer_id)


def pending_at(authority_id: int) -> list[Proposal]:
    return pending_about(Proposal.authority_id == authority_id)


def history(
    *, path: str = "", unit_id: int = 0, officer_id: int = 0, before: int | None = None
) -> list[AdministrationEntry]:
    """The changes of one authority, unit or officer, the latest first, one more than a page holds."""
    asked = select(AdministrationEntry)
    if unit_id:
        asked = asked.where(AdministrationEntry.about_unit_id == unit_id)
    elif officer_id:
        asked = asked.where(AdministrationEntry.about_officer_id == officer_id)
    else:
        asked = asked.where(AdministrationEntry.authority_path == path)
    if before is not None:
        asked = asked.where(AdministrationEntry.id < before)
    return list(session().scalars(asked.order_by(AdministrationEntry.id.desc()).limit(PAGE + 1)))

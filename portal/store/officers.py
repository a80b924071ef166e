"""Who signs in, which posts they hold on a day, and who fills a seat of a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Executable, and_, bindparam, exists, func, or_, select

from portal.levels.roles import Post as PostName
from portal.models import Authority, Factor, Officer, OfficerSession, Post, Unit
from portal.store import sessions
from portal.store.gateway import unscoped
from portal.store.session import session
from portal.store.sessions import Open
from portal.workflow.seats import SEATS, Actor, HeldPost, Places, post_for

_WISHES = (Officer.theme, Officer.density, Officer.shortcuts)


@dataclass(frozen=True)
class Place:
    """An authority at which an officer holds posts."""

    code: str
    path: str
    level: str
    name_en: str
    name_ru: str
    zone: str
    posts: tuple[HeldPost, ...]

    def name(self, locale: str) -> str:
        return self.name_ru if locale == "ru" else self.name_en


@dataclass(frozen=True)
class SignedIn:
    """An officer as the session knows him: plain values, no row of any tenant."""

    id: int
    login: str
    name: str
    locale: str
    zone: str
    places: tuple[Place, ...]
    must_change_password: bool = False
    has_factor: bool = False
    theme: str = "system"
    density: str = "normal"
    shortcuts: bool = True

    def at(self, code: str) -> Place | None:
        return next((place for place in self.places if place.code == code), None)


def credentials(login: str) -> tuple[int, str] | None:
    """Id and password hash of an open account, or None."""
    asked = select(Officer.id, Officer.password_hash).where(Officer.login == login, *_admitted())
    row = session().execute(unscoped(asked, "nobody is signed in yet")).one_or_none()
    return (row.id, row.password_hash) if row else None


def keys_of(officer_id: int) -> tuple[str, str] | None:
    """Login and password hash of an open account, or None."""
    asked = select(Officer.login, Officer.password_hash).where(Officer.id == officer_id, *_admitted())
    row = session().execute(unscoped(asked, "nobody is signed in yet")).one_or_none()
    return (row.login, row.password_hash) if row else None


def first_password_at(officer_id: int) -> datetime | None:
    """When an officer was given a password that is not his own; None when it is, or nobody noted it."""
    asked = select(Officer.first_password_at).where(Officer.id == officer_id)
    return session().scalar(unscoped(asked, "nobody is signed in yet"))


def home(officer_id: int) -> tuple[str, str]:
    """Name of an officer, and path of the authority that keeps his account."""
    asked = select(Officer.name, Officer.authority_path).where(Officer.id == officer_id)
    row = session().execute(unscoped(asked, "in whose trail a sign-in stands")).one()
    return row.name, row.authority_path


def _admitted() -> tuple[ColumnElement[bool], ...]:
    """Accounts that may enter: open ones, and in production none of the demonstration."""
    return _admitted_in(current_app.config["ENVIRONMENT"].production)


def _admitted_in(production: bool) -> tuple[ColumnElement[bool], ...]:
    if production:
        return Officer.closed_at.is_(None), ~Officer.demonstration
    return (Officer.closed_at.is_(None),)


@cache
def _who(production: bool, by_session: bool) -> Executable:
    """Asked with every request, so made once: an officer with a row for each of his posts, or one row without any."""
    factor = exists().where(Factor.officer_id == Officer.id, Factor.removed_at.is_(None))
    columns = [
        Officer.id, Officer.login, Officer.name, Officer.locale, Officer.zone, Officer.must_change_password,
        factor.label("has_factor"), *_WISHES, Authority.code, Authority.authority_path, Authority.level,
        Authority.name_en, Authority.name_ru, Authority.zone.label("place_zone"), Post.since, Post.until,
        *_post_columns(),
    ]  # fmt: skip
    held = (
        Post.officer_id == Officer.id,
        Post.ended_at.is_(None),
        Post.since <= bindparam("last_day"),
        or_(Post.until.is_(None), Post.until >= bindparam("first_day")),
    )
    if by_session:
        asked = select(*columns, *sessions.COLUMNS).join(
            OfficerSession, OfficerSession.officer_id == Officer.id
        )
        asked = asked.where(*sessions.going_on(bindparam("key")))
    else:
        asked = select(*columns).where(Officer.id == bindparam("key"))
    asked = asked.outerjoin(Post, and_(*held)).outerjoin(Authority, Authority.id == Post.authority_id)
    asked = asked.outerjoin(Unit, Unit.id == Post.unit_id).where(*_admitted_in(production))
    return unscoped(asked.order_by(Authority.authority_path, Post.id), "who is signed in, and his own posts")


def signed_in(officer_id: int, at: datetime) -> SignedIn | None:
    """The officer with his posts at a moment, each by its own authority's day; None: account closed or absent."""
    rows = _asked(at, by_session=False, key=officer_id)
    return _officer(rows, at) if rows else None


def of_session(token: str, at: datetime) -> tuple[Open, SignedIn] | None:
    """The session of a token that has not been ended, and its officer with his posts at a moment.

    Whether the session's time has run out is for the caller to see.
    """
    rows = _asked(at, by_session=True, key=sessions.hashed(token))
    return (Open(*rows[0][-len(sessions.COLUMNS) :]), _officer(rows, at)) if rows else None


def _asked(at: datetime, *, by_session: bool, key: object) -> Sequence[Any]:
    """The posts that stand today somewhere on earth; it is one of three days."""
    day, around = at.date(), timedelta(days=1)
    asked = _who(current_app.config["ENVIRONMENT"].production, by_session)
    given = {"key": key, "first_day": day - around, "last_day": day + around}
    return session().execute(asked, given).all()


def _officer(rows: Sequence[Any], at: datetime) -> SignedIn:
    one = rows[0]
    return SignedIn(
        one.id,
        one.login,
        one.name,
        one.locale,
        one.zone,
        _places(rows, at),
        one.must_change_password,
        bool(one.has_factor),
        one.theme,
        one.density,
        one.shortcuts,
    )


def _places(rows: Sequence[Any], at: datetime) -> tuple[Place, ...]:
    """Where he holds posts, each by its own authority's day."""
    found: dict[str, tuple[Any, list[HeldPost]]] = {}
    for row in rows:
        if row.code is None:
            continue
        today = at.astimezone(ZoneInfo(row.place_zone)).date()
        if row.since <= today and (row.until is None or row.until >= today):
            found.setdefault(row.code, (row, []))[1].append(_held(row, row.authority_path))
    return tuple(
        Place(r.code, r.authority_path, r.level, r.name_en, r.name_ru, r.place_zone, tuple(posts))
        for r, posts in found.values()
    )


def _post_columns() -> tuple[Any, ...]:
    return (Post.post, Post.unit_id, Post.supervises, Post.acting_for, Unit.is_coordination)


def _held(row: Any, path: str) -> HeldPost:
    return HeldPost(
        PostName(row.post),
        path,
        row.unit_id,
        bool(row.is_coordination),
        frozenset(row.supervises or ()),
        row.acting_for,
    )


def _held_on(today: date) -> tuple[ColumnElement[bool], ...]:
    return (Post.since <= today, or_(Post.until.is_(None), Post.until >= today), Post.ended_at.is_(None))


@dataclass(frozen=True)
class Addressee:
    """An officer to be told something; `code` is that of the authority at which it concerns him, if that is known."""

    id: int
    name: str
    email: str
    locale: str
    code: str = ""


def holders(seats: Iterable[str], places: Places, today: date) -> tuple[Addressee, ...]:
    """The officers who fill any of the seats of a document today, each once, in the order of their ids."""
    wanted = tuple(seats)
    paths = {places.origin, places.centre, places.rtu} - {""}
    asked = (
        select(
            Officer.id,
            Officer.name,
            Officer.email,
            Officer.locale,
            Post.authority_path,
            Authority.code,
            *_post_columns(),
        )
        .join(Post, Post.officer_id == Officer.id)
        .outerjoin(Authority, Authority.id == Post.authority_id)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .where(Post.authority_path.in_(paths), Officer.closed_at.is_(None), *_held_on(today))
        .where(Post.post.in_({post for seat in wanted for post in SEATS[seat].posts}))
        .order_by(Officer.id)
    )
    found: dict[int, Addressee] = {}
    for row in session().execute(unscoped(asked, "who is to be told")):
        actor = Actor(row.id, (_held(row, row.authority_path),))
        if any(post_for(seat, places, actor) for seat in wanted):
            found.setdefault(row.id, Addressee(row.id, row.name, row.email, row.locale, row.code or ""))
    return tuple(found.values())


def auditors_of(path: str, today: date) -> list[Addressee]:
    """The auditors of an authority today, in the order of their ids."""
    asked = (
        select(Officer.id, Officer.name, Officer.email, Officer.locale)
        .join(Post, Post.officer_id == Officer.id)
        .where(Post.authority_path == path, Post.post == PostName.AUDITOR, Officer.closed_at.is_(None))
        .where(*_held_on(today))
        .order_by(Officer.id)
        .distinct()
    )
    return [Addressee(*row) for row in session().execute(unscoped(asked, "who keeps a checkpoint"))]


def officers_of(unit_id: int, today: date) -> list[tuple[int, str]]:
    """Id and name of the officers of a unit today, by name."""
    asked = (
        select(Officer.id, Officer.name)
        .join(Post, Post.officer_id == Officer.id)
        .where(Post.unit_id == unit_id, Post.post == PostName.OFFICER, Officer.closed_at.is_(None))
        .where(*_held_on(today))
        .order_by(Officer.name, Officer.id)
    )
    return [(row.id, row.name) for row in session().execute(asked)]


def demonstration_accounts() -> int:
    """How many open accounts belong to the demonstration; a production portal starts with none."""
    asked = select(func.count(Officer.id)).where(Officer.demonstration, Officer.closed_at.is_(None))
    return session().scalar(unscoped(asked, "the operator's own count")) or 0

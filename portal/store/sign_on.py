"""Questions of single sign-on: whose account a login is, and which posts a provider's groups give him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, select

from portal.levels.roles import Post as PostName
from portal.models import Authority, Officer, Post
from portal.store.gateway import unscoped
from portal.store.officers import Addressee
from portal.store.session import session


@dataclass(frozen=True)
class Account:
    """An open account."""

    id: int
    name: str
    path: str
    break_glass: bool


def account(login: str) -> Account | None:
    """The open account with this login; in production none of the demonstration."""
    return _account(Officer.login == login)


def account_of(subject: str) -> Account | None:
    """The open account of the person whom the provider calls so."""
    return _account(Officer.provider_subject == subject)


def _account(which: ColumnElement[bool]) -> Account | None:
    asked = select(Officer.id, Officer.name, Officer.authority_path, Officer.break_glass).where(
        which, Officer.closed_at.is_(None)
    )
    if current_app.config["ENVIRONMENT"].production:
        asked = asked.where(~Officer.demonstration)
    row = session().execute(unscoped(asked, "nobody is signed in yet")).one_or_none()
    return Account(*row) if row else None


def may_break_glass(officer_id: int) -> bool:
    """Whether an officer's password opens his account although all others sign in at the provider."""
    asked = select(Officer.break_glass).where(Officer.id == officer_id)
    return bool(session().scalar(unscoped(asked, "nobody is signed in yet")))


def places_of_groups(officer_id: int) -> set[str]:
    """The authorities at which groups give an officer posts that are not ended."""
    asked = select(Post.authority_path).where(
        Post.officer_id == officer_id, Post.by_group != "", Post.ended_at.is_(None)
    )
    return set(session().scalars(unscoped(asked, "the posts of the officer himself")))


def by_groups(officer_id: int) -> list[Post]:
    """The posts in scope that groups give an officer and that are not ended."""
    asked = select(Post).where(Post.officer_id == officer_id, Post.by_group != "", Post.ended_at.is_(None))
    return list(session().scalars(asked.order_by(Post.id)))


def locked(path: str) -> Authority:
    """The authority in scope at a path, kept from other changes of its posts until the transaction ends."""
    asked = select(Authority).where(Authority.authority_path == path).with_for_update()
    return session().scalars(asked).one()


def auditors(path: str, today: date) -> list[Addressee]:
    """The auditors of an authority in scope."""
    asked = (
        select(Officer.id, Officer.name, Officer.email, Officer.locale)
        .join(Post, Post.officer_id == Officer.id)
        .where(Post.authority_path == path, Post.post == PostName.AUDITOR.value)
        .where(Post.since <= today, (Post.until.is_(None)) | (Post.until >= today), Post.ended_at.is_(None))
        .where(Officer.closed_at.is_(None))
        .order_by(Officer.id)
        .distinct()
    )
    return [Addressee(*row) for row in session().execute(unscoped(asked, "who is to be told"))]

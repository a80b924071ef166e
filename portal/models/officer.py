"""Officers and the posts they hold, for themselves or acting for another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.authority import Authority, Unit
from portal.models.base import Base, Kept


class Officer(Kept, Base):
    """A person who signs in. `demonstration` marks accounts that no production portal may hold.

    `must_change_password` marks a password that somebody else chose: nothing opens before it is changed. It was given
    at `first_password_at` and lapses some days later; empty for one that was given before there was this rule.
    `locale`, `zone` (empty: that of the authority for which he acts), `theme`, `density` and `shortcuts` are what he
    wishes of the screen.
    `break_glass` marks accounts whose password opens when all others sign in at the provider; each use is told.
    `provider_subject` is the name under which the provider of single sign-on knows the person and nobody else, ever
    (OpenID Connect, claim `sub`); empty until he first comes from there.
    """

    __tablename__ = "officer"
    __table_args__ = (
        Index(
            "uq_officer_provider_subject",
            "provider_subject",
            unique=True,
            sqlite_where=text("provider_subject <> ''"),
            postgresql_where=text("provider_subject <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="en")
    zone: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(10), default="system")
    density: Mapped[str] = mapped_column(String(10), default="normal")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    first_password_at: Mapped[datetime | None]
    break_glass: Mapped[bool] = mapped_column(default=False)
    provider_subject: Mapped[str] = mapped_column(String(255), default="", server_default="")
    closed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012

    posts: Mapped[list[Post]] = relationship(back_populates="officer", order_by="Post.id")


class Post(Kept, Base):
    """A named post held from `since` to `until` (both included); `acting_for` names the absent officer.

    `ended_at` is set when it was ended at once: from that moment on it is not held, whatever its days say.
    `by_group` names the group of the sign-on provider that gives it, and takes it away; empty: given here.
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        CheckConstraint("acting_for = '' OR until IS NOT NULL", name="acting_has_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str] = mapped_column(String(20))
    supervises: Mapped[list[Any]] = mapped_column(default=list)
    acting_for: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[date]
    until: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    by_group: Mapped[str] = mapped_column(String(200), default="")

    officer: Mapped[Officer] = relationship(back_populates="posts")
    authority: Mapped[Authority] = relationship()
    unit: Mapped[Unit | None] = relationship()


class SignInFailure(Base):
    """An attempt to sign in, counted as a failure at once and forgiven when it was none; the login need be nobody's.

    `address` is the place that is counted: the visitor's address, the mark of a known device ("device:…"),
    "signature" for a password typed to confirm an act, or "factor:" and a place for a second factor.
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_login_at", "login", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str] = mapped_column(String(60), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    forgiven: Mapped[bool] = mapped_column(default=False)


class SpentKey(Base):
    """A one-time form key that has been used, for which address, and where its answer is (design §7)."""

    __tablename__ = "spent_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int]
    path: Mapped[str] = mapped_column(String(400))
    location: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(index=True)

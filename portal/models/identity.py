"""What stands behind a sign-in: its session, second factors, and the codes that replace a lost one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Kept

TOTP, PASSKEY = "totp", "passkey"


class OfficerSession(Base):
    """One sign-in of an officer. The browser holds the token, the row its hash.

    `device` is the hash of the mark that this browser carries beyond its sign-ins; `ended_why` is empty while the
    session may go on. `by_service` says that the provider of single sign-on stood for the password; `proven_for` is the
    page for whose act he proved himself there anew, empty when he did not or the act was done.
    """

    __tablename__ = "officer_session"
    __table_args__ = (Index("ix_officer_session_known", "officer_id", "device"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    device: Mapped[str] = mapped_column(String(64), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    begun_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(20), default="")
    by_service: Mapped[bool] = mapped_column(default=False, server_default=false())
    proven_for: Mapped[str] = mapped_column(String(200), default="", server_default="")
    proven_at: Mapped[datetime | None]


class Factor(Kept, Base):
    """A second factor of an officer: an app that shows codes, or a passkey; removed ones stay, without their secret.

    `secret` is the sealed secret of the app, or the public key of the passkey. `counter` only grows: the step of the
    last code taken, or the passkey's own count of signatures.
    """

    __tablename__ = "factor"
    __table_args__ = (
        CheckConstraint("kind IN ('totp', 'passkey')", name="kind"),
        CheckConstraint("(kind = 'passkey') = (credential IS NOT NULL)", name="credential"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    secret: Mapped[str] = mapped_column(String(2000))
    credential: Mapped[str | None] = mapped_column(String(1400), unique=True)
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class RecoveryCode(Kept, Base):
    """One of the codes that an officer wrote down; it stands once for his second factor."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("officer_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    void_at: Mapped[datetime | None]

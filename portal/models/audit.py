"""The audit trail: one hash chain per authority (design §8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Kept


class AuditEntry(Kept, Base):
    """One change: who, when, where, what, before, after; `hash` covers it and the entry before it."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("authority_path", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int]
    at: Mapped[datetime]
    officer_id: Mapped[int | None]
    officer_name: Mapped[str] = mapped_column(String(200), default="")
    acting_at: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Kept, Base):
    """The end of an authority's chain, moved on in the same transaction as the entry."""

    __tablename__ = "audit_head"
    __table_args__ = (UniqueConstraint("authority_path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")

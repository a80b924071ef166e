"""The audit trail: one hash chain per authority, its sealed checkpoints, and who read which document (design §8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Kept


class AuditEntry(Kept, Base):
    """One change: who, when, where, what, before, after; `hash` covers it and the entry before it.

    `form` is the form in which it was hashed (docs/audit.md); an object that is hashed without one is of the first.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("authority_path", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[int] = mapped_column(default=1)
    serial: Mapped[int]
    at: Mapped[datetime]
    officer_id: Mapped[int | None]
    officer_name: Mapped[str] = mapped_column(String(200), default="")
    acting_at: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60), default="")
    request: Mapped[str] = mapped_column(String(40), default="")
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


class AuditCheckpoint(Kept, Base):
    """The ends of the chains of an authority and of those beneath it at one moment, sealed by the portal's key."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (UniqueConstraint("authority_path", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    at: Mapped[datetime]
    chains: Mapped[int]
    entries: Mapped[int]
    body: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))


class DocumentRead(Kept, Base):
    """Who opened a marked document; it belongs to the document's authority, or to the reader's where that is beneath.

    No column is a foreign key: a reading is a fact about the past, like an entry of the trail.
    """

    __tablename__ = "document_read"
    __table_args__ = (
        Index("ix_document_read_document", "document_id", "id"),
        Index("ix_document_read_officer", "officer_id", "document_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int]
    version: Mapped[int]
    officer_id: Mapped[int]
    officer_name: Mapped[str] = mapped_column(String(200))
    acting_at: Mapped[str] = mapped_column(String(80))
    how: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60), default="")
    request: Mapped[str] = mapped_column(String(40), default="")

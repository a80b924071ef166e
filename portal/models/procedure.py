"""What the procedure leaves behind: stages with their clocks, the journal, signatures, revisions, remarks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Kept
from portal.models.document import Document


class Stage(Kept, Base):
    """A stay in one status. `due_at` and `next_alert_at` are computed once, when it is entered (design §6)."""

    __tablename__ = "stage"
    __table_args__ = (
        Index(
            "uq_stage_open",
            "document_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index(
            "ix_stage_alert",
            "next_alert_at",
            sqlite_where=text("left_at IS NULL AND next_alert_at IS NOT NULL"),
            postgresql_where=text("left_at IS NULL AND next_alert_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    status: Mapped[str] = mapped_column(String(30))
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    limit_name: Mapped[str] = mapped_column(String(30), default="")
    clock_path: Mapped[str] = mapped_column(String(80), default="")
    started_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    next_alert_at: Mapped[datetime | None]
    alerts_done: Mapped[int] = mapped_column(default=0)

    document: Mapped[Document] = relationship()


class JournalEntry(Kept, Base):
    """One act on a document: who, from which post, for whom, what it carried. Never changed, never removed."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_document", "document_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    at: Mapped[datetime]
    officer_id: Mapped[int | None]
    officer_name: Mapped[str] = mapped_column(String(200), default="")
    post_label: Mapped[str] = mapped_column(String(200), default="")
    place_code: Mapped[str] = mapped_column(String(8), default="")
    acting_for: Mapped[str] = mapped_column(String(200), default="")
    event: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120))
    from_status: Mapped[str] = mapped_column(String(30), default="")
    to_status: Mapped[str] = mapped_column(String(30), default="")
    version: Mapped[int]
    carried: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Signature(Kept, Base):
    """A signature bound to the hash of the exact text; `lapsed_at` is set when that text changes or returns."""

    __tablename__ = "signature"
    __table_args__ = (
        Index(
            "uq_signature_once",
            "document_id",
            "officer_id",
            "on_what",
            unique=True,
            sqlite_where=text("lapsed_at IS NULL"),
            postgresql_where=text("lapsed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    officer_id: Mapped[int]
    officer_name: Mapped[str] = mapped_column(String(200))
    post_label: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int | None]
    acting_for: Mapped[str] = mapped_column(String(200), default="")
    seat: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(30))
    on_what: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    text_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


class Revision(Kept, Base):
    """The text as it stood after one change of it."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("document_id", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    serial: Mapped[int]
    version: Mapped[int]
    at: Mapped[datetime]
    officer_name: Mapped[str] = mapped_column(String(200))
    text: Mapped[dict[str, Any]]
    text_hash: Mapped[str] = mapped_column(String(64))


class Remark(Kept, Base):
    """A remark of an officer on a document."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    at: Mapped[datetime]
    officer_name: Mapped[str] = mapped_column(String(200))
    post_label: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    section: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str]


class WorkshopUnit(Kept, Base):
    """A central unit invited to a joint workshop on a draft."""

    __tablename__ = "workshop_unit"
    __table_args__ = (UniqueConstraint("document_id", "unit_id", "called_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    called_at: Mapped[datetime]

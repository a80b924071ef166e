"""Alerts, the outbox that sends them, the calendar of working days, and the lease of the scheduler."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Kept
from portal.models.document import Document
from portal.models.procedure import Stage


class Alert(Kept, Base):
    """One step of one stage's clock, told to one addressee; each reaches each addressee once."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("stage_id", "step", "officer_id"),
        Index("ix_alert_open", "officer_id", "acknowledged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    step: Mapped[int]
    step_name: Mapped[str] = mapped_column(String(30))
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]

    stage: Mapped[Stage | None] = relationship()
    document: Mapped[Document] = relationship()


class OutboxMessage(Kept, Base):
    """A message waiting to be sent; its Message-ID is stable, so that a second sending is seen as the same."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(
            "ix_outbox_message_waiting",
            "id",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")


class CalendarDay(Base):
    """A day of a state's calendar that differs from Monday to Friday; public knowledge, of no tenant."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("state", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(2))
    day: Mapped[date]
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200), default="")
    decree_known: Mapped[bool] = mapped_column(default=True)


class Lease(Base):
    """Who may run the timetable now; `epoch` grows with each new holder."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120), default="")
    epoch: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]

"""Registers with their counters; what is entered is never changed or removed (procedure §1, §7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Kept
from portal.models.document import Document


class Register(Kept, Base):
    """The counter of one register of one authority: `last_serial` was the last number given out."""

    __tablename__ = "register"
    __table_args__ = (
        UniqueConstraint("authority_id", "kind"),
        CheckConstraint("kind IN ('draft', 'profile')", name="kind"),
        CheckConstraint("last_serial >= 0", name="serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[str] = mapped_column(String(10))
    last_serial: Mapped[int] = mapped_column(default=0)


class RegisterEntry(Kept, Base):
    """One line of a register."""

    __tablename__ = "register_entry"
    __table_args__ = (UniqueConstraint("register_id", "serial"), UniqueConstraint("register_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    text_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    officer_name: Mapped[str] = mapped_column(String(200))

    register: Mapped[Register] = relationship()
    document: Mapped[Document] = relationship()


class RegisterNote(Kept, Base):
    """A later note to a line: a defect, a new version, the carrier, the legal act, the end."""

    __tablename__ = "register_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(40))
    words: Mapped[str]
    version: Mapped[int]

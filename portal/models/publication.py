"""The directory of profiles in force, handed down to the authorities where each applies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, HandedDown, Kept


class Publication(HandedDown, Base):
    """A profile's version as the authorities of one part of its territory may read it (need to know).

    It holds what an inspector must know to act: area, measures, contact; never the note or the back-test.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("document_id", "applies_to"),
        CheckConstraint("state IN ('in_force', 'suspended', 'ended')", name="state"),
        Index("ix_publication_state", "state", "applies_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(20))
    risk_level: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    published_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="in_force")
    ended_at: Mapped[datetime | None]
    text: Mapped[dict[str, Any]]


class ReadReceipt(Kept, Base):
    """Proof that an officer of an authority has read a publication."""

    __tablename__ = "read_receipt"
    __table_args__ = (UniqueConstraint("publication_id", "officer_id", "authority_path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    officer_id: Mapped[int]
    officer_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

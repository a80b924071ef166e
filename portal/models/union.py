"""What passes between the union and its states: risk information down, answers and sums up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, HandedDown, HandedUp


class RiskInformation(HandedDown, Base):
    """Union risk information, circulated and not binding (procedure §7, scope 10).

    Until it is circulated it applies nowhere (`applies_to` is empty) and has no serial, number or hash: these
    four, with the text that the hash covers, are its line in the union's register.
    """

    __tablename__ = "risk_information"
    __table_args__ = (Index("uq_risk_information_serial", "authority_path", "serial", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    serial: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(300))
    words: Mapped[str]
    direction: Mapped[int | None]
    risk_type: Mapped[str] = mapped_column(String(40), default="")
    groups: Mapped[list[Any]] = mapped_column(default=list)
    officer_id: Mapped[int]
    officer_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    circulated_at: Mapped[datetime | None]
    text_hash: Mapped[str | None] = mapped_column(String(64))
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012

    @property
    def text(self) -> dict[str, Any]:
        """What is circulated, as it is hashed."""
        return {name: getattr(self, name) for name in ("title", "words", "direction", "risk_type", "groups")}


class RiskAnswer(HandedUp, Base):
    """A state's answer to risk information: noted, adopted or declined; `draft_id` is the state's own business."""

    __tablename__ = "risk_answer"
    __table_args__ = (
        UniqueConstraint("information_id", "authority_path"),
        CheckConstraint("answer IN ('noted', 'adopted', 'declined')", name="answer"),
        CheckConstraint("answer <> 'declined' OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    information_id: Mapped[int] = mapped_column(ForeignKey("risk_information.id"), index=True)
    state: Mapped[str] = mapped_column(String(2))
    answer: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    officer_name: Mapped[str] = mapped_column(String(200), default="")
    draft_id: Mapped[int | None]


class StateSummary(HandedUp, Base):
    """The sums of one state on one day, written by its own job; never a text, a trader or a declaration."""

    __tablename__ = "state_summary"
    __table_args__ = (UniqueConstraint("authority_path", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(2))
    day: Mapped[date]
    computed_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]

"""Declarations at a point, what screening found, what inspectors recorded, and the runs of back-tests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Kept


class ImportBatch(Kept, Base):
    """A file of past declarations taken into the columnar history once, known by its content's hash.

    `stored_hash` is that of the file kept as `stored_as`; batches taken in before it was written down have none.
    """

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("authority_path", "content_hash", "mapping_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    mapping_hash: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(200))
    stored_hash: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    officer_name: Mapped[str] = mapped_column(String(200), default="")
    declarations: Mapped[int]
    items: Mapped[int]
    refused: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[Any]] = mapped_column(default=list)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]


class Declaration(Kept, Base):
    """A declaration presented at a point, with the channel that screening gave it."""

    __tablename__ = "declaration"
    __table_args__ = (
        UniqueConstraint("authority_path", "declaration_id"),
        CheckConstraint("channel IN ('red', 'yellow', 'blue', 'green')", name="channel"),
        Index("ix_declaration_queue", "authority_path", "released_at", "channel", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(20), default="registration")
    registered_on: Mapped[date]
    header: Mapped[dict[str, Any]]
    items: Mapped[list[Any]]
    arrived_at: Mapped[datetime]
    screened_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(10))
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    control_group: Mapped[bool] = mapped_column(default=False)
    released_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(String(200), default="")
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012

    hits: Mapped[list[Hit]] = relationship(back_populates="declaration", order_by="Hit.id")
    checks: Mapped[list[Check]] = relationship(back_populates="declaration", order_by="Check.id")


class Hit(Kept, Base):
    """A profile that selected a declaration: the items, the indicators that fired, the officer's answers."""

    __tablename__ = "hit"
    __table_args__ = (UniqueConstraint("declaration_id", "publication_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    profile_number: Mapped[str] = mapped_column(String(40), index=True)
    profile_version: Mapped[int]
    profile_title: Mapped[str] = mapped_column(String(300))
    items: Mapped[list[Any]]
    indicators: Mapped[list[Any]]
    questions: Mapped[list[Any]] = mapped_column(default=list)
    answers: Mapped[list[Any]] = mapped_column(default=list)

    declaration: Mapped[Declaration] = relationship(back_populates="hits")


class Check(Kept, Base):
    """A measure to apply to a declaration, and the result that an officer recorded for it."""

    __tablename__ = "check_result"
    __table_args__ = (
        CheckConstraint("result_code <> 'not_applied' OR not_applied_ground <> ''", name="ground"),
        CheckConstraint("(recorded_at IS NULL) = (result_code = '')", name="recorded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    hit_id: Mapped[int | None] = mapped_column(ForeignKey("hit.id"))
    measure: Mapped[str] = mapped_column(String(3))
    description: Mapped[str] = mapped_column(default="")
    mandatory: Mapped[bool] = mapped_column(default=True)
    drawn: Mapped[bool] = mapped_column(default=True)
    draw: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result_code: Mapped[str] = mapped_column(String(30), default="")
    not_applied_ground: Mapped[str] = mapped_column(default="")
    payments_difference: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    case_number: Mapped[str] = mapped_column(String(80), default="")
    notes: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime | None]
    recorded_by: Mapped[str] = mapped_column(String(200), default="")

    declaration: Mapped[Declaration] = relationship(back_populates="checks")
    hit: Mapped[Hit | None] = relationship()


class BackTestRun(Kept, Base):
    """A run of a document's indicators over past declarations, as attached to its note (procedure §4)."""

    __tablename__ = "back_test_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    text_hash: Mapped[str] = mapped_column(String(64))
    area_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    officer_name: Mapped[str] = mapped_column(String(200))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    result: Mapped[dict[str, Any]]

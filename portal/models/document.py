"""Drafts and profiles: two objects with one kind of text (procedure §7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.authority import Authority, Unit
from portal.models.base import Base, Kept
from portal.models.officer import Officer


class Document(Kept, Base):
    """What a draft and a profile share: a text, a status, a version, and an authority that owns it.

    `title`, `risk_level`, `scope`, `direction`, `valid_from` and `valid_to` repeat the text's header so that
    registers can be asked for them; the operation that stores the text sets them. `earlier_writers` are ids of officers
    who wrote the text before its present author or executor.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("document IN ('draft', 'profile')", name="document"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("document = 'draft' OR executor_id IS NOT NULL", name="executor"),
        CheckConstraint("(status = 'inexpedient') = (grounds <> '' AND document = 'draft')", name="grounds"),
        CheckConstraint("status NOT IN ('registered', 'sent') OR number IS NOT NULL", name="numbered"),
        CheckConstraint("status <> 'in_force' OR number IS NOT NULL", name="force_numbered"),
        Index(
            "uq_document_in_force",
            "authority_path",
            "number",
            unique=True,
            sqlite_where=text("document = 'profile' AND status IN ('in_force', 'suspended')"),
            postgresql_where=text("document = 'profile' AND status IN ('in_force', 'suspended')"),
        ),
        Index("uq_document_number_version", "document", "authority_path", "number", "version", unique=True),
        Index("ix_document_list", "document", "authority_path", "id"),
        Index("ix_document_status", "document", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(10))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    earlier_writers: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    status: Mapped[str] = mapped_column(String(30))
    number: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    row_version: Mapped[int] = mapped_column(default=1)
    text: Mapped[dict[str, Any]]
    text_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(20))
    direction: Mapped[int | None]
    risk_level: Mapped[str] = mapped_column(String(10), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    grounds: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"polymorphic_on": document, "version_id_col": row_version}  # noqa: RUF012

    authority: Mapped[Authority] = relationship(lazy="joined", innerjoin=True)
    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    author: Mapped[Officer] = relationship(foreign_keys=author_id)
    executor: Mapped[Officer | None] = relationship(foreign_keys=executor_id)


class Draft(Document):
    """A profile without a number of its own; the columns below are the state of its case at the centre."""

    __mapper_args__ = {"polymorphic_identity": "draft"}  # noqa: RUF012

    competent_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id", name="fk_document_competent_unit")
    )
    rtu_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_document_rtu_unit"))
    proposal: Mapped[str | None]
    opinion: Mapped[str | None]
    opinion_by_id: Mapped[int | None]
    rtu_asked: Mapped[bool | None]


class Profile(Document):
    """A profile prepared from a draft, its carrier, its legal act, and the version that it updates."""

    __mapper_args__ = {"polymorphic_identity": "profile"}  # noqa: RUF012

    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", name="fk_document_draft"), index=True
    )
    updates_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", name="fk_document_updates"))
    carrier_number: Mapped[str | None] = mapped_column(String(80))
    carrier_date: Mapped[date | None]
    records_number: Mapped[str | None] = mapped_column(String(80))
    act_number: Mapped[str | None] = mapped_column(String(80))
    act_date: Mapped[date | None]
    cancellation: Mapped[str | None] = mapped_column(String(20))
    cancellation_reason: Mapped[str | None]


#: A draft has one profile, but for those that were abandoned.
_FIRST_OF_DRAFT = text("document = 'profile' AND updates_id IS NULL AND status <> 'abandoned'")
Index(
    "uq_document_of_draft",
    Profile.draft_id,
    unique=True,
    sqlite_where=_FIRST_OF_DRAFT,
    postgresql_where=_FIRST_OF_DRAFT,
)

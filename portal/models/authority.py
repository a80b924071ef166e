"""The tree of authorities, their structural units, and their maintained lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, HandedDown, Kept


class Authority(HandedDown, Base):
    """A tenant. Its `authority_path` and `applies_to` are its own path: those beneath may read its name.

    `parent_path` is the path of the authority above, empty for the union. `closed_on` is its last day of work, after
    which the authority at `heir_path` acts for it; nothing of it moves.
    """

    __tablename__ = "authority"
    __table_args__ = (
        CheckConstraint("level IN ('union', 'central', 'regional', 'point')", name="level"),
        CheckConstraint("applies_to = authority_path", name="own_place"),
        CheckConstraint("number_width BETWEEN 5 AND 8", name="number_width"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    authority_path: Mapped[str] = mapped_column(String(80), unique=True)
    level: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(2), default="")
    name_en: Mapped[str] = mapped_column(String(200))
    name_ru: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(40))
    number_width: Mapped[int]
    signatories: Mapped[dict[str, Any]] = mapped_column(default=dict)
    parent_path: Mapped[str] = mapped_column(String(80), default="", server_default="", index=True)
    closed_on: Mapped[date | None]
    heir_path: Mapped[str] = mapped_column(String(80), default="", server_default="")
    row_version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012


class Unit(Kept, Base):
    """A structural unit with its directions of activity; one of them is the coordination unit.

    A closed one stays, with its posts and documents of the past, and takes nothing new.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("authority_id", "name_en"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_ru: Mapped[str] = mapped_column(String(200))
    directions: Mapped[list[Any]] = mapped_column(default=list)
    is_coordination: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012

    authority: Mapped[Authority] = relationship()


class ValueList(HandedDown, Base):
    """A maintained list of values that conditions may name; those beneath its owner may use it."""

    __tablename__ = "value_list"
    __table_args__ = (UniqueConstraint("authority_path", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    members: Mapped[list[Any]] = mapped_column(default=list)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

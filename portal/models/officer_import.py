"""Tables of officers that one administrator prepared and another confirms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Kept


class OfficerImport(Kept, Base):
    """A table in which every row is right; its officers are enrolled once, by somebody other than its sender."""

    __tablename__ = "officer_import"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'done' OR decided_by_id <> prepared_by_id", name="second_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    entries: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    prepared_by: Mapped[str] = mapped_column(String(200))
    prepared_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012

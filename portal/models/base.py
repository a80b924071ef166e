"""The base of all tables: names of constraints, moments in UTC, and the three ways a row belongs to a tenant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, MetaData, String, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC and read back in UTC; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table of the portal."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON},
    )


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _know_what_was(model: type, key: str, attribute: Any) -> None:
    """Before a column is set its old value is loaded, if it is not: the audit trail tells what was before."""
    if hasattr(attribute.property, "columns"):
        event.listen(attribute, "set", _nothing, active_history=True)


def _nothing(*given: Any) -> None:
    pass


class Tenant:
    """A row that belongs to one authority: only that authority's scope, and those above it, may write it."""

    authority_path: Mapped[str] = mapped_column(String(80), index=True)


class Kept(Tenant):
    """Read by its own authority and those above it: drafts, journals, declarations."""


class HandedDown(Tenant):
    """Read also by the authorities to which it applies: authorities by those beneath, profiles in force.

    `applies_to` is the path at which it begins to apply; everything beneath is covered.
    """

    applies_to: Mapped[str] = mapped_column(String(80), index=True)


class HandedUp(Tenant):
    """Read also by the one authority to which it is addressed: summaries and answers for the union."""

    addressee_path: Mapped[str] = mapped_column(String(80), index=True)

"""What each profile has done at the authorities in scope (procedure §9, effectiveness)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import String, and_, case, cast, func, select

from portal.models import Check, Declaration, Hit, Profile, Publication
from portal.store.session import session
from portal.workflow.effectiveness import ENOUGH_APPLIED, Record, put_up
from portal.workflow.results import NOT_APPLIED, VIOLATIONS


@dataclass(frozen=True)
class Line:
    """The effectiveness of one profile, over all versions under its number.

    `expected` is the note's estimate of consignments, None where the note is another authority's.
    """

    publication_id: int
    number: str
    version: int
    title: str
    state: str
    hits: int
    record: Record
    payments: Decimal
    expected: int | None
    reasons: tuple[str, ...]


def control_rate() -> tuple[int, Decimal | None]:
    """How many of the control group were checked, and their hit rate once there are enough."""
    asked = select(
        func.count(Check.id), func.count(Check.id).filter(Check.result_code.in_(VIOLATIONS))
    ).where(Check.hit_id.is_(None), _applied())
    applied, violations = session().execute(asked).one()
    return applied, Decimal(violations) / applied if applied >= ENOUGH_APPLIED else None


def lines(at: datetime, on: date) -> list[Line]:
    """Every profile that is or was in the directory in scope, by number."""
    hits, checks, expected = _hits(), _checks(), _expected()
    _, control = control_rate()
    found = []
    for row in _profiles():
        counted, last = hits.get(row.number, (0, None))
        drawn, applied, violations, payments = checks.get(row.number, (0, 0, 0, None))
        record = Record(drawn, applied, violations, row.published_at, last)
        live = row.state == "in_force" and row.valid_to >= on
        found.append(
            Line(
                row.id,
                row.number,
                row.version,
                row.title,
                row.state,
                counted,
                record,
                Decimal(payments or 0),
                expected.get(row.document_id),
                put_up(record, control, at) if live and row.kind != "orientation" else (),
            )
        )
    return found


def _applied() -> Any:
    return and_(Check.recorded_at.is_not(None), Check.result_code != NOT_APPLIED)


def _profiles() -> list[Any]:
    """The latest version of each number, once."""
    asked = select(
        Publication.id,
        Publication.document_id,
        Publication.number,
        Publication.version,
        Publication.title,
        Publication.kind,
        Publication.state,
        Publication.valid_to,
        Publication.published_at,
    ).order_by(Publication.number, Publication.version, Publication.id.desc())
    return list({row.number: row for row in session().execute(asked)}.values())


def _hits() -> dict[str, tuple[int, datetime | None]]:
    asked = (
        select(Hit.profile_number, func.count(Hit.id), func.max(Declaration.screened_at))
        .join(Declaration, Declaration.id == Hit.declaration_id)
        .where(cast(Hit.items, String) != "[]")
        .group_by(Hit.profile_number)
    )
    return {row[0]: (row[1], row[2]) for row in session().execute(asked)}


def _checks() -> dict[str, tuple[int, int, int, Decimal | None]]:
    violated = Check.result_code.in_(VIOLATIONS)
    asked = (
        select(
            Hit.profile_number,
            func.count(case((Check.drawn, Check.id))),
            func.count(case((_applied(), Check.id))),
            func.count(case((violated, Check.id))),
            func.sum(Check.payments_difference),
        )
        .join(Hit, Hit.id == Check.hit_id)
        .group_by(Hit.profile_number)
    )
    return {row[0]: tuple(row[1:]) for row in session().execute(asked)}  # type: ignore[misc]


def _expected() -> dict[int, int]:
    """The estimates of the notes that are the scope's own to read, by document."""
    asked = select(Profile.id, Profile.text["note"]["estimate"].as_integer())
    return {row[0]: row[1] for row in session().execute(asked) if row[1] is not None}

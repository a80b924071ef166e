"""Questions of which the sums of a state are made, and of the union about those sums."""

from __future__ import annotations

from array import array
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, select

from portal.models import Authority, Check, Declaration, Draft, Hit, Profile, Stage, StateSummary
from portal.store.session import session
from portal.workflow.results import NOT_APPLIED, VIOLATIONS
from portal.workflow.statuses import MEANINGS, D, P

_MINUTE = 60


@dataclass(frozen=True)
class Kept:
    """A profile in force, as far as the union may know of it."""

    scope: str
    level: str
    direction: int | None
    risk_type: str | None


def profiles_in_force() -> list[Kept]:
    """The profiles in force of all authorities in scope."""
    risk_type = Profile.text["header"]["risk_type"].as_string()
    asked = (
        select(Profile.scope, Authority.level, Profile.direction, risk_type)
        .join(Authority, Authority.authority_path == Profile.authority_path)
        .where(Profile.status == P.IN_FORCE)
    )
    return [Kept(*row) for row in session().execute(asked)]


def drafts_in_work() -> int:
    """Drafts that have not come to an end."""
    ended = [status.value for status, meaning in MEANINGS.items() if isinstance(status, D) and meaning.final]
    return session().scalar(select(func.count(Draft.id)).where(Draft.status.not_in(ended))) or 0


def drafts_overdue(at: datetime) -> int:
    """Drafts whose present stage has passed its limit."""
    asked = (
        select(func.count(Stage.id))
        .join(Draft, Draft.id == Stage.document_id)
        .where(Stage.left_at.is_(None), Stage.due_at < at)
    )
    return session().scalar(asked) or 0


def _registered(first: date, last: date) -> ColumnElement[bool]:
    return Declaration.registered_on.between(first, last)


def by_channel(first: date, last: date) -> dict[str, int]:
    """Declarations registered in a period, by channel."""
    asked = select(Declaration.channel, func.count(Declaration.id)).where(_registered(first, last))
    return {row[0]: row[1] for row in session().execute(asked.group_by(Declaration.channel))}


def hits_by_chapter(first: date, last: date) -> dict[str, int]:
    """Declarations of a period that at least one profile hit, each once, by the chapter of its first item hit.

    The chapter is the first two digits of the commodity code; empty where the item has none.
    """
    asked = (
        select(Declaration.id, Declaration.items, Hit.items)
        .join(Hit, Hit.declaration_id == Declaration.id)
        .where(_registered(first, last), cast(Hit.items, String) != "[]")
        .order_by(Declaration.id)
    )
    found: Counter[str] = Counter()
    with closing(session().execute(asked.execution_options(yield_per=2000))) as rows:
        for _, hits in groupby(rows, key=lambda row: row[0]):
            told = list(hits)
            item_no = min(number for row in told for number in row[2])
            item: dict[str, Any] = next((one for one in told[0][1] if int(one["item_no"]) == item_no), {})
            found[str(item.get("hs_code", ""))[:2]] += 1
    return dict(found)


def checked(first: date, last: date) -> tuple[int, int]:
    """Declarations hit on which a measure was applied, and those of them in which a violation was found."""
    applied = exists().where(
        Check.declaration_id == Declaration.id,
        Check.hit_id.is_not(None),
        Check.recorded_at.is_not(None),
        Check.result_code != NOT_APPLIED,
    )
    violated = exists().where(
        Check.declaration_id == Declaration.id,
        Check.hit_id.is_not(None),
        Check.result_code.in_(VIOLATIONS),
    )
    asked = select(func.count(Declaration.id)).where(_registered(first, last), applied)
    return session().scalar(asked) or 0, session().scalar(asked.where(violated)) or 0


def release_minutes(first: date, last: date) -> dict[str, tuple[float, int]]:
    """By channel: the median time from arrival to release in minutes, and of how many declarations."""
    asked = select(Declaration.channel, Declaration.arrived_at, Declaration.released_at).where(
        _registered(first, last), Declaration.released_at.is_not(None)
    )
    lengths: dict[str, array[float]] = {}
    with closing(session().execute(asked.execution_options(yield_per=2000))) as rows:
        for channel, arrived, released in rows:
            if released is not None:
                minutes = (released - arrived).total_seconds() / _MINUTE
                lengths.setdefault(channel, array("d")).append(minutes)
    return {channel: (median(found), len(found)) for channel, found in lengths.items()}


@dataclass(frozen=True)
class Summary:
    """The newest sums of one state, as the union reads them."""

    state: str
    day: date
    computed_at: datetime
    figures: dict[str, Any]


def of_state(path: str) -> StateSummary | None:
    """The row of a state in scope, to be written anew."""
    return session().scalars(select(StateSummary).where(StateSummary.authority_path == path)).one_or_none()


def received() -> dict[str, Summary]:
    """The sums handed up to the acting authority, by state."""
    asked = select(StateSummary).order_by(StateSummary.state, StateSummary.day)
    return {
        row.state: Summary(row.state, row.day, row.computed_at, row.figures)
        for row in session().scalars(asked)
    }

"""Questions about declarations at a point: the queue, one of them, and what stands against its release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from portal.levels.words import N_
from portal.models import Check, Declaration, Hit, Publication
from portal.store.session import session
from portal.workflow.measures import MEASURES

PAGE = 50
URGENCY = ("red", "yellow", "blue", "green")

PRELIMINARY = N_("The declaration is preliminary: it is released after it is registered.")
QUESTIONS_OPEN = N_("Answer the questions of profile %(profile)s.")
MEASURE_OPEN = N_("Record the result of measure %(code)s.")


@dataclass(frozen=True)
class Line:
    """A line of the queue."""

    id: int
    declaration_id: str
    authority_path: str
    stage: str
    channel: str
    reason: dict[str, Any]
    control_group: bool
    arrived_at: datetime
    released_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """The filters of the queue: a channel, and whether released declarations are asked for."""

    channel: str = ""
    released: bool = False
    words: str = ""


def _rank() -> ColumnElement[int]:
    return case({name: rank for rank, name in enumerate(URGENCY)}, value=Declaration.channel)


def queue(wanted: Wanted, older: int | None = None, newer: int | None = None, most: int = PAGE) -> list[Line]:
    """One page of the declarations in scope: the most urgent channel first, then as they arrived.

    Released ones come in the order of release, the latest first. `older` and `newer` are the ids of the
    declarations after, or before, which the page begins; one line more is given when there is another page.
    """
    asked = _filtered(
        select(
            Declaration.id,
            Declaration.declaration_id,
            Declaration.authority_path,
            Declaration.stage,
            Declaration.channel,
            Declaration.reason,
            Declaration.control_group,
            Declaration.arrived_at,
            Declaration.released_at,
        ),
        wanted,
    )
    order = (
        [Declaration.released_at, Declaration.id]
        if wanted.released
        else [_rank(), Declaration.arrived_at, Declaration.id]
    )
    descending = wanted.released != (newer is not None)
    anchor = newer if newer is not None else older
    if anchor is not None:
        asked = asked.where(_beyond(order, anchor, descending))
    ordered = [column.desc() if descending else column.asc() for column in order]
    rows = [Line(*row) for row in session().execute(asked.order_by(*ordered).limit(most + 1))]
    return rows[::-1] if newer is not None else rows


def _filtered(asked: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    released = Declaration.released_at.is_not(None) if wanted.released else Declaration.released_at.is_(None)
    asked = asked.where(released)
    if wanted.channel:
        asked = asked.where(Declaration.channel == wanted.channel)
    if wanted.words:
        asked = asked.where(Declaration.declaration_id.icontains(wanted.words, autoescape=True))
    return asked


def _beyond(order: list[Any], anchor: int, descending: bool) -> ColumnElement[bool]:
    """Whether a row stands after the row `anchor`, which may have left the list meanwhile."""
    row = session().execute(select(*order).where(Declaration.id == anchor)).one_or_none()
    if row is None or None in tuple(row):
        return Declaration.id > 0
    steps = []
    for index, (column, value) in enumerate(zip(order, row, strict=True)):
        same = [earlier == known for earlier, known in zip(order[:index], row[:index], strict=True)]
        steps.append(and_(*same, column < value if descending else column > value))
    return or_(*steps)


def waiting_by_channel() -> dict[str, int]:
    """How many declarations in scope wait for release, by channel."""
    asked = (
        select(Declaration.channel, func.count(Declaration.id))
        .where(Declaration.released_at.is_(None))
        .group_by(Declaration.channel)
    )
    counted: dict[str, int] = {row[0]: row[1] for row in session().execute(asked)}
    return {channel: counted.get(channel, 0) for channel in URGENCY}


def find(declaration_pk: int, *, lock: bool = False) -> Declaration | None:
    """A declaration in scope; locked until the end of the transaction for an act on it."""
    if not lock:
        return session().get(Declaration, declaration_pk)
    asked = select(Declaration).where(Declaration.id == declaration_pk).with_for_update()
    return session().scalars(asked.execution_options(populate_existing=True)).one_or_none()


def known(path: str, declaration_ids: Iterable[str]) -> dict[str, Declaration]:
    """The declarations of one authority that have arrived already, by their own id; locked."""
    asked = select(Declaration).where(
        Declaration.authority_path == path, Declaration.declaration_id.in_(list(declaration_ids))
    )
    asked = asked.options(selectinload(Declaration.hits), selectinload(Declaration.checks))
    return {row.declaration_id: row for row in session().scalars(asked.with_for_update())}


def standing(hit: Hit) -> bool:
    """False when a later version of the declaration is no longer hit; the row stays for its record."""
    return bool(hit.items)


def answers_of(hit: Hit) -> dict[str, bool]:
    """The officer's answers so far, by question."""
    return {given["question"]: given["answer"] for given in hit.answers}


def open_questions(hit: Hit) -> tuple[str, ...]:
    """The questions still to be answered; none once one answer is no."""
    answers = answers_of(hit)
    if False in answers.values():
        return ()
    return tuple(question for question in hit.questions if question not in answers)


def to_apply(declaration: Declaration) -> list[Check]:
    """The measures drawn for a declaration, in the order in which they were drawn."""
    return [check for check in declaration.checks if check.drawn]


def blocks_release(check: Check) -> bool:
    """True for a mandatory measure before release that has no result; the blue channel is checked afterwards."""
    after_release = check.measure in MEASURES and MEASURES[check.measure].channel == "blue"
    return check.drawn and check.mandatory and check.recorded_at is None and not after_release


def hindrances(declaration: Declaration) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """What stands against release: msgids with their holes, none when it may be released."""
    return tuple(_hindrances(declaration))


def _hindrances(declaration: Declaration) -> Iterator[tuple[str, Mapping[str, str]]]:
    if declaration.stage == "preliminary":
        yield PRELIMINARY, {}
    for hit in declaration.hits:
        if standing(hit) and open_questions(hit):
            yield QUESTIONS_OPEN, {"profile": hit.profile_number}
    for check in declaration.checks:
        if blocks_release(check):
            yield MEASURE_OPEN, {"code": check.measure}


def measures_of(declaration: Declaration) -> dict[int, list[dict[str, Any]]]:
    """The measures of the profiles that hit a declaration, by publication id, whatever became of the profiles."""
    asked = select(Publication.id, Publication.text["measures"]).where(
        Publication.id.in_({hit.publication_id for hit in declaration.hits})
    )
    return {row[0]: row[1] for row in session().execute(asked)}

"""The bands of the desk: what is overdue, due today, due this week, later, and in the hands of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext

from portal.store import desk, documents, stages
from portal.store.stages import Running
from portal.web.links import document_link
from portal.workflow.calendar import SATURDAY
from portal.workflow.engine import Offer, awaited, waiting_for
from portal.workflow.move import Facts
from portal.workflow.seats import Actor
from portal.workflow.statuses import MEANINGS

#: Bands of what waits for the officer, the most pressing first.
MINE = ("overdue", "today", "week", "later")
ELSEWHERE = "elsewhere"
#: Documents shown as waiting for others.
MOST_ELSEWHERE = 50


@dataclass(frozen=True)
class Row:
    """One case on the desk.

    Attributes:
        acts: labels of the acts that wait for the officer, the usual one first; none when others must act.
        missing: how many things hinder the first of them.
        blocks: labels of the seats for whose act the case waits; none when it waits for the officer.
    """

    document: str
    url: str | None
    number: str
    title: str
    place: str
    status: tuple[str, str]
    clock: Running | None
    acts: tuple[str, ...] = ()
    missing: int = 0
    blocks: tuple[str, ...] = ()


def bands(actor: Actor, at: datetime, locale: str) -> dict[str, list[Row]]:
    """The rows of each band, what is due first on top."""
    mine = documents.awaiting(actor)
    others = desk.elsewhere(actor, [document.id for document, _ in mine], MOST_ELSEWHERE)
    clocks = stages.clocks([document.id for document, _ in (*mine, *others)], at)
    found: dict[str, list[Row]] = {name: [] for name in (*MINE, ELSEWHERE)}
    for document, facts in mine:
        clock = clocks.get(document.id)
        offers = awaited(facts, actor)
        found[band_of(clock, at)].append(
            _row(document, facts, clock, locale, acts=_labels(offers), missing=len(offers[0].hindrances))
        )
    for document, facts in others:
        blocks = tuple(gettext(label) for label in waiting_for(facts))
        if blocks:  # a draft whose profile is begun waits for nobody: the profile stands here in its place
            found[ELSEWHERE].append(_row(document, facts, clocks.get(document.id), locale, blocks=blocks))
    return {name: sorted(rows, key=_pressing) for name, rows in found.items()}


def band_of(clock: Running | None, at: datetime) -> str:
    """The band of what waits for the officer; days are those of the authority that counts the limit."""
    if clock is None:
        return "later"
    if clock.overdue:
        return "overdue"
    due = clock.local_until.date()
    today = at.astimezone(clock.local_until.tzinfo).date()
    if due <= today:
        return "today"
    return "week" if due <= _end_of_week(today) else "later"


def _end_of_week(today: date) -> date:
    """The Sunday of this week; on a weekend that of the week which begins."""
    day = today.weekday()
    return today + timedelta(days=6 - day if day < SATURDAY else 13 - day)


def _labels(offers: Sequence[Offer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gettext(offer.move.label) for offer in offers))


def _row(document: Any, facts: Facts, clock: Running | None, locale: str, **rest: Any) -> Row:
    meaning = MEANINGS[facts.status]
    owner = document.authority
    return Row(
        document.document,
        document_link(document.document, document.id),
        document.number or "",
        document.title,
        owner.name_ru if locale == "ru" else owner.name_en,
        (gettext(meaning.label), meaning.tone),
        clock,
        **rest,
    )


def _pressing(row: Row) -> tuple[bool, float]:
    return row.clock is None, row.clock.until.timestamp() if row.clock else 0.0

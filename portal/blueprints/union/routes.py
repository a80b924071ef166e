"""The states side by side, each figure on one scale for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.typing import ResponseReturnValue

from portal.blueprints.union import blueprint
from portal.blueprints.union.measures import MEASURES, Shown, shown
from portal.store import authorities, summaries
from portal.store.summaries import Summary
from portal.web.access import UNION
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.page import page
from portal.workflow.clock import now

#: Sums older than this are said to be old: the job of the state has missed a day.
FRESH = timedelta(days=2)


@dataclass(frozen=True)
class State:
    """One state of the union and its newest sums, None when it has handed up none."""

    code: str
    name: str
    summary: Summary | None
    old: bool


@blueprint.get("/<code>/states", access=UNION)
def states() -> ResponseReturnValue:
    """What each state has handed up, never more."""
    found = _states(now())
    return page(
        "union/states.html",
        states=found,
        measures=_measures(found),
        union_name=acting().place.name(language()),
    )


def _states(at: datetime) -> list[State]:
    received = summaries.received()
    return [
        State(
            seen.state,
            seen.name(language()),
            summary := received.get(seen.state),
            summary is not None and at - summary.computed_at > FRESH,
        )
        for seen in sorted(authorities.states(), key=lambda seen: seen.state)
    ]


def _measures(found: list[State]) -> list[Shown]:
    columns = [(state.name, state.summary.figures if state.summary else None) for state in found]
    return [shown(measure, columns) for measure in MEASURES]

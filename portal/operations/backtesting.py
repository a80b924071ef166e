"""Runs the indicators of a document over past declarations, and attaches a run to its explanatory note."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from portal.errors import Invalid, NotAllowedNow
from portal.levels.words import N_
from portal.models import BackTestRun, Document
from portal.operations import drafting
from portal.operations.acts import Acts
from portal.operations.administration import today_at
from portal.screening import backtest
from portal.screening.area import Area, combined
from portal.screening.conditions import to_json
from portal.screening.contribution import Contribution, contributions, overlaps
from portal.screening.faults import ConditionError
from portal.screening.past import Source
from portal.screening.text_area import area_of
from portal.screening.tree import Leaf, Node, Not, leaves
from portal.store import backtests, history, lists
from portal.store.session import session
from portal.workflow.clock import now
from portal.workflow.text import area_hash

MOST_INDICATORS = 60
MOST_PROFILES = 100

NO_GROUPS = N_("The document has no group of indicators, so there is nothing to run.")
UNREADABLE = N_("The indicators cannot be read; mend them in the builder first.")
NOTHING_PAST = N_("There were no declarations in this time: the run estimates nothing. Choose other days.")
OTHER_TEXT = N_("The indicators changed since this run; run it again before it is attached.")
WRONG_DAYS = N_("The first day lies after the last")


def condition_of(document: Document) -> Node:
    """The indicators of a document as one condition, its lists as they stand today at its authority.

    Raises:
        NotAllowedNow: there are none, or they cannot be read.
    """
    try:
        area: Area = area_of(
            document.text, lists.members(document.authority_path, today_at(document.authority))
        )
    except ConditionError as error:
        raise NotAllowedNow(NO_GROUPS if not document.text["groups"] else UNREADABLE) from error
    if not area.groups:
        raise NotAllowedNow(NO_GROUPS)
    return combined(area.groups)


def run(document: Document, acts: Acts, start: date | None = None, end: date | None = None) -> BackTestRun:
    """Run a document's indicators over the history of the acting authority, and keep what was found.

    Args:
        start, end: registration days, both included; None for as far as the history reaches.

    Raises:
        NotAllowedNow: as `condition_of`.
        Invalid: the days are the wrong way round.
        SourceError: a file of the history cannot be read.
    """
    if start and end and start > end:
        raise Invalid((("start", WRONG_DAYS),), WRONG_DAYS)
    node = condition_of(document)
    past = history.source(start, end)
    known = history.has_outcomes()
    tested = backtest.run(node, past, history.OUTCOME if known else None)
    held = history.totals(start, end)
    row = BackTestRun(
        document_id=document.id,
        authority_path=acts.path,
        text_hash=document.text_hash,
        area_hash=area_hash(document.text),
        at=now(),
        officer_name=acts.name,
        first_day=start or held.first_day,
        last_day=end or held.last_day,
        result={
            **tested.to_json(),
            "outcomes": known,
            "all_by_month": dict(held.by_month),
            "all_by_authority": dict(held.by_authority),
            "contributions": _contributions(node, past, tested.items),
            "overlaps": _overlaps(node, document, acts, past, today_at(document.authority)),
        },
    )
    session().add(row)
    session().flush()
    return row


def _contributions(node: Node, past: Source, items: int) -> list[dict[str, Any]]:
    """What each indicator holds on by itself, and what the whole would hit without it; none of very many."""
    found = list(leaves(node))
    if len(found) > MOST_INDICATORS:
        return []
    measured = zip(found, contributions(node, past), strict=True)
    return [_contribution(place, leaf, one, items) for (place, leaf), one in measured]


def _contribution(place: str, leaf: Leaf, found: Contribution, items: int) -> dict[str, Any]:
    """The indicator as it stands: one under a negation holds on all the items on which it does not."""
    negated = place.replace("[", ".").split(".").count("not") % 2
    return {
        "condition": to_json(Not(leaf) if negated else leaf),
        "alone": items - found.alone if negated else found.alone,
        "without": found.without,
    }


def _overlaps(node: Node, document: Document, acts: Acts, past: Source, day: date) -> list[dict[str, Any]]:
    """How many declarations each profile in force at the acting authority hits, and shares with this one."""
    others: dict[int, Node] = {}
    named: dict[int, Any] = {}
    for entry in backtests.in_force_within(acts.path, day, MOST_PROFILES):
        if entry.owner == document.authority_path and entry.number == document.number:
            continue
        try:
            others[entry.id] = combined(area_of(entry.text, lists.members(entry.owner, day)).groups)
        except ConditionError:
            continue
        named[entry.id] = entry
    counted = overlaps(node, others, past)
    found = [
        {
            "number": named[key].number,
            "title": named[key].title,
            "publication": key,
            "hit": one.hit,
            "shared": one.shared,
        }
        for key, one in counted.items()
    ]
    return sorted(found, key=lambda one: -one["shared"])


def attach(document: Document, acts: Acts, found: BackTestRun) -> bool:
    """Make a run the estimate of the document's note (procedure §4); False when it is so already.

    Raises:
        NotAllowedNow: the indicators changed since the run, it saw no declaration, or the text may not change now.
        NotYours: another officer writes the document.
    """
    drafting.may_write(document, acts)
    if found.area_hash != area_hash(document.text):
        raise NotAllowedNow(OTHER_TEXT)
    if not found.result["declarations"]:
        raise NotAllowedNow(NOTHING_PAST)
    note = copy.deepcopy(document.text["note"])
    note.update(estimate=found.result["hit_declarations"], estimate_run=found.id, estimate_reason="")
    return drafting.change(document, acts, "note", note)

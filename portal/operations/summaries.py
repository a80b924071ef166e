"""Writes the sums of each state for the union: counted by the state, suppressed by the state (procedure §9)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.levels.path import AuthorityPath
from portal.models import StateSummary
from portal.store import authorities, summaries
from portal.store.session import acting, session
from portal.workflow import disclosure
from portal.workflow.clock import now

log = logging.getLogger(__name__)

CHANNELS = ("red", "yellow", "blue", "green")
ACTION = "union.summaries"
#: The first two digits of commodity codes; goods without a code have none.
CHAPTERS = ("", *(f"{number:02}" for number in range(100)))
#: Chapters of which none is told alone.
OTHER = "other"


def write(state_path: str, day: date) -> None:
    """Count the year that ends on a day, and hand the sums up to the union.

    A state has one row, written anew: two days kept side by side could be subtracted from each other, and the
    difference be one declaration. It is counted before the row is taken: officers who write do not wait for that.
    """
    union = AuthorityPath(state_path).parent
    if union is None:
        raise ValueError(f"{state_path} is no state")
    with acting(state_path, ACTION, writes=False):
        home = authorities.by_path(state_path)
        if home is None:
            raise LookupError(f"no authority at {state_path}")
        state, at, counted = home.state, now(), figures(day)
    with acting(state_path, ACTION):
        row = summaries.of_state(state_path)
        if row is None:
            row = StateSummary(authority_path=state_path, addressee_path=union.text, state=state)
        row.day, row.computed_at, row.figures = day, at, counted
        session().add(row)


def write_all() -> list[str]:
    """Write the sums of every state, on its own day; codes of the states written.

    One state that fails does not stop the others; its last sums stay, and show their age.
    """
    written = []
    for state in authorities.states():
        try:
            write(state.path, now().astimezone(ZoneInfo(state.zone)).date())
        except Exception:
            log.exception("the sums of %s were not written", state.code)
        else:
            written.append(state.state)
    return written


def figures(day: date) -> dict[str, Any]:
    """The sums of the authorities in scope over the year that ends on a day: counts, no text, no declaration."""
    first = _year_before(day)
    return {
        "period": {"from": first.isoformat(), "to": day.isoformat()},
        "profiles": _profiles(),
        "drafts": {"in_work": summaries.drafts_in_work(), "overdue": summaries.drafts_overdue(now())},
        **_declarations(first, day),
    }


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:  # the 29th of February
        return date(day.year - 1, 3, 1)


def _profiles() -> dict[str, Any]:
    kept = summaries.profiles_in_force()
    return {
        "total": len(kept),
        "by_scope": _counted(one.scope for one in kept),
        "by_level": _counted(one.level for one in kept),
        "by_direction": _counted(str(one.direction) for one in kept if one.direction),
        "by_risk_type": _counted(one.risk_type for one in kept if one.risk_type),
    }


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _declarations(first: date, last: date) -> dict[str, Any]:
    """What is about declarations: each figure of fewer than five suppressed here, before it leaves the state."""
    found = summaries.by_channel(first, last)
    channels = disclosure.counts({name: found.get(name, 0) for name in CHANNELS})
    chapters = summaries.hits_by_chapter(first, last)
    total, hit = sum(found.values()), sum(chapters.values())
    applied, violations = summaries.checked(first, last)
    minutes = summaries.release_minutes(first, last)
    hits = disclosure.counts({"hit": hit, "missed": total - hit}).parts["hit"]
    return {
        "declarations": {
            "total": channels.total.to_json(),
            "by_channel": {name: figure.to_json() for name, figure in channels.parts.items()},
        },
        "hits": hits.to_json(),
        "hits_by_chapter": {
            name: figure.to_json() for name, figure in _by_chapter(chapters, told=not hits.suppressed).items()
        },
        "hit_rate": disclosure.share(violations, applied).to_json(),
        "release_minutes": {
            name: disclosure.about(*_median(minutes.get(name))).to_json() for name in CHANNELS
        },
    }


def _by_chapter(found: Mapping[str, int], *, told: bool) -> dict[str, disclosure.Figure]:
    """The hits by chapter of the goods; chapters of few, and of none, are one figure that does not say which they are.

    Args:
        told: whether the sum of all is handed up; where it is not, its parts would tell it.
    """
    if not told:
        return {OTHER: disclosure.SUPPRESSED}
    parts = disclosure.counts({**dict.fromkeys(CHAPTERS, 0), **found}).parts
    shown = {name: figure for name, figure in sorted(parts.items()) if not figure.suppressed}
    return {**shown, OTHER: disclosure.Figure(sum(found.values()) - sum(found[name] for name in shown))}


def _median(found: tuple[float, int] | None) -> tuple[float | None, int]:
    return (round(found[0], 1), found[1]) if found else (None, 0)

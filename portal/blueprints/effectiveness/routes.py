"""What each profile has done at the authorities in scope."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.effectiveness import blueprint
from portal.store import effectiveness
from portal.store.effectiveness import Line
from portal.web import arguments
from portal.web.access import OFFICE
from portal.web.acting import acting
from portal.web.export import Cell, list_file
from portal.web.filters import day
from portal.web.page import page
from portal.workflow.clock import now
from portal.workflow.effectiveness import ENOUGH_APPLIED, LONGEST_WITHOUT_HIT, LOWEST_RATE

PAGE = 50


@blueprint.get("/<code>/effectiveness", access=OFFICE)
def listing() -> ResponseReturnValue:
    """Every profile by number, or with ``marked=1`` those put up for update or cancellation."""
    here = acting()
    every = effectiveness.lines(now(), here.local_now().date())
    marked = arguments.text("marked") == "1"
    shown = [line for line in every if line.reasons] if marked else every
    after, before = arguments.text("after"), arguments.text("before")
    rows = _slice(shown, after, before)
    checked, control = effectiveness.control_rate()
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    return page(
        "effectiveness/listing.html",
        rows=rows,
        marked=marked,
        total=len(every),
        put_up=sum(bool(line.reasons) for line in every),
        checked=checked,
        control=control,
        enough=ENOUGH_APPLIED,
        lowest=LOWEST_RATE,
        days=LONGEST_WITHOUT_HIT.days,
        older_url=_page(marked, after=rows[-1].number) if rows and rows[-1] is not last else None,
        newer_url=_page(marked, before=rows[0].number) if rows and rows[0] is not first else None,
        export_url=url_for("effectiveness.export", code=here.code, marked="1" if marked else None),
    )


def _slice(lines: list[Line], after: str, before: str) -> list[Line]:
    if before:
        return [line for line in lines if line.number < before][-PAGE:]
    return [line for line in lines if line.number > after][:PAGE]


def _page(marked: bool, **anchor: Any) -> str:
    return url_for("effectiveness.listing", code=acting().code, marked="1" if marked else None, **anchor)


@blueprint.get("/<code>/effectiveness.csv", access=OFFICE)
def export() -> ResponseReturnValue:
    """The same figures as a file."""
    here = acting()
    marked = arguments.text("marked") == "1"
    lines = effectiveness.lines(now(), here.local_now().date())
    columns = (
        gettext("Number"),
        gettext("Version"),
        gettext("Title"),
        gettext("Hits"),
        gettext("Expected in the note"),
        gettext("Measures drawn"),
        gettext("Measures applied"),
        gettext("Violations"),
        gettext("Additional payments"),
        gettext("Last hit"),
        gettext("Put up because"),
    )
    rows = (_cells(line) for line in lines if line.reasons or not marked)
    return list_file(f"effectiveness-{here.code}", columns, rows)


def _cells(line: Line) -> tuple[Cell, ...]:
    return (
        line.number,
        line.version,
        line.title,
        line.hits,
        line.expected,
        line.record.drawn,
        line.record.applied,
        line.record.violations,
        line.payments,
        day(line.record.last_hit) if line.record.last_hit else "",
        "; ".join(gettext(reason) for reason in line.reasons),
    )

"""The back-test that stands behind the estimate of an explanatory note."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from portal.store import backtests
from portal.web.filters import day, decimal
from portal.workflow.text import area_hash


def fresh_run(document: Any) -> Any:
    """The last back-test of the indicators as they stand; None when they changed since, or were never run."""
    runs = backtests.runs(document.id, most=1)
    return runs[0] if runs and runs[0].area_hash == area_hash(document.text) else None


def source(document: Any) -> str:
    """Where the estimate comes from: "run" (the fresh back-test), "kept" (an earlier one), or "own"."""
    note, run = document.text["note"], fresh_run(document)
    if note["estimate_run"] is None:
        return "own" if note["estimate"] is not None or run is None else "run"
    return "run" if run is not None and run.id == note["estimate_run"] else "kept"


def choices(document: Any) -> list[tuple[str, str]]:
    """The sources that may be chosen, each with its figure."""
    note, run = document.text["note"], fresh_run(document)
    found = []
    if run is not None:
        words = {"hits": decimal(run.result["hit_declarations"]), "day": day(run.at)}
        found.append(("run", gettext("%(hits)s, from the back-test of %(day)s", **words)))
    if source(document) == "kept":
        words = {"hits": decimal(note["estimate"]), "run": note["estimate_run"]}
        found.append(("kept", gettext("%(hits)s, as attached from back-test %(run)s", **words)))
    return [*found, ("own", gettext("An own estimate"))]


def remark(document: Any) -> str | None:
    """What the reader of the note should know of its estimate; None when there is nothing to say."""
    run = fresh_run(document)
    if source(document) == "run" or run is None:
        return None
    words = {"day": day(run.at), "hits": decimal(run.result["hit_declarations"])}
    return str(gettext("The back-test of %(day)s would select %(hits)s declarations.", **words))

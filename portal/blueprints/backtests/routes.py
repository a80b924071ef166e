"""Shows what a document's indicators would have selected, runs them anew, and attaches a run to the note."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.backtests import blueprint, view
from portal.blueprints.backtests.forms import Days
from portal.errors import NotAllowedNow, NotHere
from portal.operations import backtesting, procedure
from portal.screening.faults import SourceError
from portal.screening.grammar import capital
from portal.screening.vocabulary import FIELDS
from portal.store import backtests, history
from portal.web import arguments
from portal.web.access import OFFICE
from portal.web.acting import acting
from portal.web.documents import frame
from portal.web.forms import shown_version
from portal.web.page import page
from portal.workflow.text import area_hash


@blueprint.get("/<code>/documents/<int:document_id>/back-test", access=OFFICE)
def show(document_id: int) -> ResponseReturnValue:
    document = procedure.load(document_id)
    return _page(document, Days(formdata=None))


@blueprint.post("/<code>/documents/<int:document_id>/back-test", access=OFFICE)
def run(document_id: int) -> ResponseReturnValue:
    document = procedure.load(document_id)
    days = Days()
    if not days.validate():
        return _page(document, days, 422)
    try:
        found = backtesting.run(document, acting().acts, days.start.data, days.end.data)
    except SourceError:
        days.form_errors.append(gettext("The past declarations cannot be read now. Try again in a minute."))
        return _page(document, days, 422)
    return redirect(_address(document.id, run=found.id), 303)


@blueprint.post("/<code>/documents/<int:document_id>/back-test/<int:run_id>/attach", access=OFFICE)
def attach(document_id: int, run_id: int) -> ResponseReturnValue:
    document = procedure.load(document_id, version=shown_version())
    found = backtests.run(run_id, document_id)
    if found is None:
        raise NotHere
    backtesting.attach(document, acting().acts, found)
    flash(gettext("The run is the estimate of the explanatory note now."), "info")
    return redirect(_address(document_id, run=run_id), 303)


def _address(document_id: int, **values: Any) -> str:
    return url_for("backtests.show", code=acting().code, document_id=document_id, **values)


def _page(document: Any, days: Days, status: int = 200) -> ResponseReturnValue:
    runs = backtests.runs(document.id)
    chosen = _chosen(runs)
    if request.method == "GET" and chosen is not None and arguments.text("run"):
        days.start.data, days.end.data = chosen.first_day, chosen.last_day
    held = history.totals() if not runs else None
    return page(
        "backtests/show.html",
        status,
        **_around(document),
        days=days,
        runs=[(one, _address(document.id, run=one.id), one is chosen) for one in runs],
        run=chosen,
        shown=view.Shown(chosen.result) if chosen else None,
        stale=chosen is not None and chosen.area_hash != area_hash(document.text),
        attached=chosen is not None and document.text["note"]["estimate_run"] == chosen.id,
        empty=held is not None and not held.items,
        sample=_sample(document, chosen),
        columns=_columns(),
        with_traders=view.entitled(acting()),
    )


def _chosen(runs: list[Any]) -> Any:
    """The run that the address names; else the latest of the acting authority, or of those beneath it."""
    wanted = arguments.text("run")
    named = next((one for one in runs if str(one.id) == wanted), None)
    own = next((one for one in runs if one.authority_path == acting().path), None)
    return named or own or (runs[0] if runs else None)


def _around(document: Any) -> dict[str, Any]:
    around = frame.frame(document, "back_test")
    return {
        **around,
        "run_url": url_for("backtests.run", code=acting().code, document_id=document.id),
        "attach_url": lambda run_id: url_for(
            "backtests.attach", code=acting().code, document_id=document.id, run_id=run_id
        ),
        "history_url": url_for("history.listing", code=acting().code),
    }


def _columns() -> list[tuple[str, str]]:
    return [
        (name, capital(gettext(FIELDS[name].label))) for name in view.sample_columns(view.entitled(acting()))
    ]


def _sample(document: Any, chosen: Any) -> list[dict[str, Any]]:
    """Some of what the run hit, as the history stands; nothing once the indicators have changed."""
    if chosen is None or chosen.area_hash != area_hash(document.text):
        return []
    try:
        node = backtesting.condition_of(document)
        return history.sample(node, chosen.first_day, chosen.last_day)
    except (NotAllowedNow, SourceError):
        return []

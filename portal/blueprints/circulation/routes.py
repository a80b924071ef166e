"""The union writes risk information, circulates it, and reads the answers."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.circulation import blueprint
from portal.blueprints.circulation.forms import ConfirmForm, InformationForm
from portal.blueprints.circulation.words import by_state, codes_of, content, label, place
from portal.errors import NotAllowedNow
from portal.levels.words import N_
from portal.operations import circulation as acts
from portal.store import circulation
from portal.web.access import UNION
from portal.web.acting import acting
from portal.web.forms import shown_version
from portal.web.page import page
from portal.workflow.circulation import available


@blueprint.get("/<code>/risk-information", access=UNION)
def union_listing() -> ResponseReturnValue:
    """All that the union has written, with the answer of each state."""
    found = circulation.page(before=place("before"), after=place("after"))
    answers = circulation.answers(row.id for row in found.rows)
    return page(
        "circulation/union_listing.html",
        rows=[
            (
                row,
                _url("union_show", row.id),
                label(circulation.status(row)),
                by_state(answers.get(row.id, {})) if row.circulated_at else [],
            )
            for row in found.rows
        ],
        states=[answered.name for answered in by_state({})],
        begin_url=url_for("circulation.begin", code=acting().code),
        older_url=_listing(before=found.older),
        newer_url=_listing(after=found.newer),
    )


@blueprint.route("/<code>/risk-information/new", methods=["GET", "POST"], access=UNION)
def begin() -> ResponseReturnValue:
    form = InformationForm()
    if form.is_submitted() and form.validate():
        information = acts.begin(acting().acts, form.contents())
        return redirect(_url("union_show", information.id), 303)
    return page(
        "circulation/form.html",
        422 if form.is_submitted() else 200,
        form=form,
        title=gettext("Write risk information"),
        action=url_for("circulation.begin", code=acting().code),
        cancel_url=url_for("circulation.union_listing", code=acting().code),
        version=None,
    )


@blueprint.get("/<code>/risk-information/<int:information_id>", access=UNION)
def union_show(information_id: int) -> ResponseReturnValue:
    """What is told, and how each state has answered."""
    information = acts.load(information_id)
    status = circulation.status(information)
    open_to = {step.name for step in available(status, acting().actor)}
    found = circulation.answers([information.id]).get(information.id, {})
    return page(
        "circulation/union_show.html",
        information=information,
        standing=label(status),
        content=content(information),
        answers=by_state(found) if information.circulated_at else [],
        change_url=_url("change", information.id) if "change" in open_to else None,
        circulate_url=_url("circulate", information.id) if "circulate" in open_to else None,
    )


@blueprint.route(
    "/<code>/risk-information/<int:information_id>/change", methods=["GET", "POST"], access=UNION
)
def change(information_id: int) -> ResponseReturnValue:
    form = InformationForm()
    if form.is_submitted() and form.validate():
        acts.change(acts.load(information_id, shown_version()), acting().acts, form.contents())
        return redirect(_url("union_show", information_id), 303)
    information = _changeable(information_id)
    if not form.is_submitted():
        form = InformationForm(data=_data(information))
    return page(
        "circulation/form.html",
        422 if form.is_submitted() else 200,
        form=form,
        title=gettext("Change risk information"),
        action=_url("change", information_id),
        cancel_url=_url("union_show", information_id),
        version=information.row_version,
    )


@blueprint.route(
    "/<code>/risk-information/<int:information_id>/circulate", methods=["GET", "POST"], access=UNION
)
def circulate(information_id: int) -> ResponseReturnValue:
    """The check page, and the act."""
    form = ConfirmForm()
    if form.is_submitted() and form.validate():
        acts.circulate(acts.load(information_id, shown_version()), acting().acts)
        return redirect(_url("circulated", information_id), 303)
    information = _changeable(information_id)
    return page(
        "circulation/circulate.html",
        422 if form.is_submitted() else 200,
        form=form,
        information=information,
        content=content(information),
        states=[answered.name for answered in by_state({})],
        action=_url("circulate", information_id),
        cancel_url=_url("union_show", information_id),
    )


@blueprint.get("/<code>/risk-information/<int:information_id>/circulated", access=UNION)
def circulated(information_id: int) -> ResponseReturnValue:
    """The number given, and what happens next."""
    information = acts.load(information_id)
    if information.number is None:
        raise NotAllowedNow(N_("The information is not circulated yet."))
    return page(
        "circulation/circulated.html", information=information, show_url=_url("union_show", information_id)
    )


def _changeable(information_id: int) -> Any:
    """The information, as long as it may still be changed and circulated."""
    information = acts.load(information_id)
    if not available(circulation.status(information), acting().actor):
        raise NotAllowedNow(
            N_("The information is circulated; what the states have received is not changed.")
        )
    return information


def _data(information: Any) -> dict[str, Any]:
    return {
        "title": information.title,
        "words": information.words,
        "direction": str(information.direction or ""),
        "risk_type": information.risk_type,
        "codes": "\n".join(codes_of(information.groups)),
    }


def _url(endpoint: str, information_id: int) -> str:
    return url_for(f"circulation.{endpoint}", code=acting().code, information_id=information_id)


def _listing(**place: int | None) -> str | None:
    asked: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
    return url_for("circulation.union_listing", code=acting().code, **asked) if asked else None

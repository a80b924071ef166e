"""A centre reads what the union circulates, and answers it."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.circulation import blueprint
from portal.blueprints.circulation.forms import ConfirmForm, DeclineForm
from portal.blueprints.circulation.words import awaited, content, label, place
from portal.errors import NotAllowedNow, NotYours
from portal.levels.words import N_
from portal.operations import circulation as acts
from portal.store import circulation
from portal.web.access import CENTRE
from portal.web.acting import acting
from portal.web.links import document_link
from portal.web.page import page
from portal.workflow.circulation import MEANINGS, MOVES, I, available, fills


@blueprint.get("/<code>/union-information", access=CENTRE)
def listing() -> ResponseReturnValue:
    """What the union has circulated, with the answer of this centre."""
    found = circulation.page(before=place("before"), after=place("after"))
    given = {row.id: circulation.answer_of(row.id, acting().path) for row in found.rows}
    return page(
        "circulation/listing.html",
        rows=[(row, _url("show", row.id), _label(row, given[row.id]), given[row.id]) for row in found.rows],
        older_url=_listing(before=found.older),
        newer_url=_listing(after=found.newer),
    )


@blueprint.get("/<code>/union-information/<int:information_id>", access=CENTRE)
def show(information_id: int) -> ResponseReturnValue:
    """What is told, how this centre has answered, and the answers still open to the officer."""
    information = acts.load(information_id)
    given = circulation.answer_of(information_id, acting().path)
    status = circulation.status(information, given)
    open_to = available(status, acting().actor)
    return page(
        "circulation/show.html",
        information=information,
        standing=_label(information, given),
        sentence=gettext(MEANINGS[status].sentence),
        content=content(information),
        answer=given,
        draft_url=document_link("draft", given.draft_id) if given and given.draft_id else None,
        steps=[
            (step.name, gettext(step.label), _url(step.name, information_id), step.danger) for step in open_to
        ],
    )


@blueprint.post("/<code>/union-information/<int:information_id>/note", access=CENTRE)
def note(information_id: int) -> ResponseReturnValue:
    acts.answer(acts.load(information_id), acting().acts, "note")
    return redirect(_url("show", information_id), 303)


@blueprint.route(
    "/<code>/union-information/<int:information_id>/adopt", methods=["GET", "POST"], access=CENTRE
)
def adopt(information_id: int) -> ResponseReturnValue:
    """The check page; the act begins a national draft and leads to it."""
    form = ConfirmForm()
    if form.is_submitted() and form.validate():
        given = acts.answer(acts.load(information_id), acting().acts, "adopt")
        draft = document_link("draft", given.draft_id) if given.draft_id else None
        return redirect(draft or _url("show", information_id), 303)
    return _asking("adopt", information_id, form)


@blueprint.route(
    "/<code>/union-information/<int:information_id>/decline", methods=["GET", "POST"], access=CENTRE
)
def decline(information_id: int) -> ResponseReturnValue:
    form = DeclineForm()
    if form.is_submitted() and form.validate():
        carried = {"reason": form.reason.data.strip()}
        acts.answer(acts.load(information_id), acting().acts, "decline", carried)
        return redirect(_url("show", information_id), 303)
    return _asking("decline", information_id, form)


def _asking(name: str, information_id: int, form: ConfirmForm | DeclineForm) -> ResponseReturnValue:
    """The page that asks before an answer, for whoever may give it now."""
    information = acts.load(information_id)
    status = circulation.status(information, circulation.answer_of(information_id, acting().path))
    step = next(move for move in MOVES if move.name == name)
    if not fills(step.seat, acting().actor):
        raise NotYours(N_("This act belongs to another post."))
    if status not in step.sources:
        raise NotAllowedNow(N_("The information is no longer where this act leads from."))
    return page(
        f"circulation/{name}.html",
        422 if form.is_submitted() else 200,
        form=form,
        information=information,
        content=content(information),
        submit=gettext(step.label),
        action=_url(name, information_id),
        cancel_url=_url("show", information_id),
    )


def _label(information: Any, given: Any) -> tuple[str, str]:
    status = circulation.status(information, given)
    return (awaited()[0], "amber") if status is I.CIRCULATED else label(status)


def _url(endpoint: str, information_id: int) -> str:
    return url_for(f"circulation.{endpoint}", code=acting().code, information_id=information_id)


def _listing(**place: int | None) -> str | None:
    asked: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
    return url_for("circulation.listing", code=acting().code, **asked) if asked else None

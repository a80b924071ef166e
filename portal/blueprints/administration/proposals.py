"""The proposals of administrators: what waits for a second person, and how each was decided."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.forms import AnswerForm, CheckForm
from portal.blueprints.administration.found import named, tabs, to
from portal.blueprints.administration.words import asks, facts, state
from portal.errors import NotHere, Stale
from portal.operations import administration_proposals as operation
from portal.operations.administration_journal import CHANGED
from portal.operations.administration_proposals import KINDS
from portal.store import administration, administration_tree, authorities
from portal.store.administration import PAGE
from portal.web import arguments
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.forms import shown_version
from portal.web.page import page


@blueprint.get("/<code>/administration/proposals", access=ADMINISTRATOR)
def proposals() -> ResponseReturnValue:
    """What waits, or with ``decided=1`` what was decided, the newest first."""
    decided = arguments.text("decided") == "1"
    found = administration.proposals(not decided, arguments.number("before"))
    rows = found[:PAGE]
    names = authorities.names_of({row.authority_path for row in rows})
    more = {"decided": "1" if decided else None, "before": rows[-1].id} if len(found) > PAGE else None
    return page(
        "administration/proposals.html",
        tabs=tabs("proposals"),
        decided=decided,
        rows=[
            (
                row,
                gettext(KINDS[row.kind].asks),
                asks(row),
                named(names[row.authority_path]),
                state(row.state),
            )
            for row in rows
        ],
        waiting_url=to("proposals"),
        decided_url=to("proposals", decided=1),
        older_url=to("proposals", **more) if more else None,
    )


def _at(proposal_id: int, *, lock: bool = False) -> Any:
    """Raises NotHere when it is out of scope, Stale when it changed since the page was shown."""
    found = administration.proposal(proposal_id, lock=lock)
    if found is None:
        raise NotHere
    if lock and shown_version() not in (None, found.row_version):
        raise Stale(CHANGED)
    return found


@blueprint.get("/<code>/administration/proposals/<int:proposal_id>", access=ADMINISTRATOR)
def proposal(proposal_id: int) -> ResponseReturnValue:
    """What is proposed, by whom and why, and the two answers to it."""
    return _shown(_at(proposal_id), AnswerForm())


def _shown(row: Any, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    here = acting()
    pending = row.state == "pending"
    return page(
        "administration/proposal.html",
        status,
        tabs=tabs("proposals"),
        row=row,
        title=gettext(KINDS[row.kind].asks),
        state=state(row.state),
        facts=facts(row, administration_tree.by_path(row.authority_path)),
        bars=[gettext(words) for words in operation.bars(row, here.acts)] if pending else [],
        pending=pending,
        own=row.proposer_id == here.officer.id,
        form=form,
        check=CheckForm(),
        place_url=to("authority", authority_id=row.authority_id),
        officer_url=to("officer", officer_id=row.officer_id)
        if row.officer_id and administration.officer(row.officer_id)
        else None,
    )


@blueprint.post("/<code>/administration/proposals/<int:proposal_id>/confirm", access=ADMINISTRATOR)
def confirm(proposal_id: int) -> ResponseReturnValue:
    """Confirm: the change takes effect with this answer."""
    row = _at(proposal_id, lock=True)
    operation.confirm(row, acting().acts)
    flash(gettext("Confirmed: the change takes effect as proposed."), "success")
    return redirect(to("proposal", proposal_id=row.id), 303)


@blueprint.post("/<code>/administration/proposals/<int:proposal_id>/decline", access=ADMINISTRATOR)
def decline(proposal_id: int) -> ResponseReturnValue:
    """Decline with a reason."""
    row, form = _at(proposal_id, lock=True), AnswerForm()
    if not form.validate():
        return _shown(row, form, 422)
    operation.decline(row, acting().acts, form.answer.data.strip())
    flash(gettext("Declined: nothing was changed."), "success")
    return redirect(to("proposal", proposal_id=row.id), 303)


@blueprint.post("/<code>/administration/proposals/<int:proposal_id>/withdraw", access=ADMINISTRATOR)
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Take back one's own proposal."""
    row = _at(proposal_id, lock=True)
    operation.withdraw(row, acting().acts)
    flash(gettext("Taken back: nothing was changed."), "success")
    return redirect(to("proposal", proposal_id=row.id), 303)

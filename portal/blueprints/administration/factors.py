"""Pages against a lost or stolen account: second factors are removed by two administrators, sessions ended by one."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.forms import ReasonForm
from portal.blueprints.administration.found import form_page, officer_at, to
from portal.operations import administration_factors, administration_officers
from portal.operations import administration_proposals as proposals
from portal.store import factors
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.forms import shown_version


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/factors", methods=["GET", "POST"], access=ADMINISTRATOR
)
def reset_factors(officer_id: int) -> ResponseReturnValue:
    """Propose to remove all second factors and recovery codes of an officer."""
    row = officer_at(officer_id)
    own = row.id == acting().officer.id
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        made = proposals.reset_factors(acting().acts, row, shown_version(), form.reason.data.strip())
        return redirect(to("proposal", proposal_id=made.id), 303)
    against = proposals.YOUR_FACTORS if own else administration_factors.hindrance(row)
    return form_page(
        gettext("Reset second factors"),
        f"{row.name}, {row.login}",
        form,
        {"reason": {"rows": 3, "hint": gettext("How you made sure that it is he who asks.")}},
        gettext("Propose"),
        to("officer", officer_id=row.id),
        200 if request.method == "GET" else 422,
        version=row.row_version,
        kind="danger",
        facts=[(gettext("Second factors"), str(len(factors.rows_of(row.id))))],
        against=[gettext(against)] if against else [],
        consequences=[
            gettext("Another administrator confirms it or declines it with a reason."),
            gettext(
                "Then his second factors and recovery codes open nothing any more, and all his sessions end."
            ),
            gettext("He is told by mail. His password stays as it is."),
            gettext("Where his post needs a second factor, he adds a new one before anything else opens."),
        ],
    )


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/sessions", methods=["GET", "POST"], access=ADMINISTRATOR
)
def end_sessions(officer_id: int) -> ResponseReturnValue:
    """Sign an officer out everywhere, at once."""
    row = officer_at(officer_id)
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        administration_officers.end_sessions(row, acting().acts, shown_version(), form.reason.data.strip())
        flash(gettext("All sessions of the officer were ended."), "success")
        return redirect(to("officer", officer_id=row.id), 303)
    return form_page(
        gettext("End all sessions"),
        f"{row.name}, {row.login}",
        form,
        {"reason": {"rows": 3}},
        gettext("End all sessions"),
        to("officer", officer_id=row.id),
        200 if request.method == "GET" else 422,
        version=row.row_version,
        kind="danger",
        consequences=[
            gettext("The next request of its holder finds him signed out."),
            gettext("He is told by mail, and may sign in again; to keep him out, close the account."),
        ],
    )

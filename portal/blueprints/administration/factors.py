"""The page on which an administrator proposes to remove the second factors of an officer who lost them."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.forms import ReasonForm
from portal.blueprints.administration.found import form_page, officer_at, to
from portal.operations import administration_factors
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

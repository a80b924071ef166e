"""Pages against a lost or stolen account: what opens it is taken away by two administrators, sessions ended by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.forms import ReasonForm
from portal.blueprints.administration.found import form_page, officer_at, to
from portal.operations import administration_factors, administration_officers, administration_passwords
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
    return _proposed(
        row,
        proposals.reset_factors,
        gettext("Reset second factors"),
        proposals.YOUR_FACTORS if _own(row) else administration_factors.hindrance(row),
        [
            gettext(
                "Then his second factors and recovery codes open nothing any more, and all his sessions end."
            ),
            gettext("He is told by mail. His password stays as it is."),
            gettext("Where his post needs a second factor, he adds a new one before anything else opens."),
        ],
        facts=[(gettext("Second factors"), str(len(factors.rows_of(row.id))))],
    )


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/password", methods=["GET", "POST"], access=ADMINISTRATOR
)
def replace_password(officer_id: int) -> ResponseReturnValue:
    """Propose to end the password of an officer who forgot it."""
    row = officer_at(officer_id)
    return _proposed(
        row,
        proposals.replace_password,
        gettext("Replace a forgotten password"),
        proposals.YOUR_PASSWORD if _own(row) else administration_passwords.hindrance(row),
        [
            gettext("Then his password opens nothing any more, and all his sessions end."),
            gettext("He is told by mail. His second factors stay as they are."),
            gettext(
                "An administrator gives him a first password in person; he changes it before anything opens."
            ),
        ],
    )


def _own(row: Any) -> bool:
    return bool(row.id == acting().officer.id)


def _proposed(
    row: Any, propose: Callable[..., Any], title: str, against: str, then: list[str], **shown: Any
) -> ResponseReturnValue:
    """Propose it for the officer once a reason is given; until then the page that asks for it."""
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        made = propose(acting().acts, row, shown_version(), form.reason.data.strip())
        return redirect(to("proposal", proposal_id=made.id), 303)
    return form_page(
        title,
        f"{row.name}, {row.login}",
        form,
        {"reason": {"rows": 3, "hint": gettext("How you made sure that it is he who asks.")}},
        gettext("Propose"),
        to("officer", officer_id=row.id),
        200 if request.method == "GET" else 422,
        version=row.row_version,
        kind="danger",
        against=[gettext(against)] if against else [],
        consequences=[gettext("Another administrator confirms it or declines it with a reason."), *then],
        **shown,
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

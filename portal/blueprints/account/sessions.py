"""Shows where one is signed in, and ends what should not be."""

from __future__ import annotations

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.account import blueprint
from portal.blueprints.account.frame import frame
from portal.operations import accounts, sign_in
from portal.store import sessions as kept
from portal.web.access import ACCOUNT
from portal.web.browsers import browser_words
from portal.web.page import page
from portal.workflow.clock import now


@blueprint.get("/account/sessions", access=ACCOUNT)
def sessions() -> ResponseReturnValue:
    idle, whole = sign_in.limits()
    rows = kept.of(current_user.signed_in.id, now() - idle, now() - whole)
    return page(
        "account/sessions.html",
        rows=[(row, browser_words(row.browser), row.id == current_user.session_id) for row in rows],
        idle_minutes=int(idle.total_seconds() // 60),
        session_hours=int(whole.total_seconds() // 3600),
        **frame("sessions"),
    )


@blueprint.post("/account/sessions/<int:session_id>/end", access=ACCOUNT)
def end_session(session_id: int) -> ResponseReturnValue:
    accounts.end_session(current_user.signed_in.id, session_id)
    flash(gettext("The session was ended."), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.post("/account/sessions/end", access=ACCOUNT)
def end_everywhere() -> ResponseReturnValue:
    accounts.end_sessions(current_user.signed_in.id)
    for name in list(session):
        session.pop(name)
    return redirect(url_for("sign_in.form"), 303)

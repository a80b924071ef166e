"""Shows where one is signed in, and ends what should not be."""

from __future__ import annotations

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.account import blueprint
from portal.blueprints.account.forms import Confirmation
from portal.blueprints.account.frame import frame
from portal.errors import NotHere
from portal.operations import accounts, sign_in
from portal.store import sessions as kept
from portal.store.sessions import Open
from portal.web import confirming
from portal.web.access import ACCOUNT
from portal.web.browsers import browser_words
from portal.web.page import page
from portal.workflow.clock import now


@blueprint.get("/account/sessions", access=ACCOUNT)
def sessions() -> ResponseReturnValue:
    idle, whole = sign_in.limits()
    return page(
        "account/sessions.html",
        rows=[(row, browser_words(row.browser), row.id == current_user.session_id) for row in _open()],
        idle_minutes=int(idle.total_seconds() // 60),
        session_hours=int(whole.total_seconds() // 3600),
        **frame("sessions"),
    )


@blueprint.get("/account/sessions/<int:session_id>/end", access=ACCOUNT)
def ask_end(session_id: int) -> ResponseReturnValue:
    return _end_page(Confirmation(), 200, session_id)


@blueprint.post("/account/sessions/<int:session_id>/end", access=ACCOUNT)
def end_session(session_id: int) -> ResponseReturnValue:
    typed = Confirmation()
    if not typed.validate():
        return _end_page(typed, 422, session_id)
    if refused := confirming.refused(typed, _not_yours()):
        return _end_page(typed, refused, session_id)
    accounts.end_session(current_user.signed_in.id, session_id)
    flash(gettext("The session was ended."), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.get("/account/sessions/end", access=ACCOUNT)
def ask_end_everywhere() -> ResponseReturnValue:
    return _everywhere_page(Confirmation(), 200)


@blueprint.post("/account/sessions/end", access=ACCOUNT)
def end_everywhere() -> ResponseReturnValue:
    typed = Confirmation()
    if not typed.validate():
        return _everywhere_page(typed, 422)
    if refused := confirming.refused(typed, _not_yours()):
        return _everywhere_page(typed, refused)
    accounts.end_sessions(current_user.signed_in.id)
    for name in list(session):
        session.pop(name)
    return redirect(url_for("sign_in.form"), 303)


def _open() -> list[Open]:
    idle, whole = sign_in.limits()
    return kept.of(current_user.signed_in.id, now() - idle, now() - whole)


def _end_page(form: Confirmation, status: int, session_id: int) -> ResponseReturnValue:
    row = next((one for one in _open() if one.id == session_id), None)
    if row is None:
        raise NotHere
    return page(
        "account/end_session.html",
        status,
        form=form,
        row=row,
        browser=browser_words(row.browser),
        here=row.id == current_user.session_id,
        **frame("sessions"),
    )


def _everywhere_page(form: Confirmation, status: int) -> ResponseReturnValue:
    return page("account/end_everywhere.html", status, form=form, count=len(_open()), **frame("sessions"))


def _not_yours() -> str:
    return str(gettext("This is not your password. No session was ended."))

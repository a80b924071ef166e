"""Changes one's own password."""

from __future__ import annotations

import secrets

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.account import blueprint
from portal.blueprints.account.forms import PasswordChange
from portal.blueprints.account.frame import frame
from portal.errors import Invalid
from portal.operations import accounts
from portal.web import confirming
from portal.web.access import ACCOUNT
from portal.web.page import page


@blueprint.get("/account", access=ACCOUNT)
def overview() -> ResponseReturnValue:
    return redirect(url_for("account.password"), 303)


@blueprint.get("/account/password", access=ACCOUNT)
def password() -> ResponseReturnValue:
    return page("account/password.html", form=PasswordChange(), **frame("password"))


@blueprint.post("/account/password", access=ACCOUNT)
def change_password() -> ResponseReturnValue:
    typed = PasswordChange()
    if not typed.validate():
        return _again(typed, 422)
    if typed.new_password.data != typed.again.data:
        typed.again.errors = [gettext("The two differ. Type the new password once more.")]
        return _again(typed, 422)
    if refused := confirming.refused(typed, gettext("This is not your password. Nothing was changed.")):
        return _again(typed, refused)
    token = secrets.token_urlsafe(32)
    try:
        accounts.change_password(
            current_user.signed_in.id, typed.new_password.data, current_user.session_id, token
        )
    except Invalid as fault:
        typed.new_password.errors = [gettext(words) for _, words in fault.faults]
        return _again(typed, 422)
    session["token"] = token
    flash(gettext("The password was changed. All your other sessions have ended."), "success")
    return redirect(url_for("account.password"), 303)


def _again(typed: PasswordChange, status: int) -> ResponseReturnValue:
    return page("account/password.html", status, form=typed, **frame("password"))

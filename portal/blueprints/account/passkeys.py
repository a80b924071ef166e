"""Adds a passkey to one's own account."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.account import blueprint
from portal.blueprints.account.factors import after_adding
from portal.blueprints.account.forms import NewPasskey
from portal.blueprints.account.frame import frame
from portal.errors import NotHere
from portal.operations import passkeys
from portal.operations.passkeys import Party
from portal.web import confirming
from portal.web.access import ACCOUNT
from portal.web.page import page
from portal.web.passkeys import party


@blueprint.get("/account/factors/passkey", access=ACCOUNT)
def new_passkey() -> ResponseReturnValue:
    """Where passkeys do not work, the page of the factors says why."""
    portal = party()
    if portal is None:
        return redirect(url_for("account.factors"), 303)
    return _page(NewPasskey(formdata=None), 200, portal)


@blueprint.post("/account/factors/passkey", access=ACCOUNT)
def add_passkey() -> ResponseReturnValue:
    portal, typed = _party(), NewPasskey()
    if not typed.validate():
        return _page(typed, 422, portal)
    words = gettext("This is not your password. Nothing was changed.")
    if refused := confirming.refused(typed, words):
        return _page(typed, refused, portal)
    me = current_user.signed_in
    answer = typed.credential.data or "", typed.challenge.data or ""
    codes = passkeys.register(portal, me, typed.name.data.strip(), *answer)
    if codes is None:
        typed.form_errors.append(gettext("The device's answer was not accepted. Try once more."))
        return _page(typed, 422, portal)
    return after_adding(codes)


def _party() -> Party:
    found = party()
    if found is None:
        raise NotHere
    return found


def _page(form: NewPasskey, status: int, portal: Party) -> ResponseReturnValue:
    offer = passkeys.register_offer(portal, current_user.signed_in)
    form.challenge.data, form.credential.data = offer.challenge, ""
    return page("account/passkey.html", status, form=form, options=offer.options, **frame("factors"))

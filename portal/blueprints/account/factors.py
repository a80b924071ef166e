"""Shows, adds and removes one's own second factors; apps and recovery codes."""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal.blueprints.account import blueprint
from portal.blueprints.account.forms import AppForm, Confirmation
from portal.blueprints.account.frame import frame
from portal.errors import NotHere
from portal.operations import sealed, second_factors
from portal.store import factors as held
from portal.web import confirming, identity
from portal.web import passkeys as offered
from portal.web.access import ACCOUNT
from portal.web.page import page
from portal.workflow.clock import now

_NEW_SECRET = "secret of an app to be added"  # noqa: S105 - the name of a purpose
#: How long the page with the picture may stand open.
_OPEN = timedelta(minutes=30)


@blueprint.get("/account/factors", access=ACCOUNT)
def factors() -> ResponseReturnValue:
    me = current_user.signed_in
    return page(
        "account/factors.html",
        held=held.of(me.id),
        codes_left=held.codes_left(me.id),
        needed=identity.factor_needed(me),
        passkeys_work=offered.party() is not None,
        **frame("factors"),
    )


@blueprint.get("/account/factors/app", access=ACCOUNT)
def new_app() -> ResponseReturnValue:
    return _app_page(AppForm(formdata=None), 200, second_factors.new_secret())


@blueprint.post("/account/factors/app", access=ACCOUNT)
def add_app() -> ResponseReturnValue:
    """Take the app once it has shown that it knows the secret."""
    typed = AppForm()
    me = current_user.signed_in
    kept = sealed.unseal(_NEW_SECRET, typed.sealed.data or "", _OPEN)
    if kept is None or kept["officer"] != me.id:
        typed.form_errors.append(
            gettext("The page stood open too long. Put the new picture into the app, then go on.")
        )
        return _app_page(typed, 422, second_factors.new_secret())
    secret = kept["secret"]
    if not typed.validate():
        return _app_page(typed, 422, secret)
    step = second_factors.step_of(secret, typed.one_time_code.data, now())
    if step is None:
        typed.one_time_code.errors = [
            gettext(
                "This is not the code that the app shows now. Type the one of this half minute, or set the clock of "
                "the device."
            )
        ]
        return _app_page(typed, 422, secret)
    if refused := confirming.refused(typed, _not_yours()):
        return _app_page(typed, refused, secret)
    return after_adding(second_factors.add_app(me.id, typed.name.data.strip(), secret, step))


def _app_page(form: AppForm, status: int, secret: str) -> ResponseReturnValue:
    me = current_user.signed_in
    form.sealed.data = sealed.seal(_NEW_SECRET, {"secret": secret, "officer": me.id})
    address = second_factors.address_of(secret, me.login)
    picture = segno.make(address, error="m").svg_inline(
        scale=4, border=4, light="#ffffff", svgclass="rp-qr", lineclass=None, omitsize=False
    )
    return page(
        "account/app.html",
        status,
        form=form,
        picture=Markup(picture),  # noqa: S704 - drawn by us, of an address that is quoted
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        **frame("factors"),
    )


def after_adding(codes: list[str]) -> ResponseReturnValue:
    """Recovery codes are shown in the answer itself: nowhere else do they stand."""
    if codes:
        return page("account/codes.html", codes=codes, **frame("factors"))
    flash(gettext("The second factor was added."), "success")
    return redirect(url_for("account.factors"), 303)


@blueprint.get("/account/factors/<int:factor_id>/remove", access=ACCOUNT)
def ask_removal(factor_id: int) -> ResponseReturnValue:
    return _removal_page(Confirmation(), 200, factor_id)


@blueprint.post("/account/factors/<int:factor_id>/remove", access=ACCOUNT)
def remove(factor_id: int) -> ResponseReturnValue:
    typed = Confirmation()
    _own(factor_id)
    if not typed.validate():
        return _removal_page(typed, 422, factor_id)
    if refused := confirming.refused(typed, _not_yours()):
        return _removal_page(typed, refused, factor_id)
    name = second_factors.remove(current_user.signed_in.id, factor_id)
    flash(gettext("%(name)s is no longer a second factor of yours.", name=name), "success")
    return redirect(url_for("account.factors"), 303)


def _own(factor_id: int) -> held.Held:
    found = next((one for one in held.of(current_user.signed_in.id) if one.id == factor_id), None)
    if found is None:
        raise NotHere
    return found


def _removal_page(form: Confirmation, status: int, factor_id: int) -> ResponseReturnValue:
    mine = held.of(current_user.signed_in.id)
    return page(
        "account/remove.html",
        status,
        form=form,
        factor=_own(factor_id),
        last=len(mine) == 1,
        needed=identity.factor_needed(current_user.signed_in),
        **frame("factors"),
    )


@blueprint.get("/account/factors/codes", access=ACCOUNT)
def ask_codes() -> ResponseReturnValue:
    return _codes_page(Confirmation(), 200)


@blueprint.post("/account/factors/codes", access=ACCOUNT)
def new_codes() -> ResponseReturnValue:
    typed = Confirmation()
    me = current_user.signed_in
    if not held.of(me.id):
        raise NotHere
    if not typed.validate():
        return _codes_page(typed, 422)
    if refused := confirming.refused(typed, _not_yours()):
        return _codes_page(typed, refused)
    return page("account/codes.html", codes=second_factors.renew_codes(me.id), **frame("factors"))


def _codes_page(form: Confirmation, status: int) -> ResponseReturnValue:
    me = current_user.signed_in
    if not held.of(me.id):
        raise NotHere
    return page(
        "account/new_codes.html", status, form=form, codes_left=held.codes_left(me.id), **frame("factors")
    )


def _not_yours() -> str:
    return str(gettext("This is not your password. Nothing was changed."))

"""The second factor: a code, or a passkey, which stands for the password too."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.entering import enter, factor_page
from portal.blueprints.sign_in.forms import FactorForm, PasskeyForm
from portal.operations import passkeys, second_factors, sign_in
from portal.web import identity
from portal.web.access import ANYONE
from portal.web.arguments import inside
from portal.web.asking import page_of_sign_in
from portal.web.passkeys import party


@blueprint.get("/sign-in/factor", access=ANYONE)
def factor() -> ResponseReturnValue:
    half = identity.half()
    next_page = inside(request.args.get("next", ""))
    if half is None or current_user.is_authenticated:
        return redirect(url_for("sign_in.form", next=next_page or None), 303)
    return factor_page(200, FactorForm(formdata=None, next=next_page), half[0])


@blueprint.post("/sign-in/factor", access=ANYONE, writes=False)
def give_factor() -> ResponseReturnValue:
    typed = FactorForm()
    half = identity.half()
    if half is None:
        return _begin_anew(typed)
    officer_id, login = half
    if not typed.validate():
        return factor_page(422, typed, officer_id)
    try:
        taken = second_factors.check(officer_id, login, typed.one_time_code.data, identity.visitor())
    except sign_in.TooMany:
        typed.one_time_code.errors = [
            gettext(
                "Too many failed attempts. Wait a quarter of an hour, after many an hour, then try again."
            )
        ]
        return factor_page(429, typed, officer_id)
    answer = enter(officer_id, typed.next.data or "", typed.kept.data or "") if taken else None
    if answer is None:
        typed.one_time_code.errors = [gettext(second_factors.CODE_REFUSED)]
        return factor_page(422, typed, officer_id)
    return answer


@blueprint.post("/sign-in/passkey", access=ANYONE, writes=False)
def give_passkey() -> ResponseReturnValue:
    """The answer of a passkey: after a password, or in place of it."""
    typed = PasskeyForm()
    portal, half = party(), identity.half()
    found = None
    if portal is not None and typed.validate():
        found = passkeys.answered(portal, typed.credential.data or "", typed.challenge.data or "")
    if found is None or (half is not None and half[0] != found):
        return _not_taken(typed, half[0] if half else None)
    answer = enter(found, typed.next.data or "", typed.kept.data or "")
    return _not_taken(typed, None) if answer is None else answer


def _not_taken(typed: PasskeyForm, officer_id: int | None) -> ResponseReturnValue:
    words = gettext("The passkey was not accepted. Try again, or sign in another way.")
    if officer_id is None:
        return page_of_sign_in(
            422, None, kept=typed.kept.data or None, next_page=typed.next.data or "", fault=words
        )
    form = FactorForm(formdata=None, next=typed.next.data or "", kept=typed.kept.data or "")
    form.form_errors.append(words)
    return factor_page(422, form, officer_id)


def _begin_anew(typed: FactorForm) -> ResponseReturnValue:
    words = gettext("The password was given too long ago. Sign in again.")
    return page_of_sign_in(
        422, None, kept=typed.kept.data or None, next_page=typed.next.data or "", fault=words
    )

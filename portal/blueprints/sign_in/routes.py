"""Signing in and out, and the choice of a language."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.entering import enter_or_ask
from portal.operations import sign_in
from portal.web import identity
from portal.web.access import ANYONE, LEAVING, SIGNED_IN
from portal.web.arguments import inside
from portal.web.asking import SignInForm, page_of_sign_in
from portal.web.page import page


@blueprint.get("/", access=SIGNED_IN)
def home() -> ResponseReturnValue:
    """To the desk of the officer's first authority."""
    places = current_user.signed_in.places
    if not places:
        return page("sign_in/no_post.html", 403)
    return redirect(url_for("desk.show", code=places[0].code), 303)


@blueprint.get("/sign-in", access=ANYONE)
def form() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("sign_in.home"), 303)
    return page_of_sign_in(200, next_page=inside(request.args.get("next", "")))


@blueprint.post("/sign-in", access=ANYONE, writes=False)
def enter() -> ResponseReturnValue:
    typed = SignInForm()
    if not typed.validate():
        return page_of_sign_in(422, typed)
    here = identity.visitor()
    login, password = typed.login.data.strip(), typed.password.data
    try:
        found = sign_in.check(login, password, here.address, here.device)
    except sign_in.Lapsed:
        typed.form_errors.append(
            gettext("This first password was not used in time. Ask your administrator for another one.")
        )
        return page_of_sign_in(422, typed)
    except sign_in.TooMany:
        typed.form_errors.append(
            gettext(
                "Too many failed attempts. Wait a quarter of an hour, after many an hour, then try again."
            )
        )
        return page_of_sign_in(429, typed)
    answer = enter_or_ask(found, typed.next.data or "", typed.kept.data or "") if found else None
    if answer is None:
        typed.form_errors.append(gettext("Login and password do not match. Check both and try again."))
        return page_of_sign_in(422, typed)
    return answer


@blueprint.post("/sign-out", access=LEAVING, writes=False)
def leave() -> ResponseReturnValue:
    identity.end()
    return redirect(url_for("sign_in.form"), 303)


@blueprint.get("/language/<locale>", access=ANYONE)
def language(locale: str) -> ResponseReturnValue:
    """Remember the language in the browser; it says nothing about the tenant."""
    if locale not in current_app.config["LANGUAGES"]:
        abort(404)
    answer = redirect(inside(request.args.get("next", "")) or "/", 303)
    answer.set_cookie(
        "language", locale, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return answer

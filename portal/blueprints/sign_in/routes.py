"""Signing in and out, and the choice of a language."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.forms import SignInForm
from portal.operations import break_glass, sign_in
from portal.web import identity
from portal.web.access import ANYONE, SIGNED_IN
from portal.web.arguments import inside
from portal.web.page import page
from portal.workflow.clock import now


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
    shown = SignInForm(next=inside(request.args.get("next", "")))
    return page("sign_in/form.html", form=shown)


@blueprint.post("/sign-in", access=ANYONE, writes=False)
def enter() -> ResponseReturnValue:
    typed = SignInForm()
    if not typed.validate():
        return page("sign_in/form.html", 422, form=typed)
    try:
        found = sign_in.check(typed.login.data.strip(), typed.password.data, request.remote_addr or "")
    except sign_in.TooMany:
        typed.form_errors.append(
            gettext("Too many failed attempts. Wait a quarter of an hour, then try again.")
        )
        return page("sign_in/form.html", 429, form=typed)
    officer = identity.begin(found) if found is not None else None
    if officer is None:
        typed.form_errors.append(gettext("Login and password do not match. Check both and try again."))
        return page("sign_in/form.html", 422, form=typed)
    sign_in.note(officer.id, "sign_in.enter", request.remote_addr or "")
    break_glass.tell(officer.id, request.remote_addr or "", now())
    return redirect(inside(typed.next.data or "") or url_for("sign_in.home"), 303)


@blueprint.post("/sign-out", access=SIGNED_IN, writes=False)
def leave() -> ResponseReturnValue:
    sign_in.note(current_user.signed_in.id, "sign_in.leave", request.remote_addr or "")
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

"""The page of preferences."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_login import current_user

from portal.blueprints.preferences import blueprint
from portal.blueprints.preferences.forms import PreferencesForm
from portal.operations import preferences
from portal.operations.preferences import Wishes
from portal.store.officers import SignedIn
from portal.web import arguments
from portal.web.access import SIGNED_IN
from portal.web.context import NAMES
from portal.web.page import page

CODE = 20


@blueprint.get("/preferences", access=SIGNED_IN)
def form() -> ResponseReturnValue:
    return page("preferences/form.html", form=_form(), at=_at())


@blueprint.post("/preferences", access=SIGNED_IN)
def keep() -> ResponseReturnValue:
    """Keep them; the language chosen in this browser gives way to the one chosen here."""
    typed = _form()
    if not typed.validate():
        return page("preferences/form.html", 422, form=typed, at=_at())
    wishes = Wishes(
        typed.locale.data, typed.zone.data, typed.theme.data, typed.density.data, bool(typed.shortcuts.data)
    )
    preferences.keep(current_user.signed_in.id, wishes)
    with force_locale(wishes.locale):
        flash(gettext("Your settings are kept."), "success")
    answer = redirect(url_for("preferences.form", at=_at()), 303)
    answer.delete_cookie("language", httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def _form() -> PreferencesForm:
    mine: SignedIn = current_user.signed_in
    return PreferencesForm(NAMES, mine.zone, obj=mine)


def _at() -> str | None:
    """The authority from which the officer came, if he holds a post there."""
    place = current_user.signed_in.at(arguments.text("at", CODE))
    return place.code if place else None

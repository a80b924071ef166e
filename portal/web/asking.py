"""Asks who it is: the page of signing in, from wherever it is shown."""

from __future__ import annotations

from flask import Response
from flask_babel import lazy_gettext
from wtforms import HiddenField, PasswordField, StringField

from portal.levels.words import N_
from portal.web import passkeys
from portal.web.forms import Clean, Fits, PortalForm, required
from portal.web.page import page


class SignInForm(PortalForm):
    """Login and password, the page to go to afterwards, and what was typed while a session ran out."""

    login = StringField(
        lazy_gettext("Login"),
        [required(N_("Enter your login")), Fits(80), Clean()],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [required(N_("Enter your password")), Fits(200)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    kept = HiddenField()


def page_of_sign_in(
    status: int,
    form: SignInForm | None = None,
    *,
    kept: str | None = None,
    next_page: str = "",
    fault: str = "",
) -> Response:
    """Ask for login and password.

    Args:
        fault: why what was tried did not do.
        kept: what was typed, sealed; empty when it was too long to be kept, None when nothing was typed.
    """
    if form is None:
        form = SignInForm(formdata=None, next=next_page, kept=kept or "")
        form.form_errors.extend([fault] if fault else [])
    return page(
        "sign_in/form.html",
        status,
        form=form,
        ran_out=kept is not None,
        is_kept=bool(form.kept.data),
        passkey=passkeys.request_options(),
    )

"""Asks who it is once more before what must be the officer's doing alone: for his password, or at his service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from wtforms import Field, HiddenField, PasswordField

from portal.levels.words import N_
from portal.operations import second_factors, sign_in
from portal.operations.passwords import LONGEST
from portal.store import factors
from portal.web.forms import Fits, PortalForm, required


def own_password(hint: str = "") -> Field:
    return PasswordField(
        lazy_gettext("Your password"),
        [required(N_("Enter your password")), Fits(LONGEST)],
        description=hint,
        render_kw={"autocomplete": "current-password"},
    )


class Confirmed(PortalForm):
    """A form of what must be the officer's own doing.

    Whoever came by single sign-on may have no password here: for him its field is left out, and the page leads to the
    provider, which asks him anew. The proof stands for this page alone.
    """

    password = own_password()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if _by_service():
            del self.password

    @property
    def proof_url(self) -> str:
        """Where the officer proves himself anew; empty where his password is asked for."""
        return url_for("single_sign_on.again", next=request.path) if _by_service() else ""

    @property
    def proof_apart(self) -> bool:
        """Whether he is led there in a new tab, so that what he typed stays where it is."""
        return request.method == "POST" or any(not isinstance(field, HiddenField) for field in self)

    @property
    def proven_until(self) -> datetime | None:
        """Until when he may do the act of this page, having proved himself for it; None when he has not."""
        return sign_in.proven_until(current_user.session, request.path)


def _by_service() -> bool:
    return bool(current_user.is_authenticated and current_user.by_service)


def refused(form: Confirmed, words: str) -> int:
    """The status with which the act is refused, the reason put to the form; 0 when it is the officer himself.

    A wrong password is counted for the officer, so that a session left open is no place to guess at leisure. A proof
    of the provider stands once.

    Args:
        words: what to say of a wrong password.
    """
    me = current_user.signed_in
    if not form.proof_url:
        field = form.password
        return _refused(field, words, lambda: sign_in.confirms(me.login, field.data))
    if sign_in.spend(current_user.session_id, request.path):
        return 0
    form.form_errors.append(
        gettext(
            "Your service has to confirm first that it is you. Nothing was done, and what you typed is kept."
        )
    )
    return 422


def code_needed() -> bool:
    """Whether a signature of this officer asks for a code of his app too, as the operator may have it."""
    wanted = current_app.config["ENVIRONMENT"].signature_second_factor
    return wanted and bool(factors.apps(current_user.signed_in.id))


def code_refused(field: Field) -> int:
    """As `refused`, of a code of the officer's app."""
    me = current_user.signed_in
    return _refused(
        field,
        gettext(second_factors.CODE_REFUSED),
        lambda: second_factors.confirms(me.id, me.login, field.data),
    )


def _refused(field: Field, words: str, holds: Callable[[], bool]) -> int:
    try:
        if holds():
            return 0
    except sign_in.TooMany:
        field.errors = [
            gettext(
                "Too many failed attempts. Wait a quarter of an hour, after many an hour, then try again."
            )
        ]
        return 429
    field.errors = [words]
    return 422

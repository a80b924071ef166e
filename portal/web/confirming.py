"""Asks for the officer's own password again before what must be his doing alone."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from flask_babel import gettext
from flask_login import current_user
from wtforms import Field

from portal.operations import second_factors, sign_in
from portal.store import factors


def refused(field: Field, words: str) -> int:
    """The status with which the typed password is refused, the reason put to its field; 0 when it is right.

    A wrong one is counted for the officer, so that a session left open is no place to guess at leisure.

    Args:
        words: what to say of a wrong one.
    """
    me = current_user.signed_in
    return _refused(field, words, lambda: sign_in.confirms(me.login, field.data))


def code_needed() -> bool:
    """Whether a signature of this officer asks for a code of his app too, as the operator may have it."""
    wanted = current_app.config["ENVIRONMENT"].signature_second_factor
    return wanted and bool(factors.apps(current_user.signed_in.id))


def code_refused(field: Field) -> int:
    """As `refused`, of a code of the officer's app."""
    me = current_user.signed_in
    words = gettext("The code does not hold. Each is taken once; wait for the next and type that.")
    return _refused(field, words, lambda: second_factors.confirms(me.id, me.login, field.data))


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

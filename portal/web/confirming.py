"""Asks for the officer's own password again before what must be his doing alone."""

from __future__ import annotations

from flask_babel import gettext
from flask_login import current_user
from wtforms import Field

from portal.operations import sign_in


def refused(field: Field, words: str) -> int:
    """The status with which the typed password is refused, the reason put to its field; 0 when it is right.

    A wrong one is counted for the officer, so that a session left open is no place to guess at leisure.

    Args:
        words: what to say of a wrong one.
    """
    try:
        if sign_in.confirms(current_user.signed_in.login, field.data):
            return 0
    except sign_in.TooMany:
        field.errors = [gettext("Too many failed attempts. Wait a quarter of an hour, then try again.")]
        return 429
    field.errors = [words]
    return 422

"""The token against forged requests, masked anew in each answer, so that its compression tells nothing of it."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf

#: What a masked token begins with; a token of Flask-WTF has a point in it and never begins so.
MARK = "m~"


def masked_token() -> str:
    """The token of the session under a mask of this request; the same one wherever a page writes it."""
    if "masked_token" not in g:
        token = generate_csrf().encode()
        mask = secrets.token_bytes(len(token))
        g.masked_token = MARK + urlsafe_b64encode(mask + _over(mask, token)).decode()
    return str(g.masked_token)


def unmasked(sent: str | None) -> str | None:
    """The token beneath the mask; anything else as it came, for the check to refuse."""
    if not sent or not sent.startswith(MARK):
        return sent
    try:
        both = urlsafe_b64decode(sent.removeprefix(MARK).encode())
        half = len(both) // 2
        return _over(both[:half], both[half:]).decode()
    except (Error, ValueError):
        return sent


def _over(mask: bytes, text: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, text, strict=True))


class MaskedCSRF(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection, which writes and reads masked tokens."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = masked_token
        app.context_processor(lambda: {"csrf_token": masked_token})

    def _get_csrf_token(self) -> str | None:
        return unmasked(super()._get_csrf_token())

"""Seals what must be read by the portal alone: encrypted with a key of its own purpose, made from the secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from portal.workflow.clock import now

_FOREVER = timedelta(days=36_500)


def seal(purpose: str, content: dict[str, Any]) -> str:
    """Encrypt under the newest key; `purpose` keeps what is sealed for one thing from being taken for another."""
    spelled = zlib.compress(json.dumps(content).encode())
    return Fernet(_key(purpose, _secrets()[0])).encrypt_at_time(spelled, int(now().timestamp())).decode()


def unseal(purpose: str, text: str, within: timedelta = _FOREVER) -> dict[str, Any] | None:
    """What was sealed for a purpose; None when it is not ours, or older than `within`."""
    for secret in _secrets():
        try:
            spelled = Fernet(_key(purpose, secret)).decrypt_at_time(
                text.encode("ascii", "replace"), int(within.total_seconds()), int(now().timestamp())
            )
        except InvalidToken:
            continue
        found: dict[str, Any] = json.loads(zlib.decompress(spelled))
        return found
    return None


def marks(purpose: str, content: str) -> Iterator[str]:
    """The keyed hashes of a text, the one by the newest key first."""
    for secret in _secrets():
        yield hmac.new(_key(purpose, secret), content.encode(), hashlib.sha256).hexdigest()


def mark(purpose: str, content: str) -> str:
    """The keyed hash of a text: it tells nothing to whoever has not the key."""
    return next(marks(purpose, content))


def _secrets() -> list[str]:
    return [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]


def _key(purpose: str, secret: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=f"customs risk portal: {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))

"""The id of a request, under which the audit trail and the log speak of the same thing."""

from __future__ import annotations

import secrets

from flask import g


def request_id() -> str:
    """The id of this request, made when it is first asked for."""
    if not getattr(g, "request_id", ""):
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)

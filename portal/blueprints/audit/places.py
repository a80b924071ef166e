"""Whose trail is read: the acting authority's, or that of one beneath it in the same state."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.errors import NotHere
from portal.store import authorities
from portal.store.authorities import Seen
from portal.web import arguments
from portal.web.acting import acting


def chosen() -> tuple[list[Seen], Seen]:
    """The authorities whose trails may be read here, and the one that the address names."""
    places = authorities.subtree()
    wanted = arguments.text("authority") or acting().code
    here = next((seen for seen in places if seen.code == wanted), None)
    if here is None:
        raise NotHere
    return places, here


def tabs(active: str, here: Seen) -> list[tuple[str, str, bool, int | None]]:
    """The two lists of an auditor, for the same authority."""
    kept: dict[str, Any] = {} if here.code == acting().code else {"authority": here.code}
    return [
        (label, url_for(f"audit.{name}", code=acting().code, **kept), name == active, None)
        for name, label in (("listing", gettext("Audit trail")), ("checkpoints", gettext("Checkpoints")))
    ]

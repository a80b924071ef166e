"""What all pages of the account have in common: who it is, and the tabs between them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from portal.web import identity

_TABS = ("password", "factors", "sessions")


def frame(active: str) -> dict[str, Any]:
    """The context of a page; `active` names its tab."""
    labels = (gettext("Password"), gettext("Second factors"), gettext("Sessions"))
    return {
        "login": current_user.signed_in.login,
        "duty": identity.duty(),
        "tabs": [
            (label, url_for(f"account.{name}"), name == active, None)
            for name, label in zip(_TABS, labels, strict=True)
        ],
    }

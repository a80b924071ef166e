"""Under which name this portal offers passkeys, if it does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request

from portal.operations import passkeys
from portal.operations.passkeys import Offer, Party


def party() -> Party | None:
    """The portal by its name; None where it has none: passkeys belong to names, not to numbers.

    In production the name is the operator's word (`PORTAL_ADDRESS`), never what a request claims.
    """
    environment = current_app.config["ENVIRONMENT"]
    address = environment.address or ("" if environment.production else request.host_url)
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host or ":" in host or re.fullmatch(r"[0-9.]+", host):
        return None
    if parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost"):
        return None
    return Party(host, f"{parts.scheme}://{parts.netloc}")


def request_options(officer_id: int = 0) -> Offer | None:
    """What a page needs to ask for a passkey; None where there are none."""
    found = party()
    return passkeys.sign_in_offer(found, officer_id) if found else None

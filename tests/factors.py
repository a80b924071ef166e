"""Second factors for the tests: an officer with an app whose secret is known, without the pages."""

from __future__ import annotations

import time
from datetime import datetime

import pyotp
from flask import Flask

from portal.operations import second_factors
from portal.store import officers
from portal.store.session import acting
from portal.workflow.clock import now

#: That of the examples of RFC 6238, "12345678901234567890".
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

#: Seconds in which a code that was read is sent.
SENT = 3


def give_app(app: Flask, login: str, secret: str = SECRET) -> list[str]:
    """Add an app to an account; its recovery codes."""
    with app.app_context():
        found = officers.credentials(login)
        assert found is not None
        path = officers.home(found[0])[1]
    with app.app_context(), acting(path, "test"):
        return second_factors.add_app(found[0], "Telephone", secret, 0)


def code(at: datetime | None = None, secret: str = SECRET) -> str:
    """What the app shows at a moment; now, if none is named, when the code still holds long enough to be sent."""
    if at is None and now().timestamp() % second_factors.STEP > second_factors.STEP - SENT:
        time.sleep(SENT)
    return pyotp.TOTP(secret).at(at or now())

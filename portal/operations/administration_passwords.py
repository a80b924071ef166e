"""Lets in an officer who forgot his password: it stops working once a second administrator confirms it.

Then any administrator gives him another first password, as to one who has never come.
"""

from __future__ import annotations

import secrets
from typing import Any

from portal.errors import NotAllowedNow
from portal.levels.words import N_
from portal.models import Officer, Proposal
from portal.operations import administration_officers
from portal.operations.account_mail import tell
from portal.operations.administration_posts import ACCOUNT_CLOSED
from portal.operations.sign_in import HASHER
from portal.store import sessions
from portal.store.session import session
from portal.workflow.clock import now

FIRST = N_("He has a first password, or waits for one: give him another without asking anybody.")


def hindrance(officer: Officer) -> str:
    """Why the password of an officer is not taken away for him; empty when it may be."""
    if officer.closed_at is not None:
        return ACCOUNT_CLOSED
    return "" if administration_officers.hindrance(officer) else FIRST


def check(officer: Officer) -> dict[str, Any]:
    """What the proposal says beside its reason: nothing.

    Raises:
        NotAllowedNow: he may be given a first password at once, or the account is closed.
    """
    if why := hindrance(officer):
        raise NotAllowedNow(why)
    return {}


def void(proposal: Proposal) -> None:
    """Let the password open nothing any more; the officer's sessions end, and he is told.

    Raises:
        NotAllowedNow: as `check`.
    """
    officer = session().get_one(Officer, proposal.officer_id)
    check(officer)
    officer.password_hash = HASHER.hash(secrets.token_urlsafe(32))
    officer.must_change_password, officer.first_password_at = True, None
    sessions.end(officer.id, "password", now())
    tell(officer, "password_void")

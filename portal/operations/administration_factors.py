"""Lets in an officer who lost his second factors: they are removed once a second administrator confirms it."""

from __future__ import annotations

from portal.errors import NotAllowedNow
from portal.levels.words import N_
from portal.models import Officer, Proposal
from portal.operations import second_factors
from portal.operations.administration_posts import ACCOUNT_CLOSED
from portal.store import factors
from portal.store.session import session

NONE_HELD = N_("The officer has no second factor.")


def hindrance(officer: Officer) -> str:
    """Why the second factors of an officer cannot be removed for him; empty when they can."""
    if officer.closed_at is not None:
        return ACCOUNT_CLOSED
    return "" if factors.rows_of(officer.id) else NONE_HELD


def check(officer: Officer) -> dict[str, int]:
    """What the proposal says beside its reason: how many second factors there are to remove.

    Raises:
        NotAllowedNow: there is none, or the account is closed.
    """
    if why := hindrance(officer):
        raise NotAllowedNow(why)
    return {"factors": len(factors.rows_of(officer.id))}


def reset(proposal: Proposal) -> None:
    """Remove what the officer has now; his recovery codes fall, his sessions end, and he is told.

    Raises:
        NotAllowedNow: he has none any more, or the account is closed.
    """
    officer = session().get_one(Officer, proposal.officer_id)
    check(officer)
    second_factors.reset(officer.id)

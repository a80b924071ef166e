"""Puts a profile into the directory of the authorities where it applies, and takes it out at its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.levels.territory import fits
from portal.models import Profile, Publication
from portal.store.session import session

#: What the authorities need to know; the note, with its sources and estimate, stays with the owner.
_SHOWN = ("header", "groups", "questions", "measures", "contact")


def need_to_know(text: dict[str, Any]) -> dict[str, Any]:
    """The part of a text that goes to the authorities where it applies."""
    return {part: text[part] for part in _SHOWN}


def publish(profile: Profile, at: datetime) -> None:
    """Add one entry for each authority of the territory.

    Raises:
        ValueError: the territory does not fit the scope; nothing may be ordered outside the owner's own.
    """
    if not fits(profile.scope, profile.authority_path, profile.text["territory"]):
        raise ValueError(f"profile {profile.id} names a territory that is not its owner's to order")
    for path in profile.text["territory"]:
        session().add(
            Publication(
                document_id=profile.id,
                authority_path=profile.authority_path,
                applies_to=path,
                number=profile.number,
                version=profile.version,
                title=profile.title,
                kind=profile.kind,
                scope=profile.scope,
                risk_level=profile.risk_level,
                valid_from=profile.valid_from,
                valid_to=profile.valid_to,
                published_at=at,
                text=need_to_know(profile.text),
            )
        )


def mark(profile: Profile, state: str, at: datetime) -> None:
    """Set the entries of a profile to "in_force", "suspended" or "ended"."""
    asked = select(Publication).where(Publication.document_id == profile.id)
    for entry in session().scalars(asked):
        entry.state = state
        entry.ended_at = at if state == "ended" else None

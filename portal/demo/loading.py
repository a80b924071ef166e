"""Loads the demonstration into an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from portal.demo import founding
from portal.demo.cast import CAST, PASSWORD
from portal.demo.tree import BY_CODE
from portal.store import authorities
from portal.store.session import acting
from portal.workflow.clock import now

SEED = 2026


class NotEmpty(RuntimeError):
    """The database holds authorities already; the demonstration leaves it alone."""


def load(seed: int = SEED, anchor: datetime | None = None) -> None:
    """Load the demonstration as it stands at `anchor`, by default now.

    Raises:
        NotEmpty: there are authorities already.
    """
    if not is_empty():
        raise NotEmpty
    anchor = anchor or now().astimezone(UTC)
    founding.found(anchor.date())


def is_empty() -> bool:
    """True when no authority has been founded."""
    with acting("eeu.", "look", writes=False):
        return not authorities.everywhere()


def accounts() -> Iterator[dict[str, Any]]:
    """The demonstration officers, each with his login as `name`, his password, posts and authority."""
    for member in CAST:
        place = BY_CODE[member.code]
        yield {
            "name": member.login,
            "password": PASSWORD,
            "posts": [post.value for _, post, _ in member.posts],
            "authority": place.code,
            "state": place.state,
            "level": place.level,
            "place": place.name_en,
            "full_name": member.name,
            "unit": next((unit for _, _, unit in member.posts if unit), ""),
        }

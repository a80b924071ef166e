"""Loads the demonstration into an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from portal.demo import (
    checkpoints,
    founding,
    housekeeping,
    past,
    stories_drafts,
    stories_profiles,
    stories_states,
)
from portal.demo.cast import CAST, PASSWORD
from portal.demo.checkpoints import Checkpoint
from portal.demo.company import Company
from portal.demo.replay import Case
from portal.demo.timeline import Timeline
from portal.demo.tree import BY_CODE
from portal.store import authorities
from portal.store.session import acting
from portal.workflow.clock import now

SEED = 2026
STORIES = (*stories_drafts.STORIES, *stories_profiles.STORIES, *stories_states.STORIES)


class NotEmpty(RuntimeError):
    """The database holds authorities already; the demonstration leaves it alone."""


def load(seed: int = SEED, anchor: datetime | None = None) -> None:
    """Load the demonstration as it stands at `anchor`, by default now.

    Raises:
        NotEmpty: there are authorities already.
    """
    if not is_empty():
        raise NotEmpty
    timeline = Timeline((anchor or now()).astimezone(UTC), Random(seed))  # noqa: S311 - a demonstration
    made = founding.found(timeline.anchor.date())
    past.fill(timeline.anchor.date(), timeline.random)
    company = Company(made)
    for story in STORIES:
        Case(story, company).lay_out(timeline)
    for login, (code, a_day) in checkpoints.INSPECTORS.items():
        Checkpoint(code, login, company, timeline).lay_out(a_day)
    housekeeping.lay_out(timeline)
    timeline.run()
    housekeeping.send_mails(timeline.anchor)


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

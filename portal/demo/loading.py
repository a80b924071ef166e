"""Loads the demonstration into an empty database, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from flask_migrate import downgrade, upgrade

from portal.demo import (
    administrators,
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
from portal.demo.circulars import CIRCULARS
from portal.demo.company import Company
from portal.demo.draws import fix_draws
from portal.demo.replay import Case
from portal.demo.timeline import Timeline
from portal.demo.tree import BY_CODE
from portal.models import Lease
from portal.store import authorities, history
from portal.store.session import acting, session
from portal.workflow.clock import now

SEED = 2026
STORIES = (*stories_drafts.STORIES, *stories_profiles.STORIES, *stories_states.STORIES)
#: Name of the row that stands while a loading is under way, and stays when it was interrupted.
_UNDER_WAY = "demonstration"


def fill(seed: int = SEED, anchor: datetime | None = None) -> bool:
    """Migrate, and load the demonstration as it stands at `anchor`, by default now; False when data exist already.

    What an interrupted loading left behind is removed first.
    """
    upgrade()
    if _interrupted():
        _start_anew()
    if not is_empty():
        return False
    _load(seed, (anchor or now()).astimezone(UTC))
    return True


def is_due() -> bool:
    """True when `fill` would load: nothing is there, or what an interrupted loading left behind."""
    return is_empty() or _interrupted()


def is_empty() -> bool:
    """True when no authority has been founded."""
    with acting("eeu.", "look", writes=False):
        return not authorities.everywhere()


def _load(seed: int, anchor: datetime) -> None:
    with acting("eeu.", founding.ACTION) as opened:
        opened.add(Lease(name=_UNDER_WAY, holder="loading", expires_at=anchor))
    timeline = Timeline(anchor, Random(seed))
    fix_draws(seed)
    company = Company(founding.found(anchor.date()))
    past.fill(anchor.date(), timeline.random)
    for story in STORIES:
        Case(story, company).lay_out(timeline)
    for login, (code, a_day) in checkpoints.INSPECTORS.items():
        Checkpoint(code, login, company, timeline).lay_out(a_day)
    for circular in CIRCULARS:
        circular.lay_out(company, timeline)
    administrators.lay_out(company, timeline)
    housekeeping.lay_out(timeline)
    timeline.run()
    housekeeping.send_mails(anchor)
    with acting("eeu.", founding.ACTION) as opened:
        opened.delete(opened.get_one(Lease, _UNDER_WAY))


def _interrupted() -> bool:
    with acting("eeu.", "look", writes=False):
        return session().get(Lease, _UNDER_WAY) is not None


def _start_anew() -> None:
    """Nobody has worked here yet: `make run` serves nothing before a loading is complete."""
    downgrade(revision="base")
    upgrade()
    shutil.rmtree(history.folder(), ignore_errors=True)


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

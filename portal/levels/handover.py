"""Who takes over when an authority is closed: which unit of the successor stands in for which, and in which posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.levels.level import Level
from portal.levels.roles import Post

#: Posts of the procedure that the successor's officers fill for a closed authority; its administrators and auditors
#: are those of the authorities above.
OF_UNIT = (Post.OFFICER, Post.UNIT_HEAD)
OF_COORDINATION = (Post.UNIT_HEAD, Post.REGISTRAR)
OF_AUTHORITY = (Post.FIRST_DEPUTY, Post.HEAD, Post.INSPECTOR)


@dataclass(frozen=True)
class Section:
    """A unit as the rule sees it: its id, its directions of activity, whether it coordinates."""

    id: int
    directions: frozenset[int]
    coordination: bool


@dataclass(frozen=True)
class Chair:
    """A post of the closed authority, in one of its units where the post has one, and the unit that stands in."""

    post: Post
    unit: int | None
    stands_in: int | None


def stand_ins(closed: Iterable[Section], heir: Iterable[Section]) -> dict[int, int | None]:
    """The successor's unit for each unit of a closed authority: the one that shares most of its directions.

    The coordination unit stands in for the coordination unit. Of equals the elder one; None where none shares any.
    """
    theirs = sorted(heir, key=lambda section: section.id)
    found: dict[int, int | None] = {}
    for section in closed:
        fitting = [one for one in theirs if one.coordination == section.coordination]
        shared = {one.id: len(one.directions & section.directions) for one in fitting}
        best = max(fitting, key=lambda one: shared[one.id], default=None)
        found[section.id] = best.id if best and (section.coordination or shared[best.id]) else None
    return found


def chairs(closed: Iterable[Section], heir: Iterable[Section], level: Level) -> list[Chair]:
    """The posts of a closed authority that its successor's officers are to fill."""
    units = list(closed)
    inside = stand_ins(units, heir)
    found = [
        Chair(post, section.id, inside[section.id])
        for section in units
        for post in (OF_COORDINATION if section.coordination else OF_UNIT)
    ]
    return found + [Chair(post, None, None) for post in OF_AUTHORITY if post in level.posts]

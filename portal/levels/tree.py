"""The four levels together, with the rule of what may stand under what."""

from __future__ import annotations

from portal.levels.central import CENTRAL
from portal.levels.level import Level
from portal.levels.path import AuthorityPath
from portal.levels.point import POINT
from portal.levels.regional import REGIONAL
from portal.levels.union import UNION

LEVELS: dict[str, Level] = {level.name: level for level in (UNION, CENTRAL, REGIONAL, POINT)}


class Misplaced(ValueError):
    """An authority was put where its level may not stand (procedure §2)."""


def check_place(level: str, path: AuthorityPath, parent_level: str | None, grandparent: str | None) -> None:
    """Refuse an authority that stands under a level not its own.

    Only a regional authority may stand under another regional one, and only once.

    Raises:
        Misplaced: the tree of procedure §2 does not allow it.
    """
    allowed = LEVELS[level].under
    if parent_level is None and allowed:
        raise Misplaced(f"{path.text}: {level} must stand under one of {', '.join(allowed)}")
    if parent_level is not None and parent_level not in allowed:
        raise Misplaced(f"{path.text}: {level} may not stand under {parent_level}")
    if level == parent_level == grandparent == "regional":
        raise Misplaced(f"{path.text}: a customs house may stand under one directorate, not two")

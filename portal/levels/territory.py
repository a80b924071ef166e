"""Whether a territory fits its scope and its owner: nobody orders a control outside his own (procedure §7)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.levels.path import AuthorityPath


def fits(scope: str, owner: str, territory: Sequence[str]) -> bool:
    """True when a document of the authority at `owner` may name these paths as its territory.

    National: the whole state. Zonal: several authorities beneath the centre. Regional: one of them.
    Local: the owner's own territory alone.
    """
    centre = AuthorityPath(owner).state
    if centre is None or len(set(territory)) != len(territory):
        return False
    if scope == "local":
        return list(territory) == [owner]
    if scope == "national":
        return list(territory) == [centre.text]
    beneath = all(path != centre.text and centre.covers(AuthorityPath(path)) for path in territory)
    return beneath and (len(territory) > 1 if scope == "zonal" else len(territory) == 1)

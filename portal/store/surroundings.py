"""The authorities around a document's own, asked for once in a session: the tree does not change under a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.levels.path import AuthorityPath
from portal.models import Authority, Unit
from portal.store.session import session


@dataclass(frozen=True)
class Surroundings:
    """The authorities around a document's own.

    Attributes:
        centre: path of the state's central customs.
        rtu: path of the directorate above, empty when there is none.
        state: code of the state.
        signatories: what the state overrides in the signature table.
    """

    centre: str
    rtu: str
    state: str
    signatories: dict[str, Any]


def surroundings(path: str) -> Surroundings:
    """The centre and, for a customs house under one, the directorate above an authority."""
    gather([path])
    return _memory("around")[path]  # type: ignore[no-any-return]


def directions(path: str) -> dict[int, frozenset[int]]:
    """Directions of activity by unit id, without the coordination unit; empty when out of scope."""
    gather_directions([path])
    return _memory("directions")[path]  # type: ignore[no-any-return]


def _memory(name: str) -> dict[str, Any]:
    return session().info.setdefault("memory", {}).setdefault(name, {})  # type: ignore[no-any-return]


def gather(paths: Iterable[str]) -> None:
    """Ask for the surroundings of several authorities in one query."""
    known = _memory("around")
    wanted = {path: _trail(path) for path in set(paths) - known.keys()}
    if not wanted:
        return
    asked = select(Authority.authority_path, Authority.level, Authority.state, Authority.signatories).where(
        Authority.authority_path.in_({place for trail in wanted.values() for place in trail})
    )
    found = {row.authority_path: row for row in session().execute(asked)}
    for path, trail in wanted.items():
        rows = [found[place] for place in trail]
        centre = rows[1]
        under_rtu = [row.level for row in rows[-2:]] == ["regional", "regional"]
        known[path] = Surroundings(
            centre.authority_path,
            rows[-2].authority_path if under_rtu else "",
            centre.state,
            centre.signatories or {},
        )


def _trail(path: str) -> tuple[str, ...]:
    place = AuthorityPath(path)
    return (*(above.text for above in place.above), place.text)


def gather_directions(paths: Iterable[str]) -> None:
    """Ask for the directions of the units of several authorities in one query."""
    known = _memory("directions")
    wanted = set(paths) - known.keys()
    if not wanted:
        return
    for path in wanted:
        known[path] = {}
    asked = select(Unit.authority_path, Unit.id, Unit.directions).where(
        Unit.authority_path.in_(wanted), Unit.is_coordination.is_(False), Unit.closed_at.is_(None)
    )
    for row in session().execute(asked.order_by(Unit.id)):
        known[row.authority_path][row.id] = frozenset(row.directions)

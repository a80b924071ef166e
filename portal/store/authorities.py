"""Questions about the tree of authorities and its units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from portal.levels.path import AuthorityPath
from portal.models import Authority, Unit
from portal.store.gateway import unscoped
from portal.store.session import session


@dataclass(frozen=True)
class Seen:
    """An authority as a page names it."""

    id: int
    code: str
    path: str
    level: str
    state: str
    name_en: str
    name_ru: str
    zone: str
    closed_on: date | None = None

    def name(self, locale: str) -> str:
        return self.name_ru if locale == "ru" else self.name_en

    def closed(self, at: datetime) -> bool:
        """Whether its last day of work was over at a moment, by its own clocks."""
        return self.closed_on is not None and at.astimezone(ZoneInfo(self.zone)).date() > self.closed_on


_COLUMNS = (
    Authority.id,
    Authority.code,
    Authority.authority_path,
    Authority.level,
    Authority.state,
    Authority.name_en,
    Authority.name_ru,
    Authority.zone,
    Authority.closed_on,
)


#: Asked with every page, so made once.
_NAMED = (
    select(*_COLUMNS)
    .where(Authority.authority_path.in_(bindparam("paths", expanding=True)))
    .order_by(Authority.authority_path)
)


def trail(path: str) -> list[Seen]:
    """The authorities from the union down to the one at `path`; all of them are in its scope."""
    place = AuthorityPath(path)
    paths = [*(above.text for above in place.above), place.text]
    return _seen(paths)


def _seen(paths: Iterable[str]) -> list[Seen]:
    return [Seen(*row) for row in session().execute(_NAMED, {"paths": list(paths)})]


def subtree(level: str | None = None) -> list[Seen]:
    """The authorities in the scope's own subtree, in the order of their paths."""
    home = session().info["scope"].home
    asked = select(*_COLUMNS).order_by(Authority.authority_path)
    if level is not None:
        asked = asked.where(Authority.level == level)
    return [
        row
        for row in (Seen(*found) for found in session().execute(asked))
        if home.covers(AuthorityPath(row.path))
    ]


def by_path(path: str) -> Seen | None:
    return next(iter(_seen([path])), None)


def by_code(code: str) -> Seen | None:
    """An authority in scope by its code."""
    row = session().execute(select(*_COLUMNS).where(Authority.code == code)).one_or_none()
    return Seen(*row) if row else None


def everywhere() -> list[Seen]:
    """All authorities, for the commands of the operator and for jobs that visit each state."""
    asked = select(*_COLUMNS).order_by(Authority.authority_path)
    return [Seen(*row) for row in session().execute(unscoped(asked, "the operator's own list"))]


def states() -> list[Seen]:
    """The central customs of each state, for jobs that visit each."""
    return [row for row in everywhere() if row.level == "central"]


def tops() -> list[Seen]:
    """The union and the central customs of each state: together their scopes hold every row."""
    return [row for row in everywhere() if row.level in ("union", "central")]


def units_of(path: str) -> list[Unit]:
    """The units of one authority in scope that are not closed, the coordination unit last."""
    asked = select(Unit).where(Unit.authority_path == path, Unit.closed_at.is_(None))
    return list(session().scalars(asked.order_by(Unit.is_coordination, Unit.id)))


def directions_of(path: str) -> dict[int, frozenset[int]]:
    """Directions of activity by unit id, without the coordination unit; empty when out of scope."""
    return {unit.id: frozenset(unit.directions) for unit in units_of(path) if not unit.is_coordination}


def names_of(paths: Iterable[str]) -> dict[str, Seen]:
    """Authorities in scope by path."""
    wanted = set(paths)
    return {row.path: row for row in _seen(wanted)} if wanted else {}

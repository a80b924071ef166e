"""Where a profile may apply: the authorities that fit a territorial scope."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal.levels.path import AuthorityPath
from portal.models import Authority
from portal.store.authorities import Seen, by_path, subtree, trail
from portal.store.gateway import beneath, unscoped
from portal.store.session import session
from portal.workflow.clock import now

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


def choices(scope: str, path: str) -> list[Seen]:
    """The authorities that a document of the authority at `path` may name for a territorial scope.

    A national one names the centre, a local one its own authority, a regional or zonal one the regions of its
    state and the regional authorities in view.
    """
    if scope == "local":
        own = by_path(path)
        return [own] if own else []
    state = AuthorityPath(path).state
    if state is None:
        return []
    if scope == "national":
        return [row for row in trail(path) if row.path == state.text]
    found = {row.path: row for row in _regions(state)}
    found |= {row.path: row for row in (*trail(path), *subtree("regional")) if row.level == "regional"}
    return [found[place] for place in sorted(found) if not found[place].closed(now())]


def _regions(state: AuthorityPath) -> list[Seen]:
    """The regions directly under a centre."""
    asked = (
        select(*_COLUMNS)
        .where(Authority.authority_path.like(beneath(state.text), escape="!"), Authority.level == "regional")
        .order_by(Authority.authority_path)
    )
    rows = session().execute(unscoped(asked, "which regions a state has is no secret within it"))
    return [Seen(*row) for row in rows if AuthorityPath(row.authority_path).parent == state]


def names(paths: Iterable[str], locale: str) -> dict[str, str]:
    """Names of authorities by path with their codes, wherever they stand."""
    wanted = set(paths)
    if not wanted:
        return {}
    asked = select(*_COLUMNS).where(Authority.authority_path.in_(wanted))
    rows = session().execute(unscoped(asked, "the territory that a document in scope names"))
    return {row.path: f"{row.name(locale)} ({row.code})" for row in (Seen(*found) for found in rows)}

"""Past declarations in columns: every row belongs to an authority, and a scope reads none but its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import or_, select

from portal.levels.scope import Scope
from portal.models import ImportBatch
from portal.screening.batch import sql
from portal.screening.normalise import ASIDE
from portal.screening.past import Source, Within, columns, opened
from portal.screening.tree import Node
from portal.store.gateway import ScopeMissing, beneath, unscoped
from portal.store.session import session

#: The column of every stored row that says whose it is.
OWNER = "authority_path"
#: The column, kept aside, with the outcome of inspection.
OUTCOME = "outcome"

_TOTALS = "SELECT count(*), count(DISTINCT declaration_id), min(date), max(date) FROM past"
_GROUPED = (
    "SELECT coalesce({key}, '') AS key, count(DISTINCT declaration_id) FROM past GROUP BY key ORDER BY key"
)
_COUNT = "SELECT count(*) FILTER ({condition}), count(*) FROM past"
_SAMPLE = (
    "SELECT * FROM past WHERE {condition} ORDER BY date DESC NULLS LAST, declaration_id, item_no LIMIT {most}"
)


@dataclass(frozen=True)
class Totals:
    """What a scope's history holds; months as YYYY-MM, authorities by the code in the declarations."""

    items: int
    declarations: int
    first_day: date | None
    last_day: date | None
    by_month: Mapping[str, int]
    by_authority: Mapping[str, int]


def folder() -> Path:
    """Where the columns of all states lie."""
    return Path(current_app.config["ENVIRONMENT"].data_dir) / "history"


def source(start: date | None = None, end: date | None = None) -> Source:
    """The history that the session's scope may read: the one way to it.

    A file may hold rows of many authorities; the wall lets through the rows of the scope's own subtree. The
    union's scope does not reach below its own path, where no declaration is kept.

    Raises:
        ScopeMissing: the session does not act for anyone.
    """
    scope: Scope | None = session().info.get("scope")
    if scope is None:
        raise ScopeMissing("no acting authority")
    home = scope.home.text
    if not scope.reads_below:
        return Source((), (Within(OWNER, values=frozenset({home})),), start, end)
    return Source(_files(scope), (Within(OWNER, prefixes=(home,)),), start, end)


def _files(scope: Scope) -> tuple[Path, ...]:
    """The files of the authorities above, at and beneath a scope; only these can hold rows of it."""
    home = scope.home.text
    near = or_(
        ImportBatch.authority_path.in_(scope.applies_from),
        ImportBatch.authority_path.like(beneath(home), escape="!"),
    )
    asked = select(ImportBatch.stored_as).where(near, ImportBatch.items > 0).order_by(ImportBatch.id)
    names = session().scalars(
        unscoped(asked, "a file above holds rows of this scope; the wall keeps the others")
    )
    return tuple(folder() / name for name in names)


def totals(start: date | None = None, end: date | None = None) -> Totals:
    """Count what the scope's history holds."""
    with opened(source(start, end)) as engine:
        items, declarations, first, last = engine.execute(_TOTALS).fetchall()[0]
        months = engine.execute(_GROUPED.format(key="strftime(date, '%Y-%m')")).fetchall()
        places = engine.execute(_GROUPED.format(key="authority")).fetchall()
        return Totals(items, declarations, first, last, dict(months), dict(places))


def count(node: Node) -> tuple[int, int]:
    """Items of the scope's history that a condition hits, and all of them."""
    with opened(source()) as engine:
        hit, items = engine.execute(_COUNT.format(condition=sql(node))).fetchall()[0]
        return int(hit), int(items)


def has_outcomes() -> bool:
    """Whether any of the scope's files tells the outcome of inspections."""
    with opened(source()) as engine:
        return ASIDE + OUTCOME in columns(engine)


def sample(
    node: Node, start: date | None = None, end: date | None = None, most: int = 20
) -> list[dict[str, Any]]:
    """The latest items that a condition hits, by field; what is kept aside is left out."""
    with opened(source(start, end)) as engine:
        found = engine.execute(_SAMPLE.format(condition=sql(node), most=int(most)))
        names = [str(column[0]) for column in found.description]
        return [
            {
                name: _plain(value)
                for name, value in zip(names, row, strict=True)
                if not name.startswith(ASIDE)
            }
            for row in found.fetchall()
        ]


def _plain(value: object) -> object:
    return value.normalize() + 0 if isinstance(value, Decimal) else value


def batches(most: int = 200) -> list[ImportBatch]:
    """The imports in scope, the newest first."""
    return list(session().scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(most)))


def batch(batch_id: int) -> ImportBatch | None:
    return session().get(ImportBatch, batch_id)


def batch_of(path: str, content_hash: str, mapping_hash: str) -> ImportBatch | None:
    """The import of the same content by the same mapping at one authority."""
    asked = select(ImportBatch).where(
        ImportBatch.authority_path == path,
        ImportBatch.content_hash == content_hash,
        ImportBatch.mapping_hash == mapping_hash,
    )
    return session().scalar(asked)

"""Measures what each indicator adds to a condition, or a condition to others."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import duckdb

from portal.screening.batch import sql
from portal.screening.past import Source, opened
from portal.screening.tree import All, Any_, Node, Not, children, leaves

Key = TypeVar("Key", bound=Hashable)

_ITEMS = "SELECT count(*) FROM past WHERE {condition}"
_HIT = "CREATE TEMP TABLE hit AS SELECT DISTINCT declaration_id FROM past WHERE {condition}"
_SHARED = """
SELECT count(DISTINCT declaration_id), count(DISTINCT declaration_id) FILTER (declaration_id IN (FROM hit))
FROM past WHERE {condition}
"""


@dataclass(frozen=True, slots=True)
class Contribution:
    """Items that one indicator holds on `alone`, and items that the condition hits `without` it."""

    place: str
    alone: int
    without: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Declarations that another condition hits, and those of them that this one hits too."""

    hit: int
    shared: int


def contributions(node: Node, source: Source) -> tuple[Contribution, ...]:
    """Measure each indicator of a condition.

    Raises SourceError when a file cannot be read.
    """
    with opened(source) as connection:
        found = []
        for place, leaf in leaves(node):
            rest = without(node, place)
            found.append(
                Contribution(place, _items(connection, leaf), _items(connection, rest) if rest else 0)
            )
    return tuple(found)


def overlaps(node: Node, others: Mapping[Key, Node], source: Source) -> dict[Key, Overlap]:
    """Count, for each other condition, the declarations it hits and those that both hit.

    Raises SourceError when a file cannot be read.
    """
    with opened(source) as connection:
        connection.execute(_HIT.format(condition=sql(node)))
        return {key: _overlap(connection, other) for key, other in others.items()}


def without(node: Node, place: str, here: str = "") -> Node | None:
    """Return the tree with the part at `place` left out; a group or negation left empty goes with it."""
    if here == place:
        return None
    kept = (without(part, place, where) for where, part in children(node, here))
    parts = tuple(part for part in kept if part is not None)
    if isinstance(node, Not):
        return Not(parts[0]) if parts else None
    if isinstance(node, All | Any_):
        return replace(node, parts=parts) if parts else None
    return node


def _items(connection: duckdb.DuckDBPyConnection, node: Node) -> int:
    return int(connection.execute(_ITEMS.format(condition=sql(node))).fetchall()[0][0])


def _overlap(connection: duckdb.DuckDBPyConnection, other: Node) -> Overlap:
    hit, shared = connection.execute(_SHARED.format(condition=sql(other))).fetchall()[0]
    return Overlap(hit, shared)

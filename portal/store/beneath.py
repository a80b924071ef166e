"""The condition that a path stands at or beneath another, as each database answers it best."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def beneath(path: str) -> str:
    """The LIKE pattern of a path and all beneath it; its own wildcards are escaped with "!"."""
    return re.sub(r"([!%_])", r"!\1", path) + "%"


class Beneath(FunctionElement[bool]):
    """`Beneath(column, path, beneath(path))`: true for the path itself and for all that stand beneath it."""

    type = Boolean()
    name = "beneath"
    inherit_cache = True


class Within(FunctionElement[bool]):
    """`Within(column, path, past(path))`: the same as a range, which SQLite finds in an index.

    For small subtrees alone: it takes any range for a small one, and would read and sort the whole of a large one
    where the last fifty lines are asked for.
    """

    type = Boolean()
    name = "within"
    inherit_cache = True

    def self_group(self, against: Any = None) -> Within:
        """It is a condition already; compared with 1, as SQLite's booleans are, no index would serve it."""
        return self


def past(path: str) -> str:
    """The first text after all that begin with a path: "." is followed by "/"."""
    return path.removesuffix(".") + "/"


@compiles(Within)
def _by_range(element: Within, compiler: Any, **options: Any) -> str:
    column, path, end = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} >= {path} AND {column} < {end})"


@compiles(Beneath)
def _by_pattern(element: Beneath, compiler: Any, **options: Any) -> str:
    column, _, pattern = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} LIKE {pattern} ESCAPE '!'"


@compiles(Beneath, "postgresql")
@compiles(Within, "postgresql")
def _by_start(element: Beneath | Within, compiler: Any, **options: Any) -> str:
    """Behind row-level security PostgreSQL looks at no statistics for LIKE, and takes it that hardly a row fits.

    Then it joins tables row by row. `starts_with` cannot leak what it compares, so its statistics are looked at.
    """
    column, path, _ = element.clauses
    return f"starts_with({compiler.process(column, **options)}, {compiler.process(path, **options)})"

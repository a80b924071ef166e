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


@compiles(Beneath)
def _by_pattern(element: Beneath, compiler: Any, **options: Any) -> str:
    column, _, pattern = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} LIKE {pattern} ESCAPE '!'"


@compiles(Beneath, "postgresql")
def _by_start(element: Beneath, compiler: Any, **options: Any) -> str:
    """Behind row-level security PostgreSQL looks at no statistics for LIKE, and takes it that hardly a row fits.

    Then it joins tables row by row. `starts_with` cannot leak what it compares, so its statistics are looked at.
    """
    column, path, _ = element.clauses
    return f"starts_with({compiler.process(column, **options)}, {compiler.process(path, **options)})"

"""Opens past declarations, inside the walls that the caller puts up, as the table `past` of the engine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from sqlglot import exp

from portal.screening.batch import typed
from portal.screening.engine import connect, quoted
from portal.screening.faults import Fault, SourceError
from portal.screening.normalise import stored_columns
from portal.screening.source import CANNOT_READ, first_line


@dataclass(frozen=True, slots=True)
class Within:
    """A wall: `column` must equal one of `values` or begin with one of `prefixes`; with neither, no row is inside."""

    column: str
    values: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Normalised Parquet files, the walls that every row must be inside, and the days, both included."""

    paths: tuple[Path, ...]
    within: tuple[Within, ...] = ()
    start: date | None = None
    end: date | None = None


@contextmanager
def opened(
    source: Source, beside: Iterable[Path] = (), folder: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an engine that knows the rows of `source` as `past` and can reach nothing else.

    Besides, it may read the files `beside` and write inside `folder`.

    Raises SourceError when the engine cannot read the files, then or inside the block.
    """
    try:
        with connect((*source.paths, *beside), folder) as connection:
            connection.execute(f"CREATE TEMP VIEW past AS {_rows(source)}")
            yield connection
    except duckdb.Error as reason:
        raise SourceError([Fault("", CANNOT_READ, {"reason": first_line(reason)})]) from None


def columns(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the names of the columns of `past`."""
    return frozenset(str(name) for name, *_ in connection.execute("DESCRIBE past").fetchall())


def _rows(source: Source) -> str:
    if not source.paths:
        empty = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in stored_columns().items())
        return f"SELECT {empty} WHERE false"
    files = ", ".join(quoted(str(path.resolve())) for path in source.paths)
    rows = exp.select("*").from_("given")
    for condition in _conditions(source):
        rows = rows.where(condition, copy=False)
    return f"WITH given AS (FROM read_parquet([{files}], union_by_name = true)) {rows.sql('duckdb')}"


def _conditions(source: Source) -> Iterator[exp.Expr]:
    registered = exp.column("date", quoted=True)
    if source.start:
        yield exp.GTE(this=registered, expression=typed(source.start))
    if source.end:
        yield exp.LTE(this=registered, expression=typed(source.end))
    for wall in source.within:
        tested = exp.column(wall.column, quoted=True)
        inside: exp.Expr = exp.false()
        if wall.values:
            values = [exp.Literal.string(value) for value in sorted(wall.values)]
            inside = exp.Or(this=inside, expression=exp.In(this=tested, expressions=values))
        for prefix in wall.prefixes:
            begins = exp.StartsWith(this=tested.copy(), expression=exp.Literal.string(prefix))
            inside = exp.Or(this=inside, expression=begins)
        yield exp.Paren(this=inside)

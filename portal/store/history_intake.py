"""Takes one normalised file into the columns of past declarations, each row at its authority."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from portal.screening.normalise import ASIDE, MOST_FAULTS
from portal.screening.past import opened
from portal.store import history

_GIVEN = """
CREATE TEMP VIEW given AS
SELECT rows.file_row_number + 1 AS position, rows.* EXCLUDE (file_row_number), place.path AS owner
FROM read_parquet({rows}, file_row_number = true) AS rows
LEFT JOIN place ON {match}
"""
_UNPLACED = "SELECT position, authority FROM given WHERE owner IS NULL ORDER BY position"
_KNOWN = """
SELECT position, declaration_id || ', ' || item_no FROM given
SEMI JOIN past USING (declaration_id, item_no) ORDER BY position
"""
_WRITTEN = "SELECT count(*), count(DISTINCT declaration_id), min(date), max(date) FROM read_parquet(?)"


@dataclass(frozen=True)
class Refused:
    """Rows that may not come in: how many, and the first of them as (position in the file, value)."""

    rows: int
    first: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Written:
    """What a stored file holds, and its SHA-256."""

    items: int
    declarations: int
    first_day: date | None
    last_day: date | None
    hash: str


class Intake:
    """One file before it is stored; positions count its rows from 1."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        engine.execute("CREATE TEMP TABLE refused (position BIGINT)")

    @property
    def refused(self) -> int:
        """Rows refused so far, each counted once."""
        counted = self._engine.execute("SELECT count(DISTINCT position) FROM refused").fetchall()
        return int(counted[0][0])

    def unplaced(self) -> Refused:
        """Rows whose authority is none of the places."""
        return self._refuse(_UNPLACED)

    def known(self) -> Refused:
        """Rows whose item of a declaration the scope's history holds already."""
        return self._refuse(_KNOWN)

    def _refuse(self, query: str) -> Refused:
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE found AS {query}")
        self._engine.execute("INSERT INTO refused SELECT position FROM found")
        found = self._engine.execute(f"FROM found ORDER BY position LIMIT {MOST_FAULTS}").fetchall()
        rows = self._engine.execute("SELECT count(*) FROM found").fetchall()[0][0]
        return Refused(rows, tuple((position, value or "") for position, value in found))

    def write(self, target: Path, outcome: str) -> Written:
        """Store the rows that were not refused; a reader sees the whole file or none of it.

        Args:
            outcome: source name of the column with the outcome of inspection, empty when there is none.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.parent / f".{uuid.uuid4().hex}.parquet"
        named = f', "{(ASIDE + outcome).replace(chr(34), chr(34) * 2)}" AS "{ASIDE}{history.OUTCOME}"'
        told = named if outcome not in ("", history.OUTCOME) else ""
        self._engine.execute(
            f'COPY (SELECT * EXCLUDE (position, owner), owner AS "{history.OWNER}"{told} FROM given '  # noqa: S608
            "WHERE position NOT IN (SELECT position FROM refused) ORDER BY owner, hs_code, position) "
            "TO ? (FORMAT parquet, COMPRESSION zstd)",
            [str(fresh.resolve())],
        )
        items, declarations, first, last = self._engine.execute(_WRITTEN, [str(fresh.resolve())]).fetchall()[
            0
        ]
        with fresh.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        _settle(fresh, target)
        return Written(items, declarations, first, last, digest)


def _settle(fresh: Path, target: Path) -> None:
    """Give the finished file its name, and make both outlast a loss of power."""
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(target)
    parent = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


@contextmanager
def intake(rows: Path, target: Path, places: Mapping[str, str] | str) -> Iterator[Intake]:
    """Open a normalised file beside the scope's history.

    Args:
        places: path of an authority by its code in the rows, or the one path of all rows.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened(history.source(), beside=[rows], folder=target.parent) as engine:
        engine.execute("CREATE TEMP TABLE place (code VARCHAR, path VARCHAR)")
        known = [("", places)] if isinstance(places, str) else list(places.items())
        engine.executemany("INSERT INTO place VALUES (?, ?)", [list(row) for row in known])
        match = "true" if isinstance(places, str) else "place.code = rows.authority"
        quoted = "'" + str(rows.resolve()).replace("'", "''") + "'"
        engine.execute(_GIVEN.format(rows=quoted, match=match))
        yield Intake(engine)

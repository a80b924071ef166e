"""Refuses a Parquet file that is small to send and boundless to read."""

from pathlib import Path

import duckdb

from portal.levels.words import N_
from portal.screening import engine
from portal.screening.faults import Fault, SourceError

#: What a Parquet file sent to a page may hold: rows, and bytes of its columns once they are unpacked.
MOST_ROWS, MOST_BYTES = 1_000_000, 1024**3
TOO_MUCH = N_("holds more than a page can take in: at most %(most)s rows. Send it in several files")

_PARQUET_MARK = b"PAR1"


def refuse_bomb(path: Path) -> None:
    """Look at what the file says of itself, by which the engine goes too, before anything unpacks it.

    A file that says nothing of itself is left to be refused by its reader.

    Raises:
        SourceError: it holds too much.
    """
    with path.open("rb") as file:
        if file.read(4) != _PARQUET_MARK:
            return
    try:
        rows, unpacked = _told(path)
    except duckdb.Error:
        return
    if rows > MOST_ROWS or unpacked > MOST_BYTES:
        raise SourceError([Fault("", TOO_MUCH, {"most": MOST_ROWS})])


def _told(path: Path) -> tuple[int, int]:
    """Rows and bytes; where the end of the file and its parts tell different numbers, the larger."""
    place = [str(path.resolve())]
    with engine.connect([path]) as connection:
        whole = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", place).fetchall()
        parts = connection.execute(
            "SELECT max(greatest(row_group_num_rows, num_values)), sum(total_uncompressed_size) "
            "FROM parquet_metadata(?) GROUP BY row_group_id",
            place,
        ).fetchall()
    rows = max(sum(told or 0 for (told,) in whole), sum(told or 0 for told, _ in parts))
    return rows, sum(size or 0 for _, size in parts)

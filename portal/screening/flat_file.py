"""Reads a CSV or Parquet file of declarations to be screened."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.screening.mapping import Mapping_
from portal.screening.normalise import RowFault, normalise
from portal.screening.past import Source, opened
from portal.screening.presented import Presented, from_rows
from portal.screening.vocabulary import STORED


@dataclass(frozen=True, slots=True)
class Read:
    """What stood in a file: its declarations, or the faults for which it is refused whole.

    A declaration with an unreadable row is not a smaller declaration: nothing of such a file is used.
    """

    declarations: tuple[Presented, ...]
    refused: int = 0
    faults: tuple[RowFault, ...] = ()


def read_file(path: Path, mapping: Mapping_ | None = None) -> Read:
    """Read the declarations of a file, in the order of its rows.

    Raises SourceError or MappingError when the file cannot be read at all.
    """
    names = [field.name for field in STORED]
    listed = ", ".join(f'"{name}"' for name in names)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "declarations.parquet"
        normalised = normalise(path, target, mapping)
        if normalised.refused:
            return Read((), normalised.refused, normalised.faults)
        with opened(Source((target,))) as connection:
            rows = connection.execute(f"SELECT {listed} FROM past").fetchall()  # noqa: S608 - our own names
    return Read(from_rows(dict(zip(names, row, strict=True)) for row in rows))

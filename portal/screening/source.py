"""Opens a CSV or Parquet file of declarations as rows of texts in the engine."""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from portal.levels.words import N_
from portal.screening.engine import quoted
from portal.screening.faults import Fault, SourceError
from portal.screening.values import BLANKS

CANNOT_READ = N_("cannot be read: %(reason)s")
NOT_UTF8 = N_("is not a text in UTF-8")
NO_HEADER = N_("has no header row")
SAME_NAME = N_("has two columns named %(name)s")

_DELIMITERS = (",", ";", "\t", "|")
_PARQUET_MARK = b"PAR1"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The table `raw` holds the rows as `row_no` (the first data row is 1) and texts `c0`, `c1` … without the
    blanks around them; empty is missing.

    `columns` are the source names in that order, `broken` the rows whose number of values is wrong, each with
    its text and the reason.
    """

    columns: tuple[str, ...]
    broken: tuple[tuple[int, str, str], ...] = ()


def load(connection: duckdb.DuckDBPyConnection, path: Path) -> Loaded:
    """Fill the table `raw` from `path`.

    Raises SourceError when the file cannot be read as a whole.
    """
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == _PARQUET_MARK
        return _load_parquet(connection, path) if parquet else _load_csv(connection, path)
    except (OSError, duckdb.Error, csv.Error) as reason:
        raise SourceError([Fault(path.name, CANNOT_READ, {"reason": first_line(reason)})]) from None
    except UnicodeDecodeError:
        raise SourceError([Fault(path.name, NOT_UTF8)]) from None


def first_line(reason: BaseException) -> str:
    """Return the first line of an error's text; an operating system's error without the path."""
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return str(reason).strip().partition("\n")[0]


def _load_csv(connection: duckdb.DuckDBPyConnection, path: Path) -> Loaded:
    names, delimiter = _header(path)
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(names)))
    texts = ", ".join(_trimmed(f"c{index}", index) for index in range(len(names)))
    connection.execute(
        f"CREATE TEMP TABLE raw AS SELECT row_number() OVER () AS row_no, {texts} "  # noqa: S608 - quoted
        f"FROM read_csv(?, header = true, auto_detect = false, delim = {quoted(delimiter)}, quote = '\"', "
        f"escape = '\"', compression = 'none', store_rejects = true, columns = {{{columns}}})",
        [str(path.resolve())],
    )
    rejected = connection.execute(
        "SELECT line - 1, any_value(csv_line), min(error_message) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    return Loaded(names, tuple((row, text or "", first_line(ValueError(why))) for row, text, why in rejected))


def _header(path: Path) -> tuple[tuple[str, ...], str]:
    """Read the column names, and the delimiter as the one that divides the first line most often."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
    delimiter = max(_DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each), ())))
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = tuple(name.strip() for name in next(csv.reader(file, delimiter=delimiter), ()))
    if not any(names):
        raise SourceError([Fault(path.name, NO_HEADER)])
    _refuse_same_names(path, names)
    return names, delimiter


def _load_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> Loaded:
    described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path.resolve())]).fetchall()
    names = tuple(str(name) for name, *_ in described)
    _refuse_same_names(path, names)
    texts = ", ".join(_as_text(name, kind, index) for index, (name, kind, *_) in enumerate(described))
    connection.execute(
        f"CREATE TEMP TABLE raw AS SELECT row_number() OVER () AS row_no, {texts} FROM read_parquet(?)",  # noqa: S608
        [str(path.resolve())],
    )
    return Loaded(names)


def _as_text(name: str, kind: str, index: int) -> str:
    column = '"' + name.replace('"', '""') + '"'
    day = f"CAST({column} AS DATE)" if kind.startswith("TIMESTAMP") else column
    return _trimmed(f"CAST({day} AS VARCHAR)", index)


def _trimmed(text: str, index: int) -> str:
    return f"nullif(trim({text}, {quoted(BLANKS)}), '') AS c{index}"


def _refuse_same_names(path: Path, names: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise SourceError([Fault(path.name, SAME_NAME, {"name": name})])
        seen.add(name.casefold())

"""Turns a file of declarations into the typed Parquet table that conditions are judged on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from portal.levels.words import N_
from portal.screening.batch import FOLDED
from portal.screening.engine import connect, quoted
from portal.screening.faults import Fault, Params, SourceError
from portal.screening.mapping import Mapping_, by_name, check_against
from portal.screening.source import CANNOT_READ, first_line, load
from portal.screening.values import ROW_MESSAGES, UNSTORABLE
from portal.screening.vocabulary import FIELDS, STORED, Field, Kind

ASIDE = "aside."
"""Before the source name of a column that the mapping does not name."""

MOST_FAULTS = 1_000

NO_DECLARATION = N_("the row names no declaration")
NO_ITEM_NUMBER = N_("the row has no item number")
SAME_ITEM = N_("this item of the declaration was already given in row %(first)d")
TOO_MANY_ITEMS = N_("the declaration has more than 999 items")
WRONG_WIDTH = N_("the row cannot be divided into the columns of the header: %(reason)s")


@dataclass(frozen=True, slots=True)
class RowFault:
    """One refused value: the data row (the first after the header is 1), the source column, what stood there."""

    row: int
    column: str
    value: str
    message: str
    params: Params = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"row {self.row}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.value!r} {self.message % self.params}"


@dataclass(frozen=True, slots=True)
class Normalised:
    """What became of a file: `items` rows written to `path`, `refused` rows left out with their `faults`
    (at most 1,000 are listed), and the source columns kept `aside`."""

    path: Path
    items: int
    refused: int
    faults: tuple[RowFault, ...]
    aside: tuple[str, ...]


def sql_type(field: Field) -> str:
    """Return the engine's type of a stored field."""
    if field.kind is Kind.DECIMAL:
        return f"DECIMAL({field.whole_digits + field.decimals}, {field.decimals})"
    return {Kind.TEXT: "VARCHAR", Kind.INTEGER: "INTEGER", Kind.DATE: "DATE"}[field.kind]


def normalise(
    source: Path, target: Path, mapping: Mapping_ | None = None, keep: Iterable[str] = ()
) -> Normalised:
    """Write the good rows of `source` (CSV or Parquet) to the Parquet file `target`.

    Without a mapping the columns bear the names of fields. `keep` names source columns to keep aside although
    they are mapped. Raises SourceError or MappingError when nothing of the file can be used.
    """
    with connect([source], target.parent) as connection:
        loaded = load(connection, source)
        chosen = mapping or by_name(loaded.columns)
        check_against(chosen, loaded.columns)
        work = _Work(connection, loaded.columns, chosen, frozenset(keep))
        try:
            faults = work.find_faults()
            items = work.write(target)
        except duckdb.Error as reason:
            raise SourceError([Fault(source.name, CANNOT_READ, {"reason": first_line(reason)})]) from None
        broken = [RowFault(row, "", text, WRONG_WIDTH, {"reason": why}) for row, text, why in loaded.broken]
        listed = [*broken, *_renumbered(faults, [fault.row for fault in broken])]
        listed.sort(key=lambda fault: fault.row)
        refused = work.refused + len(broken)
        return Normalised(target, items, refused, tuple(listed[:MOST_FAULTS]), work.aside)


def _renumbered(faults: list[RowFault], broken: list[int]) -> list[RowFault]:
    """Count the broken rows in: the engine numbered the rows without them."""
    return [
        RowFault(_with_broken(each.row, broken), each.column, each.value, each.message, _shift(each, broken))
        for each in faults
    ]


def _with_broken(row: int, broken: list[int]) -> int:
    for gone in broken:
        row += gone <= row
    return row


def _shift(fault: RowFault, broken: list[int]) -> Params:
    first = fault.params.get("first")
    return {"first": _with_broken(first, broken)} if isinstance(first, int) else fault.params


class _Work:
    """One file on its way: the table `raw` of texts becomes a list of refused rows and a Parquet file."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[str, ...],
        mapping: Mapping_,
        keep: frozenset[str],
    ) -> None:
        self.connection = connection
        self.columns = columns
        self.source_of = {name: source for source, name in mapping.columns.items()}
        self.constants = mapping.constants
        self.aside = tuple(name for name in columns if name not in mapping.columns or name in keep)
        self.refused = 0
        connection.execute("CREATE TEMP TABLE refused (row_no BIGINT)")

    def text(self, name: str) -> str:
        """Write the column of `raw` that holds a field's text."""
        return f"c{self.columns.index(self.source_of[name])}"

    def find_faults(self) -> list[RowFault]:
        tests = {name: self.unfit(name) for name in self.source_of}
        counted = ", ".join(f"count_if({test})" for test in tests.values())
        counts = self.connection.execute(f"SELECT {counted} FROM raw").fetchone() or ()  # noqa: S608
        faults: list[RowFault] = []
        for (name, test), count in zip(tests.items(), counts, strict=True):
            if count:
                faults += self.take_out(name, test)
        faults += self.number_items()
        found = self.connection.execute("SELECT count(DISTINCT row_no) FROM refused").fetchone()
        self.refused = found[0] if found else 0
        return faults

    def unfit(self, name: str) -> str:
        """Write the test of a text that this field cannot take."""
        text, field = self.text(name), FIELDS[name]
        empty = f"{text} IS NULL OR " if name in ("declaration_id", "item_no") else ""
        if not field.pattern:
            return f"({empty}coalesce(contains({text}, chr(0)), false))"
        test = f"NOT regexp_full_match({text}, {quoted(field.pattern)})"
        if field.kind is Kind.DATE:
            test += f" OR {text} LIKE '0000%' OR TRY_CAST({text} AS DATE) IS NULL"
        return f"({empty}({text} IS NOT NULL AND ({test})))"

    def take_out(self, name: str, test: str) -> list[RowFault]:
        self.connection.execute(f"INSERT INTO refused SELECT row_no FROM raw WHERE {test}")  # noqa: S608
        rows = self.connection.execute(
            f"SELECT row_no, {self.text(name)} FROM raw WHERE {test} ORDER BY row_no LIMIT {MOST_FAULTS}"  # noqa: S608
        ).fetchall()
        return [RowFault(row, self.source_of[name], text or "", _reason(name, text)) for row, text in rows]

    def number_items(self) -> list[RowFault]:
        """Fill the table `numbered` with the item number of each row, and refuse items given twice."""
        number = self.text("item_no") if "item_no" in self.source_of else "NULL"
        self.connection.execute(
            f"CREATE TEMP TABLE numbered AS SELECT row_no, {self.text('declaration_id')} AS declaration, "  # noqa: S608
            f"TRY_CAST({number} AS INTEGER) AS item_no FROM raw WHERE row_no NOT IN (FROM refused)"
        )
        if "item_no" not in self.source_of:
            self.connection.execute(
                "CREATE OR REPLACE TEMP TABLE numbered AS SELECT row_no, declaration, "
                "row_number() OVER (PARTITION BY declaration ORDER BY row_no) AS item_no FROM numbered"
            )
            return self.refuse("item_no > 999", "0", TOO_MANY_ITEMS)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE numbered AS SELECT *, first(row_no) OVER "
            "(PARTITION BY declaration, item_no ORDER BY row_no) AS first_row FROM numbered"
        )
        return self.refuse("first_row < row_no", "first_row", SAME_ITEM)

    def refuse(self, test: str, first: str, message: str) -> list[RowFault]:
        rows = self.connection.execute(
            f"SELECT row_no, declaration, {first} FROM numbered WHERE {test} ORDER BY row_no LIMIT {MOST_FAULTS}"  # noqa: S608
        ).fetchall()
        self.connection.execute(f"INSERT INTO refused SELECT row_no FROM numbered WHERE {test}")  # noqa: S608
        column = self.source_of["declaration_id"]
        return [RowFault(row, column, value, message, {"first": start}) for row, value, start in rows]

    def write(self, target: Path) -> int:
        selected = ", ".join([*(self.typed(field) for field in STORED), *self.folded(), *self.kept()])
        self.connection.execute(
            f"COPY (SELECT {selected} FROM raw JOIN numbered USING (row_no) "  # noqa: S608
            "WHERE row_no NOT IN (FROM refused) ORDER BY row_no) TO ? (FORMAT parquet, COMPRESSION zstd)",
            [str(target.resolve())],
        )
        written = self.connection.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(target.resolve())]
        ).fetchone()
        return int(written[0]) if written else 0

    def typed(self, field: Field) -> str:
        if field.name == "item_no":
            text = "numbered.item_no"
        elif field.name in self.source_of:
            text = self.text(field.name)
        else:
            text = quoted(self.constants[field.name]) if field.name in self.constants else "NULL"
        if field.absent_as is not None:
            text = f"coalesce({text}, {quoted(field.absent_as)})"
        return f'{_cast(text, field)} AS "{field.name}"'

    def folded(self) -> list[str]:
        name = "goods_description"
        text = self.text(name) if name in self.source_of else quoted(self.constants.get(name, ""))
        return [f"fold_case(nullif({text}, '')) AS {FOLDED}"]

    def kept(self) -> list[str]:
        return [f"c{self.columns.index(name)} AS {_identifier(ASIDE + name)}" for name in self.aside]


def _cast(text: str, field: Field) -> str:
    """Write the cast of a text; wide decimals are read 50 times faster where a narrow one holds the same."""
    wide = f"CAST({text} AS {sql_type(field)})"
    if field.whole_digits + field.decimals <= 18 or field.kind is not Kind.DECIMAL:
        return wide
    narrow = f"CAST(CAST({text} AS DECIMAL(18, 4)) AS {sql_type(field)})"
    return f"CASE WHEN regexp_full_match({text}, '[^.]*([.][0-9]{{1,4}})?') THEN {narrow} ELSE {wide} END"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reason(name: str, text: str | None) -> str:
    if text is None:
        return NO_DECLARATION if name == "declaration_id" else NO_ITEM_NUMBER
    return ROW_MESSAGES[FIELDS[name].kind] if FIELDS[name].pattern else UNSTORABLE


def stored_columns() -> Mapping[str, str]:
    """Return the columns of a normalised table and their types, without those kept aside."""
    return {**{field.name: sql_type(field) for field in STORED}, FOLDED: "VARCHAR"}

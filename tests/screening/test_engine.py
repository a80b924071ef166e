"""The engine is shut in, folds letters as Python does, and takes no text for a query."""

from pathlib import Path

import duckdb
import pytest

from portal.screening.batch import sql
from portal.screening.engine import connect
from portal.screening.tree import Any_, Contains, In, InList, Missing, Node, StartsWith

ESCAPES = [
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('{secret}')",
    "COPY (SELECT 1) TO '{folder}/../out.csv'",
    "ATTACH '{folder}/../other.db'",
    "SET enable_external_access = true",
    "SET allowed_paths = ['/etc/hostname']",
    "SET threads = 1",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
]


@pytest.mark.parametrize("statement", ESCAPES)
def test_nothing_but_the_given_files_is_within_reach(tmp_path: Path, statement: str) -> None:
    given, secret, folder = tmp_path / "given.csv", tmp_path / "secret.csv", tmp_path / "folder"
    given.write_text("a\n1\n")
    secret.write_text("a\n2\n")
    folder.mkdir()
    with connect([given], folder) as connection:
        assert connection.execute("SELECT a FROM read_csv(?)", [str(given)]).fetchall() == [(1,)]
        connection.execute("COPY (SELECT 1) TO ?", [str(folder / "inside.csv")])
        with pytest.raises(duckdb.Error):
            connection.execute(statement.format(secret=secret, folder=folder))


def test_every_letter_is_folded_as_python_folds_it() -> None:
    letters = [chr(point) for point in range(1, 0x110000) if not 0xD800 <= point < 0xE000]
    texts = ["".join(letters[start : start + 400]) for start in range(0, 0x2FFFF, 400)]
    with connect() as connection:
        folded = connection.execute(
            "SELECT fold_case(text) FROM (SELECT unnest(?) AS text)", [texts]
        ).fetchall()
    assert [text for (text,) in folded] == [text.casefold() for text in texts]


HOSTILE = [
    "'; DROP TABLE past; --",
    "' OR '1'='1",
    "\\'; SELECT 1; --",
    '"quoted"',
    "$$ ? $1 :name %s {x}",
    "/* comment",
    "line\nbreak\r\n",
    "\x1f",
    "%_",
    "\\",
    "''",
    "😀",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("leaf", [In, StartsWith, Contains, InList])
def test_a_value_stays_a_value(hostile: str, leaf: type) -> None:
    node: Node
    node = (
        InList("vehicle_id", "x", frozenset({hostile})) if leaf is InList else leaf("vehicle_id", (hostile,))
    )
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE past (vehicle_id VARCHAR)")
        connection.execute("INSERT INTO past VALUES (?), ('other'), (NULL)", [hostile])
        rows = connection.execute(f"SELECT vehicle_id FROM past WHERE {sql(node)}").fetchall()
        assert rows == [(hostile,)]
        assert connection.execute("SELECT count(*) FROM past").fetchall() == [(3,)]


def matched(node: Node, texts: list[str]) -> list[str]:
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE past AS SELECT unnest(?) AS importer_id", [texts])
        return [
            text
            for (text,) in connection.execute(f"SELECT importer_id FROM past WHERE {sql(node)}").fetchall()
        ]


def test_a_list_of_100_000_members() -> None:
    members = frozenset(f"T{index}" for index in range(100_000))
    assert matched(InList("importer_id", "all", members), ["T0", "T99999", "T100000", "", "t0"]) == [
        "T0",
        "T99999",
    ]


def test_a_long_list_with_every_separator_in_its_values() -> None:
    marks = "\x1f\x1e\x1d\x1c\x01\x02\x03"
    values = tuple(f"{mark}{index}" for index in range(20) for mark in marks)
    assert matched(In("importer_id", values), [values[0], values[-1], "0"]) == [values[0], values[-1]]


def test_many_prefixes_of_several_lengths() -> None:
    prefixes = (*(str(number) for number in range(10, 60)), "é1", "日本x", "7")
    assert matched(
        StartsWith("importer_id", prefixes), ["10", "599", "60", "é12", "e\u03011", "日本x", "7", "1"]
    ) == [
        "10",
        "599",
        "é12",
        "日本x",
        "7",
    ]


def test_10_000_leaves_in_one_group() -> None:
    node = Any_(tuple(In("importer_id", (f"T{index}",)) for index in range(10_000)))
    assert matched(node, ["T9999", "T10000"]) == ["T9999"]


def test_two_valued_where_everything_is_missing() -> None:
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE past (vehicle_id VARCHAR)")
        connection.execute("INSERT INTO past VALUES (NULL)")
        values = connection.execute(
            f"SELECT {sql(In('vehicle_id', ('a',)))}, {sql(Missing('vehicle_id'))} FROM past"
        ).fetchall()
    assert values == [(False, True)]

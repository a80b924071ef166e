"""Files of declarations become typed rows; what cannot is told by row."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.screening.faults import Fault, MappingError, SourceError
from portal.screening.mapping import Mapping_
from portal.screening.normalise import normalise
from portal.screening.values import item_value
from portal.screening.vocabulary import FIELDS, STORED

D = Decimal


def rows_of(path: Path, *columns: str) -> list[tuple[Any, ...]]:
    named = ", ".join(f'"{column}"' for column in columns)
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {named} FROM read_parquet(?)", [str(path)]).fetchall()


def taken(tmp_path: Path, text: str, mapping: Mapping_ | None = None, **options: Any) -> Any:
    source = tmp_path / "source.csv"
    source.write_bytes(text.encode())
    return normalise(source, tmp_path / "target.parquet", mapping, **options)


def faults(result: Any) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.value) for fault in result.faults]


def test_values_keep_what_they_are(tmp_path: Path) -> None:
    result = taken(
        tmp_path,
        "declaration_id,date,hs_code,origin_country,net_mass_kg,item_price,goods_description,Fraud\n"
        '007,2020-02-29,0910,NA,108.0,30866.000000000004,"Straße, ""new""",1\n'
        '8,,, ,"",-0.5," shoes ",\n',
    )
    assert (result.items, result.refused, result.faults, result.aside) == (2, 0, (), ("Fraud",))
    assert rows_of(
        result.path,
        "declaration_id",
        "item_no",
        "date",
        "hs_code",
        "origin_country",
        "net_mass_kg",
        "item_price",
    ) == [
        ("007", 1, date(2020, 2, 29), "0910", "NA", D(108), D("30866.000000000004")),
        ("8", 1, None, None, None, None, D("-0.5")),
    ]
    assert rows_of(
        result.path, "goods_description", "goods_description_folded", "aside.Fraud", "trader_risk"
    ) == [
        ('Straße, "new"', 'strasse, "new"', "1", "unknown"),
        ("shoes", "shoes", None, "unknown"),
    ]


def test_a_mapping_names_columns_and_fixes_fields(tmp_path: Path) -> None:
    mapping = Mapping_(
        {"ID": "declaration_id", "Goods": "hs_code"}, {"direction": "import", "tax_rate": "6.5"}
    )
    result = taken(tmp_path, "Goods;ID;Note\n61;A;x\n", mapping)
    assert rows_of(result.path, "declaration_id", "hs_code", "direction", "tax_rate", "aside.Note") == [
        ("A", "61", "import", D("6.5"), "x")
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_common_forms_of_csv(tmp_path: Path, ending: str, mark: str, delimiter: str) -> None:
    text = mark + ending.join(
        line.replace(",", delimiter) for line in ("declaration_id,hs_code", "A,61", "B,62")
    )
    assert rows_of(taken(tmp_path, text).path, "declaration_id", "hs_code") == [("A", "61"), ("B", "62")]


def test_items_are_numbered_within_their_declaration(tmp_path: Path) -> None:
    result = taken(tmp_path, "declaration_id,hs_code\nB,01\nA,02\nB,03\nA,04\nB,05\n")
    assert rows_of(result.path, "declaration_id", "item_no", "hs_code") == [
        ("B", 1, "01"),
        ("A", 1, "02"),
        ("B", 2, "03"),
        ("A", 2, "04"),
        ("B", 3, "05"),
    ]


def test_faults_are_told_by_row_and_the_other_rows_are_kept(tmp_path: Path) -> None:
    result = taken(
        tmp_path,
        "declaration_id,item_no,date,hs_code,net_mass_kg,direction\n"
        "A,1,2020-01-01,61,5,import\n"
        "A,2,2020-02-30,61,5,import\n"
        ",3,2020-01-01,61,5,import\n"
        "A,x,2020-01-01,6x,-5,inwards\n"
        "A,,2020-01-01,61,5,import\n"
        "A,1,2020-01-01,62,6,export\n"
        "B,1,2020-01-01,61,1.0000001,import\n",
    )
    assert sorted(faults(result)) == [
        (2, "date", "2020-02-30"),
        (3, "declaration_id", ""),
        (4, "direction", "inwards"),
        (4, "hs_code", "6x"),
        (4, "item_no", "x"),
        (4, "net_mass_kg", "-5"),
        (5, "item_no", ""),
        (6, "declaration_id", "A"),
        (7, "net_mass_kg", "1.0000001"),
    ]
    assert (result.items, result.refused) == (1, 6)
    assert "already given in row 1" in str(next(fault for fault in result.faults if fault.row == 6))


@pytest.mark.parametrize(
    "day", ["0000-01-01", "2021-02-29", "2020-1-1", "20200101", "01.02.2020", "infinity", "epoch"]
)
def test_a_day_that_no_calendar_has_is_a_fault(tmp_path: Path, day: str) -> None:
    assert faults(taken(tmp_path, f"declaration_id,date\nA,{day}\n")) == [(1, "date", day)]


def test_rows_of_the_wrong_width_are_told_and_do_not_shift_the_others(tmp_path: Path) -> None:
    result = taken(tmp_path, "declaration_id,hs_code\nA,61\nB\nC,62,x\nD,6x\nE,63\n")
    assert [(fault.row, fault.column) for fault in result.faults] == [(2, ""), (3, ""), (4, "hs_code")]
    assert (result.items, result.refused) == (2, 3)
    assert rows_of(result.path, "declaration_id") == [("A",), ("E",)]


def test_a_thousand_items_are_too_many(tmp_path: Path) -> None:
    result = taken(tmp_path, "declaration_id,hs_code\n" + "A,61\n" * 1001)
    assert (result.items, [fault.row for fault in result.faults]) == (999, [1000, 1001])


def test_no_more_than_a_thousand_faults_are_listed(tmp_path: Path) -> None:
    result = taken(tmp_path, "declaration_id,hs_code\n" + "".join(f"{number},x\n" for number in range(1500)))
    assert (len(result.faults), result.refused, result.items) == (1000, 1500, 0)


def test_a_mapped_column_can_be_kept_aside_too(tmp_path: Path) -> None:
    result = taken(tmp_path, "declaration_id,preference\nA,1\n", keep=["preference"])
    assert rows_of(result.path, "preference", "aside.preference") == [("1", "1")]


def test_hostile_column_names_stay_names(tmp_path: Path) -> None:
    names = ["a'); DROP TABLE raw; --", 'b""c', "日本", ""]
    header = ",".join(f'"{name}"' for name in ["declaration_id", *names])
    result = taken(tmp_path, f"{header}\nA,1,2,3,4\n")
    assert result.aside == ("a'); DROP TABLE raw; --", 'b"c', "日本", "")
    assert rows_of(result.path, "declaration_id", "aside.日本", "aside.") == [("A", "3", "4")]


def test_parquet_is_read_whatever_its_types(tmp_path: Path) -> None:
    source = tmp_path / "source.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 7 AS declaration_id, TIMESTAMP '2020-01-02 10:00:00' AS date, 0.1::DOUBLE AS tax_rate, "
            "DATE '2020-01-01' AS other, '0910' AS hs_code, 1.50::DECIMAL(9, 2) AS item_price, "
            "true AS Fraud) TO ? (FORMAT parquet)",
            [str(source)],
        )
    result = normalise(source, tmp_path / "target.parquet")
    assert rows_of(
        result.path, "declaration_id", "date", "tax_rate", "hs_code", "item_price", "aside.Fraud"
    ) == [("7", date(2020, 1, 2), D("0.1"), "0910", D("1.5"), "true")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00",
        b"PAR1 but no more",
        b"a,a\n1,2\n",
        b"a,A\n1,2\n",
        b"hs_code\n61\n",
        b"\x00\x01\x02",
        b"PK\x03\x04zip",
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "source.csv"
    source.write_bytes(content)
    with pytest.raises((SourceError, MappingError)):
        normalise(source, tmp_path / "target.parquet")


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    for source in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(SourceError):
            normalise(source, tmp_path / "target.parquet")


typed_texts = st.one_of(
    st.from_regex(r"[+-]?[0-9]{0,15}(\.[0-9]{0,20})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.sampled_from(
        ["2020-02-29", "0000-01-01", "9999-12-31", "NA", "na", "import", "0910", "1e5", " 7 ", "٣", "\t"]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters='\x00"\r\n,'), max_size=4),
)
FREE = [field.name for field in STORED if field.name not in ("declaration_id", "item_no")]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(FREE), typed_texts), min_size=1, max_size=30))
def test_files_and_single_values_are_read_alike(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    header = ["declaration_id", *FREE]
    lines = [
        ",".join([str(row), *(f'"{text}"' if field == name else "" for field in FREE)])
        for row, (name, text) in enumerate(cells, 1)
    ]
    result = taken(tmp_path, "\n".join([",".join(header), *lines]) + "\n")
    alone = [item_value(FIELDS[name], text) for name, text in cells]
    assert {fault.row for fault in result.faults} == {
        row for row, value in enumerate(alone, 1) if isinstance(value, Fault)
    }
    stored = {int(row[0]): row[1:] for row in rows_of(result.path, "declaration_id", *FREE)}
    for row, ((name, _), value) in enumerate(zip(cells, alone, strict=True), 1):
        if not isinstance(value, Fault):
            expected = "unknown" if name == "trader_risk" and value is None else value
            assert stored[row][FREE.index(name)] == expected

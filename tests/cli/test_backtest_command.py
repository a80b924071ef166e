"""The back-test command: its object, its sentence, and one line for whatever is wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.backtest import command

CONDITION = '{"field": "hs_code", "op": "starts_with", "value": ["61"]}'
HISTORY = "declaration_id,date,authority,hs_code,item_price,Fraud\nA,2020-01-01,30,61,1.5,1\nB,2020-02-01,40,62,2,0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "condition.json").write_text(CONDITION)
    (tmp_path / "history.csv").write_text(HISTORY)
    return tmp_path


def called(
    folder: Path, *options: str, condition: str = "condition.json", history: str = "history.csv"
) -> Result:
    return CliRunner().invoke(command, [str(folder / condition), str(folder / history), *options])


def refused(result: Result) -> str:
    """The one line that says why; anything else than a plain refusal fails."""
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_the_object_has_the_documented_keys(folder: Path) -> None:
    result = called(folder, "--outcome", "Fraud", "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert list(printed) == [
        "declarations",
        "items",
        "hit_declarations",
        "hit_items",
        "with_outcome",
        "violations",
        "violations_hit",
        "precision",
        "recall",
        "lift",
        "item_price_hit",
        "by_authority",
        "by_month",
        "engine",
        "seconds",
    ]
    assert (printed["hit_declarations"], printed["precision"], printed["lift"]) == (1, "1.000000", "2.0000")
    assert (printed["by_authority"], printed["by_month"]) == ({"30": 1}, {"2020-01": 1})


def test_without_json_a_person_can_read_it(folder: Path) -> None:
    result = called(folder, "--outcome", "Fraud")
    assert result.exit_code == 0
    assert "The commodity code begins with 61." in result.stdout
    assert "It would have hit 1 of 2 declarations" in result.stdout
    assert "2020-01" in result.stdout


def test_the_period_is_kept(folder: Path) -> None:
    result = called(folder, "--from", "2020-01-02", "--to", "2020-02-01", "--json")
    assert json.loads(result.stdout)["declarations"] == 1


def test_a_mapping_is_used(folder: Path) -> None:
    (folder / "foreign.csv").write_text("Nr;HS\nA;61\n")
    (folder / "mapping.toml").write_text('[columns]\nNr = "declaration_id"\nHS = "hs_code"\n')
    result = called(folder, "--mapping", str(folder / "mapping.toml"), "--json", history="foreign.csv")
    assert json.loads(result.stdout)["hit_items"] == 1


def test_an_outcome_column_may_also_be_mapped(folder: Path) -> None:
    (folder / "mapping.toml").write_text(
        '[columns]\ndeclaration_id = "declaration_id"\nhs_code = "hs_code"\nFraud = "preference"\n'
    )
    result = called(folder, "--mapping", str(folder / "mapping.toml"), "--outcome", "Fraud", "--json")
    assert json.loads(result.stdout)["violations"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"all": []}', "all: needs at least one condition"),
        ("{", "is not JSON"),
        ('{"not": ' * 100_000, "nested deeper"),
        ('{"field": "hs_code", "op": "in", "value": {"list": "x"}}', "value.list: is not a maintained list"),
    ],
)
def test_a_bad_condition_is_refused_in_one_line(folder: Path, content: str, said: str) -> None:
    (folder / "bad.json").write_text(content)
    assert said in refused(called(folder, condition="bad.json"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PAR1xx", b"hs_code\n61\n", b"\x00\x00"])
def test_a_bad_history_is_refused_in_one_line(folder: Path, content: bytes) -> None:
    (folder / "bad.csv").write_bytes(content)
    assert refused(called(folder, history="bad.csv"))


def test_files_that_are_not_there_are_refused_in_one_line(folder: Path) -> None:
    assert "nothing.json" in refused(called(folder, condition="nothing.json"))
    assert "nothing.csv" in refused(called(folder, history="nothing.csv"))
    assert "nothing.toml" in refused(called(folder, "--mapping", str(folder / "nothing.toml")))
    assert refused(called(folder, history=".", condition="condition.json"))
    assert refused(called(folder, condition="."))


def test_faulty_rows_are_refused_unless_left_out_on_purpose(folder: Path) -> None:
    (folder / "faulty.csv").write_text("declaration_id,hs_code,net_mass_kg\nA,61,1\nB,61,heavy\n")
    assert "row 2, column net_mass_kg: 'heavy'" in refused(called(folder, "--json", history="faulty.csv"))
    result = called(folder, "--json", "--skip-faulty", history="faulty.csv")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["items"] == 1
    assert "1 rows cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "sc://cluster:15002"), "sc://cluster:15002 is not available"),
        (("--outcome", "Fraud2"), "no column Fraud2"),
        (("--from", "2020-02-02", "--to", "2020-02-01"), "--from is after --to"),
    ],
)
def test_an_impossible_wish_is_refused_in_one_line(folder: Path, options: tuple[str, ...], said: str) -> None:
    assert said in refused(called(folder, *options))


def test_a_day_that_is_none_is_a_usage_error(folder: Path) -> None:
    result = called(folder, "--from", "2020-02-30")
    assert result.exit_code == 2
    assert "Traceback" not in result.output

"""`flask screen` as the operator and a program use it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.cli.screen import command
from portal.models import Declaration
from portal.store.session import acting, session
from tests.directory import measure, profile_text, put_in_force, starts

N1, N2 = "11/10000/01012026/00001", "14/10130010/01012026/00001"
POINT = "eeu.ru.10100000.10130000.10130010."
AT = ("--at", "2026-06-01T12:00+03:00")
ROWS = """declaration_id,item_no,authority,hs_code,net_mass_kg,item_price,departure_country
D-1,1,10130010,640110,5000,3000,CN
D-1,2,10130010,870323,,100,CN
D-2,1,10130020,640110,5000,3000,NA
D-3,1,05100010,640110,5000,3000,CN
D-4,1,10130010,100000,1,1,CN
"""


@pytest.fixture
def desk(app: Flask) -> Flask:
    app.config["CONTROL_GROUP_SHARE"] = 0
    put_in_force(app, N1, profile_text(starts("64")))
    put_in_force(
        app, N2, profile_text(starts("8703"), measures=[measure("101")]), applies_to=(POINT,), owner=POINT
    )
    return app


def run(app: Flask, folder: Path, *more: str, rows: str = ROWS) -> Result:
    file = folder / "declarations.csv"
    file.write_text(rows, encoding="utf-8")
    return app.test_cli_runner().invoke(command, [str(file), *AT, *more])


def stored(app: Flask) -> int:
    found = 0
    for path in ("eeu.ru.", "eeu.am."):
        with app.app_context(), acting(path, "test", writes=False):
            found += session().scalar(select(func.count(Declaration.id))) or 0
    return found


def test_each_declaration_is_screened_at_its_own_point(desk: Flask, tmp_path: Path) -> None:
    result = run(desk, tmp_path, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    printed = json.loads(result.stdout)
    assert printed["channels"] == {"red": 2, "yellow": 0, "blue": 0, "green": 2}
    found = {one["declaration_id"]: one for one in printed["results"]}
    assert {name: (one["authority"], one["channel"], one["hits"]) for name, one in found.items()} == {
        "D-1": ("10130010", "red", [N1, N2]),
        "D-2": ("10130020", "red", [N1]),
        "D-3": ("05100010", "green", []),
        "D-4": ("10130010", "green", []),
    }
    assert found["D-1"]["reason"] == f"measure 109 of profile {N1}"
    assert found["D-1"]["measures"] == ["109", "101"]
    assert found["D-4"]["reason"] == "no measure was selected"
    assert stored(desk) == 4


def test_a_second_run_changes_nothing(desk: Flask, tmp_path: Path) -> None:
    run(desk, tmp_path)
    result = run(desk, tmp_path, "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert printed["outcomes"] == {"new": 0, "updated": 0, "unchanged": 4, "refused": 0}
    assert stored(desk) == 4


def test_what_was_released_is_refused_and_the_rest_is_done(desk: Flask, tmp_path: Path) -> None:
    run(desk, tmp_path)
    changed = ROWS.replace("100000", "640110").replace("D-2,1,10130020,640110", "D-2,1,10130020,100000")
    result = run(desk, tmp_path, rows=changed)
    assert result.exit_code == 1
    why = "it was released already, and what is presented now differs"
    said = f"1 of 4 declarations were refused; the first is D-4: {why}"
    assert result.stderr == f"Error: {said}\n"
    assert "Updated: 1" in result.stdout
    assert "red                    1" in result.stdout


def test_the_authority_may_be_given_for_all(desk: Flask, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[columns]\n"No" = "declaration_id"\n"Code" = "hs_code"\n[constants]\ndirection = "import"\n'
    )
    rows = "No,Code,Office\nX-1,870323,30\n"
    result = run(desk, tmp_path, "--mapping", str(mapping), "--authority", "10130010", "--json", rows=rows)
    assert (result.exit_code, json.loads(result.stdout)["results"][0]["hits"]) == (0, [N2])


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (ROWS, ("--authority", "10000000"), "10000000 takes no declarations"),
        (ROWS, ("--authority", "99999999"), "no authority 99999999"),
        ("declaration_id\nD-1\n", (), "declaration D-1 names no customs point"),
        ("declaration_id,authority\nD-1,77\n", (), "no authority 77"),
        (
            "declaration_id,hs_code\nD-1,6x\n",
            ("--authority", "10130010"),
            "1 rows cannot be read; the first is row 1",
        ),
        ("hs_code\n640110\n", ("--authority", "10130010"), "no column is mapped to declaration_id"),
        ("declaration_id\n", ("--authority", "10130010"), "declarations.csv has no declarations"),
        (ROWS, ("--at", "yesterday"), "Not a moment"),
        (ROWS, ("--mapping", "/nowhere.toml"), "nowhere.toml cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    desk: Flask, tmp_path: Path, rows: str, more: tuple[str, ...], said: str
) -> None:
    result = run(desk, tmp_path, *more, rows=rows)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert stored(desk) == 0


def test_more_than_a_transaction_holds(desk: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["portal.cli.screen"], "BATCH", 3)
    rows = "declaration_id,hs_code\n" + "".join(f"D-{n},640110\n" for n in range(8))
    result = run(desk, tmp_path, "--authority", "10130010", "--json", rows=rows)
    assert json.loads(result.stdout)["channels"]["red"] == 8
    assert stored(desk) == 8

"""`flask levels` prints the tree, and founds authorities where their level may stand."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.cast import AUTHORITIES

NEW = ["levels", "add", "--code", "10120000", "--level", "regional", "--under", "10000000", "--name", "North house",
       "--zone", "Europe/Moscow"]  # fmt: skip


def test_the_tree_stands_in_order_with_its_units(app: Flask) -> None:
    lines = app.test_cli_runner().invoke(args=["levels", "tree"]).output.splitlines()
    authorities = [line for line in lines if "·" not in line]
    assert authorities[0] == "00000000  Eurasian Economic Union  (union)"
    assert "      10130000  Moscow customs house  (regional customs, RU)" in authorities
    assert len(authorities) == len(AUTHORITIES)
    house = next(number for number, line in enumerate(lines) if line.strip().startswith("10130000"))
    assert lines[house + 1 : house + 4] == [
        "          · Goods unit (directions 1, 2)",
        "          · Value unit (directions 6, 7)",
        "          · Risk unit (coordination unit)",
    ]


def test_the_tree_as_json(app: Flask) -> None:
    found = json.loads(app.test_cli_runner().invoke(args=["levels", "tree", "--json"]).output)
    assert {one["path"]: one["code"] for one in found} == {
        path: line[0] for path, line in AUTHORITIES.items()
    }
    assert found[0]["units"] == []


def test_an_authority_is_founded_with_its_registers(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=NEW)
    assert (answer.exit_code, answer.output) == (0, "10120000 founded at eeu.ru.10120000.\n")
    found = json.loads(app.test_cli_runner().invoke(args=["levels", "tree", "--json"]).output)
    new = next(one for one in found if one["code"] == "10120000")
    assert (new["state"], [unit["coordination"] for unit in new["units"]]) == ("RU", [True])
    answer = app.test_cli_runner().invoke(args=["registers", "verify"])
    assert answer.output == "21 registers with 0 lines hold\n"
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--code": "12"}, "no code of eight digits"),
        ({"--code": "10130000"}, "already"),
        ({"--under": "99999999"}, "No authority has the code '99999999'"),
        ({"--level": "point"}, "point may not stand under central"),
        ({"--level": "central", "--under": "00000000"}, "needs --state"),
        ({"--zone": "Europe/Nowhere"}, "Europe/Nowhere"),
    ],
)
def test_what_may_not_stand_there_is_refused(app: Flask, changed: dict[str, str], said: str) -> None:
    arguments = list(NEW)
    for option, value in changed.items():
        arguments[arguments.index(option) + 1] = value
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1

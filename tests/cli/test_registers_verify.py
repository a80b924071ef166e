"""`flask registers verify` passes a true register and names each fault of a false one."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import text

from tests.office import Office
from tests.servers import unwalled


@pytest.fixture
def registered(app: Flask) -> Flask:
    office = Office(app)
    for _ in range(2):
        office.registered_draft()
    return app


def spoil(app: Flask, statement: str) -> None:
    with unwalled(app) as connection:
        connection.execute(text(statement))


def test_true_registers_hold(registered: Flask) -> None:
    answer = registered.test_cli_runner().invoke(args=["registers", "verify"])
    assert (answer.exit_code, answer.output) == (0, "19 registers with 2 lines hold\n")


def test_each_fault_has_its_line(registered: Flask) -> None:
    spoil(registered, "UPDATE register SET last_serial = 4 WHERE last_serial = 2")
    answer = registered.test_cli_runner().invoke(args=["registers", "verify"])
    assert answer.exit_code == 1
    assert answer.stderr == "10130000 register of drafts, serial 3: the counter stands at 4\n"


def test_faults_as_json(registered: Flask) -> None:
    spoil(
        registered,
        "UPDATE document SET number = '00/10130/01012026/00009' WHERE number LIKE '%/00001'",
    )
    answer = registered.test_cli_runner().invoke(args=["registers", "verify", "--json"])
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert (found["registers"], found["lines"]) == (19, 2)
    assert {fault["why"] for fault in found["faults"]} == {
        "its document does not bear this number",
        "a document bears it and the register has no line",
    }

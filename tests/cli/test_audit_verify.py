"""`flask audit verify` follows every chain, and holds them against an earlier end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.cast import AUTHORITIES, HOUSE
from tests.office import Office
from tests.servers import unwalled


def tamper(app: Flask, *statements: str) -> None:
    triggers = ("audit_entry_no_update", "audit_entry_no_delete", "audit_head_forward")
    with unwalled(app) as connection:
        for trigger in triggers:
            on = f" ON {'_'.join(trigger.split('_')[:2])}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
        for statement in statements:
            connection.execute(text(statement))


def test_whole_chains_hold(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0
    assert answer.output.startswith(f"{len(AUTHORITIES)} chains with ")


def test_a_break_is_named_with_its_position(app: Flask) -> None:
    Office(app).registered_draft()
    tamper(app, f"UPDATE audit_entry SET action = 'nothing' WHERE authority_path = '{HOUSE}' AND serial = 3")
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert answer.stderr == "10130000 broken at entry 3: its content does not match its hash\n"
    found = json.loads(app.test_cli_runner().invoke(args=["audit", "verify", "--json"]).stdout)
    assert [(one["authority"], one["serial"]) for one in found["breaks"]] == [("10130000", 3)]


def test_a_chain_cut_back_with_its_head_is_seen_against_an_earlier_end(app: Flask, tmp_path: Path) -> None:
    Office(app).registered_draft()
    earlier = tmp_path / "earlier.json"
    earlier.write_text(app.test_cli_runner().invoke(args=["audit", "verify", "--json"]).stdout)
    assert app.test_cli_runner().invoke(args=["audit", "verify", "--against", str(earlier)]).exit_code == 0
    last = next(c["serial"] for c in json.loads(earlier.read_text())["chains"] if c["path"] == HOUSE)
    at = f"authority_path = '{HOUSE}'"
    tamper(
        app,
        f"UPDATE audit_head SET serial = {last - 1}, hash = (SELECT hash FROM audit_entry WHERE {at} AND "
        f"serial = {last - 1}) WHERE {at}",
        f"DELETE FROM audit_entry WHERE {at} AND serial = {last}",
    )
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    answer = app.test_cli_runner().invoke(args=["audit", "verify", "--against", str(earlier)])
    assert answer.exit_code == 1
    assert answer.stderr == f"10130000 broken at entry {last}: the end of the chain is missing\n"


@pytest.mark.parametrize("content", ["", "[]", '{"chains": [{"path": "eeu."}]}'])
def test_a_file_that_is_no_report_is_refused(app: Flask, tmp_path: Path, content: str) -> None:
    (tmp_path / "wrong.json").write_text(content)
    answer = app.test_cli_runner().invoke(args=["audit", "verify", "--against", str(tmp_path / "wrong.json")])
    assert answer.exit_code == 1
    assert "wrong.json is neither a checkpoint nor what `audit verify --json` prints" in answer.stderr


def test_a_missing_authority_is_seen(app: Flask, tmp_path: Path) -> None:
    chains = [{"authority": "x", "path": "eeu.zz.", "serial": 3, "hash": "0"}]
    (tmp_path / "more.json").write_text(json.dumps({"chains": chains}))
    answer = app.test_cli_runner().invoke(args=["audit", "verify", "--against", str(tmp_path / "more.json")])
    assert answer.stderr == "eeu.zz. broken at entry 3: the authority itself is missing\n"

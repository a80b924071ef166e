"""The page for operators tells every check, setting and command as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

import config
from portal.cli import COMMANDS
from portal.upkeep import doctor

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_checks_is_the_doctors() -> None:
    assert doctor.meanings() in PAGE, "run `flask doctor --explain` and put its table into docs/operation.md"


def test_every_check_is_named_once_and_says_what_to_do() -> None:
    names = [check.name for check in doctor.CHECKS]
    assert len(set(names)) == len(names) >= 20
    for check in doctor.CHECKS:
        assert check.holds.endswith("."), check.name
        assert check.do.endswith("."), check.name
        assert "|" not in check.holds + check.do, "it would break the table"


def test_every_setting_that_is_read_is_told() -> None:
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:PORTAL_|SECRET_KEY|DATABASE_URL|PORT)[A-Z_]*)"', source)) - {
        "PORTAL_NEW_PASSWORD"
    }
    assert len(read) >= 11
    assert {name for name in read if f"`{name}`" not in README} == set()
    told = PAGE.partition("### Secrets")[2].partition("\n#")[0]
    assert [name for name in config.SECRETS if f"`{name}`" not in told] == []


def test_the_commands_of_operation_are_told() -> None:
    there = {command.name for command in COMMANDS}
    for name in ("doctor", "backup", "restore", "read-only", "drain"):
        assert name in there
        assert f"`flask {name}" in PAGE
        assert f"`{name}" in README

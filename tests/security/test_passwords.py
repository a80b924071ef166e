"""How passwords are typed, compared and kept."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.models import Officer
from portal.store.session import acting
from portal.workflow.clock import now
from tests.browser import Browser
from tests.cast import HOUSE, PASSWORD

ROOT = Path(__file__).parents[2]
LOGIN = "10130000.officer.goods"
Browse = Callable[[str], Browser]


def tried(browse: Browse, password: str) -> int:
    form = browse("").get("/sign-in").form("/sign-in")
    return form.submit(False, login=LOGIN, password=password).status


@pytest.mark.parametrize(
    "near",
    [PASSWORD.upper(), PASSWORD.swapcase(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], f"{PASSWORD}x",
     f"{PASSWORD}\x00", PASSWORD.replace("a", "а")],
)  # fmt: skip
def test_a_password_is_taken_exactly_as_typed(browse: Browse, near: str) -> None:
    assert near != PASSWORD
    assert tried(browse, near) == 422
    assert tried(browse, PASSWORD) == 303


def test_a_password_does_not_grow_old(browse: Browse) -> None:
    with time_machine.travel(now() + timedelta(days=1200)):
        assert tried(browse, PASSWORD) == 303


def test_passwords_are_typed_unseen_and_by_password_managers(browse: Browse) -> None:
    soup = browse("").get("/sign-in").soup
    found = [tag for tag in soup.find_all("input") if "password" in str(tag.get("name"))]
    assert len(found) == 1
    assert found[0]["type"] == "password"
    assert found[0].get("autocomplete", "on") != "off"
    assert soup.find("form", attrs={"autocomplete": "off"}) is None


def test_an_account_holds_no_hint_nor_question() -> None:
    for table in Officer.metadata.tables.values():
        names = {column.name for column in table.columns}
        assert not {name for name in names if "hint" in name or "secret_question" in name}
    assert not {"question", "answer"} & {column.name for column in Officer.__table__.columns}


def hashers() -> Iterator[tuple[str, dict[str, int]]]:
    """Each way of hashing that the source names, with its cost."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            if ast.unparse(node.value.func).endswith("PasswordHasher"):
                cost = {str(word.arg): ast.literal_eval(word.value) for word in node.value.keywords}
                yield ast.unparse(node.targets[0]), cost


#: Hashes first passwords alone: random ones of the portal's making, which nobody could guess, changed at first use.
OF_FIRST_PASSWORDS = "FIRST_HASHER"


def test_passwords_are_kept_by_argon2id_at_the_recommended_cost(app: Flask) -> None:
    """At least 19 MiB and two passes (OWASP Password Storage Cheat Sheet). The tests themselves hash more quickly."""
    found = [cost for name, cost in hashers() if name != OF_FIRST_PASSWORDS]
    assert found
    for one in found:
        assert one["memory_cost"] >= 19_456
        assert one["time_cost"] >= 2
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        kept = mine.scalars(select(Officer.password_hash).where(Officer.login == LOGIN)).one()
    assert kept.startswith("$argon2id$v=19$")
    assert PASSWORD not in kept

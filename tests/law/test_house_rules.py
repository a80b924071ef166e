"""Rules of the house that hold for every file, read from the source itself."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from portal.blueprints import BLUEPRINTS
from portal.web.access import MEMBER
from portal.web.blueprint import PortalBlueprint, Undeclared, access_of
from tests.every_file import for_each, name_of

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "portal").rglob("*.py"))
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))
LONGEST = 400

#: The rooms in which the narrowing may be left, each call with its reason in words.
MAY_LEAVE_SCOPE = "portal/store/"

#: Files that set up connections and the wall of the database, and ask for no row.
SPEAK_TO_THE_DATABASE = {f"portal/store/{name}.py" for name in ("engine", "owner", "wall", "second_wall")}

#: Ways to write a statement as words, or on a table that no scope knows.
WORDS_OF_SQL = {"text", "literal_column", "table", "column"}
BARE = ("__table__", "exec_driver_sql", "from_statement")


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a file, read once for all rules."""
    return tuple(ast.walk(ast.parse(text_of(path))))


@cache
def calls(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    return tuple((ast.unparse(node.func), node) for node in nodes(path) if isinstance(node, ast.Call))


@for_each(SOURCES)
def test_a_file_says_what_it_is_for_in_one_sentence(path: Path) -> None:
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    first = (ast.get_docstring(module) or "").split("\n\n")[0].strip()
    assert first.endswith("."), "a file opens with one sentence"
    assert len(text_of(path).splitlines()) <= LONGEST


def test_no_file_beside_the_portal_is_longer_either() -> None:
    beside = [
        path for room in ("bench", "migrations", "scripts", "tests") for path in (ROOT / room).rglob("*.py")
    ]
    assert [name_of(path) for path in beside if len(text_of(path).splitlines()) > LONGEST] == []
    assert len(beside) > 200


@for_each(SOURCES)
def test_only_the_clock_asks_what_time_it_is(path: Path) -> None:
    if name_of(path) == "portal/workflow/clock.py":
        return
    asked = [
        name
        for name, _ in calls(path)
        if re.search(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)$", name)
    ]
    assert asked == []


@for_each(SOURCES)
def test_the_narrowing_is_left_only_in_the_store(path: Path) -> None:
    if name_of(path).startswith(MAY_LEAVE_SCOPE):
        return
    left = [name for name, _ in calls(path) if name in ("unscoped", "raw", "gateway.unscoped", "gateway.raw")]
    assert left == []
    options = [
        keyword.arg
        for _, call in calls(path)
        for keyword in call.keywords
        if keyword.arg in ("unscoped_because", "raw_because")
    ]
    assert options == []


def test_the_gateway_alone_opens_the_door_of_the_second_wall() -> None:
    spoken = {name_of(path) for path in SOURCES if re.search(r"sees_all|SEES_ALL|sees all", text_of(path))}
    assert spoken == {f"portal/store/{name}.py" for name in ("gateway", "policies", "wall")}


@for_each(SOURCES)
def test_no_statement_is_written_as_text_or_on_a_bare_table(path: Path) -> None:
    if name_of(path) in SPEAK_TO_THE_DATABASE or name_of(path).startswith(
        ("portal/screening/", "portal/models/", "portal/upkeep/")
    ):  # to the operator's room an import contract lets commands alone
        return
    bare = [n.attr for n in nodes(path) if isinstance(n, ast.Attribute) and n.attr in BARE]
    assert bare == []
    imported = [
        name.name
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for name in node.names
        if name.name in WORDS_OF_SQL
    ]
    assert imported == []
    assert [name for name, _ in calls(path) if name.split(".")[-1] in WORDS_OF_SQL - {"text"}] == []
    assert [name for name, _ in calls(path) if name in ("text", "sa.text", "sqlalchemy.text")] == []
    connections = [n for n, _ in calls(path) if n.endswith((".connection", ".get_bind", ".raw_connection"))]
    assert connections == []


def test_every_template_compiles(plain_app: Flask) -> None:
    for path in TEMPLATES:
        plain_app.jinja_env.parse(text_of(path), name_of(path))


@for_each(TEMPLATES)
def test_a_template_imports_no_macros(path: Path) -> None:
    assert not re.search(r"{%-?\s*(import|from)\b", text_of(path))


@for_each(TEMPLATES)
def test_a_template_has_nothing_that_the_policy_forbids(path: Path) -> None:
    source = text_of(path)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|\bhx-on\b|javascript:|hx-vars|\bjs:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"https?://", source), "everything is served by the portal itself"


def test_every_route_declares_who_may_come_in(plain_app: Flask) -> None:
    declared = access_of(plain_app)
    undeclared = {r.endpoint for r in plain_app.url_map.iter_rules() if r.endpoint not in declared}
    assert undeclared == {"static"}


def test_every_route_under_an_authority_begins_with_its_code(plain_app: Flask) -> None:
    for rule in plain_app.url_map.iter_rules():
        if access_of(plain_app).get(rule.endpoint) and access_of(plain_app)[rule.endpoint].posts:
            assert rule.rule.startswith("/<code>"), rule.rule


def test_the_lines_of_the_navigation_lead_somewhere(plain_app: Flask) -> None:
    from portal.web.navigation import ENTRIES

    assert {endpoint for _, _, endpoint in ENTRIES} <= set(plain_app.view_functions)


def test_a_route_without_access_is_refused() -> None:
    blueprint = PortalBlueprint("x", __name__)
    with pytest.raises(Undeclared):
        blueprint.add_url_rule("/a", view_func=lambda: "")
    with pytest.raises(Undeclared):
        blueprint.get("/b")(lambda: "")


def test_a_rule_about_posts_needs_an_authority() -> None:
    from portal.web.access import OFFICE

    with pytest.raises(Undeclared):
        PortalBlueprint("x", __name__).add_url_rule("/a", "a", lambda: "", access=OFFICE)
    PortalBlueprint("y", __name__).add_url_rule("/<code>/a", "a", lambda: "", access=MEMBER)


def test_each_folder_of_pages_is_registered() -> None:
    folders = {p.parent.name for p in (ROOT / "portal" / "blueprints").glob("*/__init__.py")}
    assert {blueprint.name for blueprint in BLUEPRINTS} == folders


def test_every_guard_stands_where_its_table_says() -> None:
    """`scripts/remove_guards.py` takes them out in turn; a line that has moved would be removed from nowhere."""
    table = tomllib.loads((ROOT / "scripts" / "guards.toml").read_text("utf-8"))["guard"]
    assert len(table) > 60
    moved = [one["what"] for one in table if (ROOT / one["file"]).read_text("utf-8").count(one["line"]) != 1]
    assert moved == []
    assert [name for one in table for name in one["tests"].split() if not (ROOT / name).exists()] == []

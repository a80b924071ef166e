"""Migrations run beside the code before them, and lead up, down and up again with data in the tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select, table, text

from portal import create_app
from portal.extensions import db
from portal.store import owner, readiness
from tests.conftest import SETTINGS, environment
from tests.furnished import furnish

VERSIONS = sorted((Path(__file__).parents[2] / "migrations" / "versions").glob("[0-9]*.py"))
#: Written before there was a release that one could run beside; 0005 drops a column.
BEFORE_THE_FIRST_RELEASE = ("0001", "0002", "0003", "0004", "0005", "0006")
#: Acts that the code before a migration would stumble over, by the last part of their names.
BREAKING = {
    "drop_column": "drops a column that the code before still reads",
    "drop_table": "drops a table that the code before still reads",
    "rename_table": "renames a table that the code before still reads",
}
SPOKEN = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN)|RENAME|ALTER\s+COLUMN|SET\s+NOT\s+NULL|(?<!BEFORE )TRUNCATE)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Migration:
    """One file, as its source has it."""

    name: str
    tree: ast.Module

    def value(self, name: str) -> object:
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
                return ast.literal_eval(node.value)
        raise AssertionError(f"{self.name} does not say its {name}")

    def upwards(self) -> Iterator[ast.Call]:
        """The calls of `upgrade` and of the functions that it calls."""
        functions = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        waiting, seen = ["upgrade"], {"downgrade"}
        while waiting:
            name = waiting.pop()
            if name in seen or name not in functions:
                continue
            seen.add(name)
            for node in ast.walk(functions[name]):
                if isinstance(node, ast.Call):
                    yield node
                    waiting.append(ast.unparse(node.func))


def faults(migration: Migration) -> list[str]:
    """What the code before this migration would stumble over."""
    return [f"{migration.name}: {why}" for call in migration.upwards() if (why := _fault(call))]


def _fault(call: ast.Call) -> str:
    act = ast.unparse(call.func).rpartition(".")[2]
    given = {word.arg: word.value for word in call.keywords}
    if act in BREAKING:
        return BREAKING[act]
    if act == "alter_column":
        harmful = [name for name in ("new_column_name", "type_") if name in given]
        harmful += ["nullable=False"] if _is(given.get("nullable"), False) else []
        return f"alters a column under the code before: {', '.join(harmful)}" if harmful else ""
    if act == "add_column":
        return _added(call)
    if act == "execute":
        return "says DROP, RENAME or ALTER COLUMN itself" if SPOKEN.search(ast.unparse(call)) else ""
    return ""


def _added(call: ast.Call) -> str:
    """A new column must be one that an INSERT of the code before may leave out."""
    for column in [arg for arg in call.args if isinstance(arg, ast.Call)]:
        given = {word.arg: word.value for word in column.keywords}
        if _is(given.get("nullable"), False) and "server_default" not in given:
            return "adds a column that the code before does not fill"
    return ""


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def migration(path: Path) -> Migration:
    return Migration(path.stem, ast.parse(path.read_text()))


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_runs_beside_the_code_before_it(path: Path) -> None:
    found = migration(path)
    if found.value("revision") not in BEFORE_THE_FIRST_RELEASE:
        assert faults(found) == []


def test_the_law_sees_what_it_forbids() -> None:
    """0005 was written before the law, and breaks it."""
    (old,) = (migration(path) for path in VERSIONS if path.stem.startswith("0005"))
    assert faults(old) == ["0005_issuer_by_path: drops a column that the code before still reads"]


@pytest.mark.parametrize(
    ("line", "harms"),
    [
        ("op.drop_table('a')", True),
        ("batch.drop_column('a')", True),
        ("op.alter_column('a', 'b', new_column_name='c')", True),
        ("op.alter_column('a', 'b', nullable=False)", True),
        ("op.alter_column('a', 'b', type_=sa.Text)", True),
        ("op.alter_column('a', 'b', nullable=True)", False),
        ("op.add_column('a', sa.Column('b', sa.Integer, nullable=False))", True),
        ("op.add_column('a', sa.Column('b', sa.Integer, nullable=False, server_default='0'))", False),
        ("op.add_column('a', sa.Column('b', sa.Integer))", False),
        ("op.execute('ALTER TABLE a DROP COLUMN b')", True),
        ("op.execute(f'alter table {a} rename to b')", True),
        ("op.execute('TRUNCATE a')", True),
        ("op.execute('CREATE TRIGGER t BEFORE TRUNCATE ON a EXECUTE FUNCTION f()')", False),
        ("op.execute('CREATE INDEX i ON a (b)')", False),
        ("op.create_table('a', sa.Column('b', sa.Integer, nullable=False))", False),
    ],
)
def test_what_harms_the_code_before(line: str, harms: bool) -> None:
    source = f"def upgrade():\n    _part()\n\ndef _part():\n    {line}\n\ndef downgrade():\n    op.drop_table('a')\n"
    assert bool(faults(Migration("trial", ast.parse(source)))) is harms


def test_the_migrations_are_one_line_and_none_goes_only_up() -> None:
    before = {migration(path).value("revision"): migration(path).value("down_revision") for path in VERSIONS}
    assert len(before) == len(VERSIONS)
    assert len(set(before.values())) == len(before), "two migrations follow one"
    assert set(before.values()) - {None} == set(before) - {readiness.head()}
    for path in VERSIONS:
        (down,) = (
            n for n in migration(path).tree.body if isinstance(n, ast.FunctionDef) and n.name == "downgrade"
        )
        assert any(isinstance(node, ast.Call) for node in ast.walk(down)), f"{path.stem} does not go down"


def test_the_tables_are_those_of_the_models(app: Flask) -> None:
    with app.app_context():
        check()


def shape(app: Flask) -> dict[str, tuple[object, ...]]:
    """Columns, keys, indexes and triggers of every table, as the database tells them."""
    with app.app_context(), db.engine.connect() as connection:
        there = inspect(connection)
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "postgresql":
            asked = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        found: dict[str, tuple[object, ...]] = {
            name: (
                sorted((c["name"], str(c["type"]), c["nullable"]) for c in there.get_columns(name)),
                sorted(str(k["name"]) for k in there.get_foreign_keys(name)),
                sorted(str(i["name"]) for i in there.get_indexes(name)),
            )
            for name in there.get_table_names()
        }
        found["triggers"] = (sorted(connection.execute(text(asked)).scalars()),)
    return found


def rows(app: Flask) -> dict[str, int]:
    with app.app_context(), owner.copying() as connection:
        assert owner.unseen(connection) == []
        names = inspect(connection).get_table_names()
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


@pytest.mark.slow
def test_every_step_leads_down_and_up_again_with_data_in_the_tables(app: Flask, tmp_path: Path) -> None:
    furnish(app, tmp_path)
    before, filled = shape(app), rows(app)
    assert sum(count > 0 for count in filled.values()) > 25, "the tables hold data"
    order = [script.revision for script in readiness.scripts().walk_revisions()]
    with app.app_context():
        for earlier in order[1 : order.index("0001") + 1]:  # down one by one, and each time up and down again
            downgrade(revision=earlier)
            upgrade(revision=order[order.index(earlier) - 1])
            downgrade(revision=earlier)
        stayed = set(inspect(db.engine).get_table_names())
        upgrade()
        check()
        db.engine.dispose()
    assert shape(app) == before
    assert sum(filled[name] > 0 for name in stayed) > 20, (
        "what is before 0001 makes these tables, and is led to nothing"
    )
    kept = {name: count if name in stayed else 0 for name, count in filled.items()}
    assert rows(app) == kept, "no row is lost on the way but those of tables that were taken back"


@pytest.mark.slow
def test_they_lead_to_nothing_and_back(app: Flask) -> None:
    before = shape(app)
    with app.app_context():
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        db.engine.dispose()
    assert shape(app) == before


def test_an_empty_database_is_led_to_the_head(tmp_path: Path) -> None:
    made = create_app(SETTINGS, environment(f"sqlite:///{tmp_path / 'new.db'}", tmp_path))
    with made.app_context():
        assert readiness.revision() is None
        upgrade()
        assert readiness.revision() == readiness.head()
        db.engine.dispose()

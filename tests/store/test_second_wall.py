"""PostgreSQL's own wall: what the running portal's role sees and writes on a bare connection, past the gateway."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from portal.extensions import db
from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.models import Authority, HandedDown, HandedUp, Officer, Tenant, Unit, ValueList
from portal.store import policies, wall
from portal.store.gateway import Escape, unscoped
from portal.store.session import acting, scope_of, session
from tests.cast import AUTHORITIES, HOUSE
from tests.servers import unwalled
from tests.walls import LIST, PERMISSION, UNIT, bare, everywhere, heard, refused

pytestmark = pytest.mark.postgres

RTU = "eeu.ru.10100000."
TABLES = policies.tables()
MOVED = psycopg.errors.IntegrityConstraintViolation.sqlstate


# --- the rules, three times ---------------------------------------------------------------------------------


def by_the_book(scope: Scope, model: type[Tenant], row: dict[str, Any]) -> bool:
    """Whether a scope reads a row, from the words of the three ways to belong and no line of the store."""
    home, own = scope.home.text, row["authority_path"]
    mine = own.startswith(home) if scope.reads_below else own == home
    if issubclass(model, HandedDown):
        applies = row["applies_to"]
        return mine or home.startswith(applies) or (scope.reads_below and applies.startswith(home))
    return mine or (issubclass(model, HandedUp) and row["addressee_path"] == home)


def test_every_scope_sees_of_every_table_what_the_book_says(filled: Flask) -> None:
    """Each authority × each table with a row of each tenant: the wall, the gateway and the book agree."""
    with unwalled(filled) as connection:
        stored = {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]
            for name in TABLES
        }
    assert all(stored.values())
    hidden = 0
    for path in AUTHORITIES:
        with bare(filled, path) as connection, filled.app_context(), acting(path, "t", writes=False) as mine:
            for name, model in TABLES.items():
                book = {row["id"] for row in stored[name] if by_the_book(scope_of(path), model, row)}
                assert set(connection.execute(text(f"SELECT id FROM {name}")).scalars()) == book, (path, name)
                assert set(mine.scalars(select(model.id))) == book, (path, name)  # type: ignore[attr-defined]
                hidden += len(stored[name]) - len(book)
    assert hidden > 1_000


def test_without_a_scope_nothing_is_seen(filled: Flask) -> None:
    with bare(filled) as connection:
        assert {connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES} == {
            0
        }


@pytest.mark.parametrize("setting", ["", "eeu._u.", "eeu.%", "%", ".", "eeu.ru", "e"])
def test_a_scope_that_is_none_opens_nothing(filled: Flask, setting: str) -> None:
    """Wildcards are letters here, and the last dot keeps `rtu1` from covering `rtu10`."""
    with bare(filled) as connection:
        connection.execute(text("SELECT set_config('portal.scope_home', :v, true)"), {"v": setting})
        connection.execute(text("SELECT set_config('portal.scope_covering', :v, true)"), {"v": setting})
        for name in TABLES:
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name
    with pytest.raises(ValueError, match="not an authority path"):
        AuthorityPath(setting)


def test_a_scope_ends_with_its_transaction(filled: Flask) -> None:
    with filled.app_context():
        engine = db.engine
    for end in ("commit", "rollback"):
        with engine.connect() as connection:
            wall.admit(connection, scope_of(RTU))
            assert connection.execute(text("SELECT count(*) FROM unit")).scalar_one() > 0
            getattr(connection, end)()
            assert connection.execute(text("SELECT count(*) FROM unit")).scalar_one() == 0


def test_a_savepoint_keeps_the_scope_and_a_new_transaction_takes_it_again(filled: Flask) -> None:
    with filled.app_context(), acting(RTU, "test", writes=False) as mine:
        count = mine.scalar(select(func.count(Unit.id)))
        nested = mine.begin_nested()
        assert mine.scalar(select(func.count(Unit.id))) == count
        nested.rollback()
        assert mine.scalar(select(func.count(Unit.id))) == count
        mine.rollback()
        assert mine.scalar(select(func.count(Unit.id))) == count


def test_the_planner_expects_what_a_scope_reads(filled: Flask) -> None:
    """Behind a policy LIKE is taken to fit hardly a row, and tables of millions are then joined row by row."""
    with unwalled(filled) as connection:
        connection.execute(text("ANALYZE officer"))
    with (
        bare(filled, "eeu.ru.") as connection,
        filled.app_context(),
        acting("eeu.ru.", "t", writes=False) as mine,
    ):
        with heard(connection.engine) as sent:
            read = len(mine.scalars(select(Officer.id)).all())
        statement, parameters = sent[-1]
        plan = connection.exec_driver_sql("EXPLAIN (FORMAT JSON) " + statement, parameters).scalar_one()
    assert read >= 6
    assert plan[0]["Plan"]["Plan Rows"] >= read / 4


# --- writing ------------------------------------------------------------------------------------------------

SUMMARY = (
    "INSERT INTO state_summary (authority_path, addressee_path, state, day, computed_at, figures) "
    "VALUES ('{}', '{}', 'RU', '2020-01-01', now(), '{{}}')"
)


def test_what_is_ones_own_is_written(filled: Flask) -> None:
    """The opposite of every refusal below."""
    with bare(filled, RTU) as connection:
        for statement in (
            UNIT.format(RTU),
            LIST.format(RTU, HOUSE),
            LIST.format(HOUSE, "").replace("'x'", "'not handed down yet'"),
            SUMMARY.format(RTU, "eeu."),
        ):
            assert connection.execute(text(statement)).rowcount == 1
        assert connection.execute(text("UPDATE unit SET name_en = name_en || '!'")).rowcount > 0
        assert connection.execute(text("DELETE FROM value_list")).rowcount > 0


@pytest.mark.parametrize(
    "statement",
    [
        *(
            UNIT.format(path)
            for path in ("eeu.am.", "eeu.ru.", "eeu.", "eeu.ru.10110000.", "", "eeu.ru.10100000")
        ),
        LIST.format(RTU, "eeu.am."),
        LIST.format(RTU, "eeu.ru."),
        LIST.format(HOUSE, RTU),
        LIST.format(RTU, RTU + "x"),
        SUMMARY.format(RTU, "eeu.am."),
        SUMMARY.format(RTU, HOUSE),
        SUMMARY.format(RTU, RTU),
        SUMMARY.format(RTU, "eeu"),
        f"UPDATE value_list SET applies_to = 'eeu.am.' WHERE authority_path = '{RTU}'",
        "INSERT INTO unit SELECT id, authority_id, 'x', 'x', directions, is_coordination, 'eeu.am.' FROM unit",
    ],
)
def test_new_rows_elsewhere_are_refused(filled: Flask, statement: str) -> None:
    with bare(filled, RTU) as connection:
        assert refused(connection, statement) == PERMISSION


@pytest.mark.parametrize("path", ["eeu.am.", "eeu.ru.", "eeu.ru.10100000.10130000."])
def test_a_row_is_not_moved_even_within_the_scope(filled: Flask, path: str) -> None:
    with bare(filled, RTU) as connection:
        move = f"UPDATE unit SET authority_path = '{path}' WHERE authority_path = '{RTU}'"
        assert refused(connection, move) == MOVED
        stays = f"UPDATE unit SET authority_path = authority_path WHERE authority_path = '{RTU}'"
        assert connection.execute(text(stays)).rowcount > 0


@pytest.mark.parametrize("name", TABLES)
def test_foreign_rows_are_neither_changed_nor_deleted_nor_locked(filled: Flask, name: str) -> None:
    """By their keys, as an identity map, a forged row or a bulk update by key would address them."""
    with unwalled(filled) as connection:
        foreign = f"WHERE id IN (SELECT id FROM {name} WHERE NOT starts_with(authority_path, '{RTU}'))"
        ids = connection.execute(text(f"SELECT id FROM {name} {foreign}")).scalars().all()
    assert ids
    with bare(filled, RTU) as connection:
        keys = {"ids": ids}
        for statement in (
            f"UPDATE {name} SET id = id WHERE id = ANY(:ids)",
            f"DELETE FROM {name} WHERE id = ANY(:ids)",
            f"SELECT id FROM {name} WHERE id = ANY(:ids) FOR UPDATE",
        ):
            assert touched(connection, statement, keys) == 0, statement


def touched(connection: Connection, statement: str, keys: dict[str, Any]) -> int:
    """How many rows a statement finds, which is rolled back; none where the right to it is not granted."""
    savepoint = connection.begin_nested()
    try:
        found = connection.execute(text(statement), keys)
        return len(found.all()) if found.returns_rows else found.rowcount
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == PERMISSION:
            return 0
        raise
    finally:
        savepoint.rollback()


def test_a_foreign_row_is_not_overwritten_by_its_key(filled: Flask) -> None:
    with unwalled(filled) as connection:
        key = connection.execute(
            text("SELECT min(id) FROM unit WHERE authority_path = 'eeu.am.'")
        ).scalar_one()
    upsert = (
        "INSERT INTO unit (id, authority_path, authority_id, name_en, name_ru, directions, is_coordination) "
        f"VALUES ({key}, '{RTU}', 1, 'x', 'x', '[]', false) ON CONFLICT (id) DO UPDATE SET name_en = 'x'"
    )
    with bare(filled, RTU) as connection:
        assert refused(connection, upsert) == PERMISSION


def test_what_is_copied_out_is_ones_own(filled: Flask) -> None:
    with bare(filled, RTU) as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        with raw.cursor() as cursor, cursor.copy("COPY unit (authority_path) TO STDOUT") as copy:
            assert {str(row[0]) for row in copy.rows()} == {p for p in AUTHORITIES if p.startswith(RTU)}


# --- the door of the gateway --------------------------------------------------------------------------------


def test_a_statement_that_the_gateway_marks_sees_the_tables_that_it_names(filled: Flask) -> None:
    with filled.app_context(), acting(RTU, "test", writes=False) as mine:
        own, all_units, all_officers = (
            mine.scalar(select(func.count(Unit.id))),
            mine.scalar(unscoped(select(func.count(Unit.id)), "a test")),
            mine.scalar(unscoped(select(func.count(Officer.id)), "a test")),
        )
        own_officers = mine.scalar(select(func.count(Officer.id)))
        assert all_units > own > 0  # type: ignore[operator]
        assert all_officers > own_officers > 0  # type: ignore[operator]
        hidden = literal_column("(SELECT count(*) FROM officer)")
        found = mine.execute(unscoped(select(func.count(Unit.id), hidden), "a test")).one()
        assert tuple(found) == (all_units, own_officers)


@pytest.mark.parametrize(
    ("statement", "opened"),
    [
        ("/* sees all: unit */ SELECT authority_path FROM unit", True),
        ("/* sees all: officer unit */ SELECT authority_path FROM unit", True),
        ("/* sees all: unit officer */ WITH u AS (SELECT * FROM unit) SELECT authority_path FROM u", True),
        ("/* sees all: officer */ SELECT authority_path FROM unit", False),
        ("/* sees all: units */ SELECT authority_path FROM unit", False),
        ("/* sees all: */ SELECT authority_path FROM unit", False),
        ("SELECT authority_path /* sees all: unit */ FROM unit", False),
        ("SELECT '/* sees all: unit */ SELECT ' || authority_path FROM unit", False),
        (" /* sees all: unit */ SELECT authority_path FROM unit", False),
        ("/* sees all: officer */ SELECT authority_path /* unit */ FROM unit", False),
        ("/* sees all: unit */ UPDATE unit SET name_en = 'x' RETURNING authority_path", False),
        ("/* sees all: unit */ DELETE FROM value_list RETURNING authority_path", False),
        ("/* sees all: unit */ SELECT authority_path FROM unit FOR UPDATE", False),
    ],
)
def test_the_door_opens_for_a_reading_statement_that_begins_by_naming_the_table(
    filled: Flask, statement: str, opened: bool
) -> None:
    with bare(filled) as connection:
        assert bool(everywhere(connection, statement)) is opened


@pytest.mark.parametrize("statement", [UNIT.format("eeu.am."), LIST.format("eeu.am.", "eeu.am.")])
def test_nothing_is_written_through_the_door(filled: Flask, statement: str) -> None:
    with bare(filled, RTU) as connection:
        assert refused(connection, f"/* sees all: unit value_list */ {statement}") == PERMISSION


def test_a_cursor_does_not_hide_how_its_statement_began(filled: Flask) -> None:
    with filled.app_context(), acting(RTU, "test", writes=False) as mine, pytest.raises(Escape):
        mine.execute(unscoped(select(Unit.id), "a test").execution_options(yield_per=10))


def test_a_transaction_tells_its_scope_once(filled: Flask) -> None:
    """One small statement for each transaction that acts for someone; none for the reads of a sign-in."""
    with filled.app_context(), heard(db.engine) as sent:
        found = session()
        for _ in range(3):
            found.execute(unscoped(select(Unit.id), "a test"))
        assert not [one for one in sent if "set_config" in one[0]]
        found.enter(scope_of(RTU))
        found.enter(scope_of(RTU))
        for model in (Unit, Authority, ValueList):
            found.scalars(select(model)).all()
        assert len([one for one in sent if "set_config" in one[0]]) == 1
        found.rollback()
        found.scalars(select(Unit)).all()
        assert len([one for one in sent if "set_config" in one[0]]) == 2

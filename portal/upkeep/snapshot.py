"""Copies a database as it stands at one moment, while others write: SQLite by its own interface, PostgreSQL by COPY."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel, sql

from portal.extensions import db
from portal.upkeep.manifest import Refused

#: The copy of a SQLite database, and the folder of the copied tables of a PostgreSQL one.
FILE, FOLDER = "portal.db", "database"
#: Tables that a restore makes itself.
NOT_COPIED = frozenset({"alembic_version"})
Ask = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Snapshot:
    """What was copied, read from the copy's own moment.

    Attributes:
        history: files of past declarations that its imports name.
    """

    revision: str
    tables: dict[str, dict[str, Any]]
    ends: dict[str, tuple[int, str]]
    history: list[str]


def take(folder: Path) -> Snapshot:
    """Copy the database of the portal into a folder."""
    return _sqlite(folder / FILE) if db.engine.dialect.name == "sqlite" else _postgresql(folder / FOLDER)


def _sqlite(target: Path) -> Snapshot:
    source = sqlite3.connect(str(db.engine.url.database), timeout=60)
    with closing(source), closing(sqlite3.connect(target)) as copy:
        source.backup(copy)  # in one step: one moment, and no writer waits for it
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        tables = {
            name: _described([row[1] for row in copy.execute(f'PRAGMA table_info("{name}")')], copy, name)
            for (name,) in copy.execute(names).fetchall()
            if name not in NOT_COPIED
        }
        found = _read(lambda asked: copy.execute(asked).fetchall(), tables)
    target.chmod(0o600)
    return found


def _described(columns: list[str], copy: sqlite3.Connection, name: str) -> dict[str, Any]:
    (rows,) = copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 - a name of the file's own
    return {"columns": columns, "rows": rows}


def _read(ask: Ask, tables: dict[str, dict[str, Any]]) -> Snapshot:
    return Snapshot(
        str(ask("SELECT version_num FROM alembic_version")[0][0]),
        tables,
        {
            path: (serial, end)
            for path, serial, end in ask("SELECT authority_path, serial, hash FROM audit_head")
        },
        sorted(name for (name,) in ask("SELECT stored_as FROM import_batch WHERE items > 0")),
    )


@contextmanager
def driver() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the PostgreSQL driver, closed afterwards; it refuses to see less than all rows."""
    pooled = db.engine.raw_connection()
    connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
    pooled.detach()  # its settings shall not go back into the pool
    with closing(pooled):
        connection.rollback()
        connection.autocommit = True
        connection.execute("SET row_security = off")
        connection.execute("SET datestyle = ISO")
        connection.autocommit = False
        yield connection


def _postgresql(folder: Path) -> Snapshot:
    folder.mkdir(mode=0o700)
    with driver() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            with connection.transaction():
                tables = {name: _copied(connection, name, folder) for name in _tables(connection)}
                return _read(lambda asked: connection.execute(asked).fetchall(), tables)
        except psycopg.errors.InsufficientPrivilege as error:
            raise Refused(f"this role may not read everything: {error.diag.message_primary}") from error


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    asked = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() "
        "AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return [name for (name,) in connection.execute(asked).fetchall() if name not in NOT_COPIED]


def _copied(connection: psycopg.Connection[Any], name: str, folder: Path) -> dict[str, Any]:
    asked = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"
    )
    columns = [column for (column,) in connection.execute(asked, [name]).fetchall()]
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    wanted = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(listed, sql.Identifier(name))
    target = folder / f"{name}.copy"
    target.touch(mode=0o600)
    with target.open("wb") as file, connection.cursor() as cursor:
        with cursor.copy(wanted) as copy:
            for part in copy:
                file.write(part)
        return {"columns": columns, "rows": cursor.rowcount}

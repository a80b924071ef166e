"""Copies a database as it stands at one moment, while others write: SQLite by its own interface, PostgreSQL by COPY."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from portal.extensions import db
from portal.store import owner
from portal.upkeep.manifest import Refused

#: The copy of a SQLite database, and the folder of the copied tables of a PostgreSQL one.
FILE, FOLDER = "portal.db", "database"
#: Tables that a restore makes itself.
NOT_COPIED = frozenset({"alembic_version"})
NOT_THE_OWNER = "PORTAL_MIGRATION_URL must name the owner of the tables; this role does not see all rows of"
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


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """The PostgreSQL driver's own connection, in the same transaction; what it writes and reads has one form."""
    connection.exec_driver_sql("SET LOCAL datestyle = ISO")
    found: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return found


def _postgresql(folder: Path) -> Snapshot:
    folder.mkdir(mode=0o700)
    with owner.copying() as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if unseen := owner.unseen(connection):
            raise Refused(f"{NOT_THE_OWNER} {unseen[0]}")
        asking = driver(connection)
        try:
            tables = {name: _copied(asking, name, folder) for name in _tables(asking)}
            return _read(lambda asked: asking.execute(asked).fetchall(), tables)
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

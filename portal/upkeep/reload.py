"""Loads the copied tables into an empty PostgreSQL database, which bears no revision until it is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from flask_migrate import downgrade, upgrade
from psycopg import sql
from sqlalchemy import Connection, inspect, text

from portal.store import owner, readiness
from portal.upkeep.manifest import Manifest, Refused
from portal.upkeep.snapshot import driver


class Loading:
    """Tables that are being made and filled; `made` is their true revision, empty while there are none."""

    def __init__(self) -> None:
        self.made = ""

    def load(self, found: Manifest, folder: Path) -> None:
        """Make the tables of the backup's revision, fill them in one transaction, bring them to this version.

        Whoever finds them before they are accepted sees a revision that nobody knows, and does not use them.
        """
        self._upgrade(found.revision)
        _fill_all(found, folder)
        if found.revision != readiness.head():
            _stamp(found.revision)
            self._upgrade(readiness.head())

    def accept(self) -> None:
        """From now on it is the portal's database."""
        _stamp(self.made)

    def forget(self) -> None:
        """Take the tables away again."""
        if not self.made:
            return
        _stamp(self.made)
        downgrade(revision="base")
        with owner.engine().begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))

    def _upgrade(self, revision: str) -> None:
        upgrade(revision=revision)
        self.made = revision
        _stamp(readiness.UNACCEPTED)


def count(connection: Connection, name: str) -> int | None:
    """Rows of a table; None where a later migration has taken it away."""
    if not inspect(connection).has_table(name):
        return None
    return int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())  # noqa: S608


def _stamp(revision: str) -> None:
    with owner.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def _fill_all(found: Manifest, folder: Path) -> None:
    with owner.refilling() as filling:
        connection = driver(filling)
        order = [name for name in _in_order(filling) if name in found.tables]
        for name in reversed(order):  # a migration may have put rows there, which are in the backup too
            if _count(connection, name):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name in order:
            try:
                _fill(connection, name, found.tables[name]["columns"], folder / f"{name}.copy")
            except psycopg.IntegrityError as error:
                raise Refused(f"{name} did not prove true: {error.diag.message_primary}") from error
            _go_on_counting(connection, name, found.tables[name]["columns"])


def _in_order(connection: Connection) -> list[str]:
    """The tables, each after those to which it refers."""
    return [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names() if name]


def _count(connection: psycopg.Connection[Any], name: str) -> int:
    asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
    row = connection.execute(asked).fetchone()
    return int(row[0]) if row else 0


def _fill(connection: psycopg.Connection[Any], name: str, columns: list[str], file: Path) -> None:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    wanted = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), listed)
    with file.open("rb") as source, connection.cursor() as cursor, cursor.copy(wanted) as copy:
        while part := source.read(1 << 20):
            copy.write(part)


def _go_on_counting(connection: psycopg.Connection[Any], name: str, columns: list[str]) -> None:
    """New rows get ids above those that are there."""
    if "id" not in columns:
        return
    row = connection.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{name}"']).fetchone()
    if row and row[0]:
        highest = sql.SQL("SELECT setval(%s, max(id)) FROM {} HAVING max(id) IS NOT NULL").format(
            sql.Identifier(name)
        )
        connection.execute(highest, [row[0]])

"""Writes past the portal into its database, as no part of it can: for the tests of those who must notice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import text

from portal.extensions import db
from tests.servers import unwalled


def past_the_portal(app: Flask, *statements: str) -> None:
    """Run statements with no foreign key and no trigger in their way; both stand again afterwards."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with unwalled(app) as connection:
                for statement in ("SET LOCAL session_replication_role = replica", *statements):
                    connection.execute(text(statement))
        else:
            _in_sqlite(str(db.engine.url.database), statements)
        db.engine.dispose()


def _in_sqlite(file: str, statements: Iterable[str]) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, source in triggers:
        connection.execute(source)
    connection.execute("COMMIT")
    connection.close()

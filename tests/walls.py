"""The second wall for the tests: a bare connection of the running portal's role, past the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from portal.extensions import db
from portal.store import wall
from portal.store.session import scope_of

#: SQLSTATE of a right that is not granted, which is also that of a policy which is not kept.
PERMISSION = psycopg.errors.InsufficientPrivilege.sqlstate

UNIT = (
    "INSERT INTO unit (authority_path, authority_id, name_en, name_ru, directions, is_coordination) "
    "VALUES ('{}', 1, 'x', 'x', '[]', false)"
)
LIST = (
    "INSERT INTO value_list (authority_path, applies_to, name, version, members, valid_from) "
    "VALUES ('{}', '{}', 'x', 9, '[]', '2024-01-01')"
)


@contextmanager
def bare(app: Flask, path: str = "") -> Iterator[Connection]:
    """A transaction that acts for the authority at `path`, or for nobody, and is rolled back."""
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        if path:
            wall.admit(connection, scope_of(path))
        yield connection
        connection.rollback()


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements sent inside the block, each with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def refused(connection: Connection, statement: str) -> str:
    """The SQLSTATE with which a statement is refused; what came before it in the transaction stays."""
    savepoint = connection.begin_nested()
    with pytest.raises(DBAPIError) as error:
        connection.execute(text(statement))
    savepoint.rollback()
    return str(error.value.orig.sqlstate)  # type: ignore[union-attr]


def everywhere(connection: Connection, statement: str) -> set[str]:
    """The one column that a statement gives, from whichever authorities it comes."""
    return set(connection.execute(text(statement)).scalars())

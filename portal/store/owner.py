"""Transactions of the role that owns the tables: for migrations, for a copy of the whole and for its restoration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import Connection, Engine, NullPool, create_engine

from portal.extensions import db
from portal.store import second_wall


def engine() -> Engine:
    """The engine of `PORTAL_MIGRATION_URL`, else the portal's own; the caller is within the application."""
    url: str = current_app.config["ENVIRONMENT"].migration_url
    return create_engine(url, poolclass=NullPool) if url else db.engine


@contextmanager
def copying() -> Iterator[Connection]:
    """A transaction that reads the rows of all tenants; the wall stands, and nothing is written past it."""
    with engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL portal.copies_all = 'on'")
        yield connection


@contextmanager
def refilling() -> Iterator[Connection]:
    """A transaction that may fill the tables of all tenants: nobody else sees the wall down, and it ends standing."""
    with engine().begin() as connection:
        if connection.dialect.name == "postgresql":
            second_wall.take_down(connection)
        yield connection
        if connection.dialect.name == "postgresql":
            second_wall.build(connection)

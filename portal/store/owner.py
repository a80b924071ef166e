"""Transactions of the role that owns the tables: for migrations, for a copy of the whole and for its restoration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import Connection, Engine, NullPool, create_engine

from portal.extensions import db
from portal.store import second_wall

#: Tables behind row-level security of which a transaction may miss rows without being told: it does not copy as
#: their owner, or a policy of theirs has been altered.
_UNSEEN = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_roles r ON r.rolname = current_user AND NOT r.rolsuper AND NOT r.rolbypassrls
    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relrowsecurity AND NOT (
        pg_has_role(c.relowner, 'USAGE') AND (NOT c.relforcerowsecurity OR (
            current_setting('portal.copies_all', true) = 'on'
            AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'portal_copies_all')
            AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND NOT polpermissive))))
    ORDER BY c.relname
"""


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


def unseen(connection: Connection) -> list[str]:
    """Tables of which this transaction may not see every row; a copy or a count of them would be half of one."""
    if connection.dialect.name != "postgresql":
        return []
    return list(connection.exec_driver_sql(_UNSEEN).scalars())


@contextmanager
def refilling() -> Iterator[Connection]:
    """A transaction that may fill the tables of all tenants: nobody else sees the wall down, and it ends standing."""
    with engine().begin() as connection:
        if connection.dialect.name == "postgresql":
            second_wall.take_down(connection)
        yield connection
        if connection.dialect.name == "postgresql":
            second_wall.build(connection)

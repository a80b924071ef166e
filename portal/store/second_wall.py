"""Builds the row-level security at the end of a migration, and takes it down before one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from portal.models.base import Base
from portal.store import policies

_MOVES = (
    "CREATE OR REPLACE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a row of %% stays with its authority', TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
_STATE = (
    "SELECT relrowsecurity, relforcerowsecurity, "
    "(SELECT array_agg(polname::text ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid), "
    "(SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = c.oid AND polname = 'portal_read'), "
    "EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = relname || '_stays' AND tgenabled = 'O') "
    "FROM pg_class c WHERE c.oid = to_regclass(%s)"
)
_THERE = "SELECT to_regclass(%s) IS NOT NULL"
#: What a trigger refuses whatever the row: the append-only rule of the migrations, read where it stands.
_REFUSED = (
    "SELECT upper(act) FROM unnest(ARRAY['update', 'delete']) act JOIN pg_trigger "
    "ON tgrelid = to_regclass(%s) AND tgname = %s || '_no_' || act AND tgqual IS NULL AND tgenabled = 'O'"
)
_SEQUENCES = (
    "SELECT s.oid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
    "WHERE s.relkind = 'S' AND d.refobjid = to_regclass(%s)"
)


def faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """Each tenant's table whose wall is not as the models want it, with what is the matter."""
    for table, model in policies.tables().items():
        state = connection.exec_driver_sql(_STATE, (table,)).one_or_none()
        if state is None:
            continue
        enabled, forced, names, mark, stays = state
        if not enabled:
            yield table, "row-level security is off"
        elif not forced:
            yield table, "row-level security does not bind the owner of the table"
        elif names != sorted(policies.policies(table, model)) or mark != policies.mark(table, model):
            yield table, "its policies are not those of the portal"
        elif not stays:
            yield table, "its rows can be moved to another authority"


def build(connection: Connection) -> None:
    """Build the wall of every tenant's table whose wall does not stand, and touch no other."""
    wanted = policies.tables()
    broken = [table for table, _ in faults(connection)]
    if broken:
        connection.exec_driver_sql(_MOVES)
    for table in broken:
        _take_down(connection, table)
        for statement in policies.building(table, wanted[table]):
            connection.exec_driver_sql(statement)


def take_down(connection: Connection) -> None:
    """Take the wall down for the rest of the transaction: a migration must see, and may alter, every row."""
    for table in _present(connection, policies.tables()):
        _take_down(connection, table)
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_move()")


def _take_down(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_stays ON {table}")
    named = "SELECT polname FROM pg_policy WHERE polrelid = to_regclass(%s)"
    quote = connection.dialect.identifier_preparer.quote
    for (name,) in connection.exec_driver_sql(named, (table,)).all():
        connection.exec_driver_sql(f"DROP POLICY {quote(name)} ON {table}")


def grant(connection: Connection, role: str) -> None:
    """Give the role of the running portal what it needs on every table, and nothing that a trigger refuses."""
    to = connection.dialect.identifier_preparer.quote(role)
    for table in _present(connection, sorted(Base.metadata.tables)):
        refused = set(connection.exec_driver_sql(_REFUSED, (table, table)).scalars())
        acts = [act for act in ("SELECT", "INSERT", "UPDATE", "DELETE") if act not in refused]
        connection.exec_driver_sql(f"REVOKE ALL ON {table} FROM {to}")
        connection.exec_driver_sql(f"GRANT {', '.join(acts)} ON {table} TO {to}")
        for sequence in connection.exec_driver_sql(_SEQUENCES, (table,)).scalars():
            connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {sequence} TO {to}")
    for table in _present(connection, ["alembic_version"]):
        connection.exec_driver_sql(f"GRANT SELECT ON {table} TO {to}")


def _present(connection: Connection, names: object) -> list[str]:
    return [name for name in names if connection.exec_driver_sql(_THERE, (name,)).scalar_one()]  # type: ignore[attr-defined]

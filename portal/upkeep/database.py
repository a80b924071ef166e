"""Checks of the database itself: its answer, its tables, its settings, its walls."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from portal.extensions import db
from portal.models import Base
from portal.store import owner, policies, readiness, second_wall
from portal.upkeep.check import Check, Found, Patient, fault, good, unless, warning

ADDED_TO_ONLY = (
    "journal_entry",
    "register_entry",
    "register_note",
    "revision",
    "audit_entry",
    "audit_checkpoint",
    "document_read",
    "administration_entry",
)
NEVER_REMOVED = (
    "document",
    "signature",
    "stage",
    "register",
    "publication",
    "check_result",
    "audit_head",
    "risk_information",
    "authority",
    "unit",
    "officer",
    "post",
    "proposal",
)
#: Triggers that keep journals, registers and the trail from being changed (migrations 0002, 0003, 0008 and 0011).
GUARDS = (
    *(f"{table}_no_{act}" for table in ADDED_TO_ONLY for act in ("update", "delete")),
    *(f"{table}_no_delete" for table in NEVER_REMOVED),
    "audit_head_forward",
    "risk_information_no_update",
    "proposal_decided",
)
_IN_SQLITE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
_IN_POSTGRESQL = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "remote_write", "remote_apply"),
    "server_encoding": ("UTF8",),
}
_POWERS = (
    "SELECT rolname, rolsuper OR rolbypassrls, (SELECT count(*) FROM pg_class c JOIN pg_namespace n "
    "ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r' "
    "AND pg_has_role(c.relowner, 'MEMBER')) FROM pg_roles WHERE rolname = current_user"
)


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def answers(patient: Patient) -> Found:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return fault(str(getattr(error, "orig", error)).splitlines()[0])
    return good(f"{db.engine.dialect.name} answers")


def tables(patient: Patient) -> Found:
    there = set(inspect(db.engine).get_table_names())
    missing = sorted(set(Base.metadata.tables) - there)
    if readiness.revision() is None:
        return fault("the database has no tables" if missing else "the database bears no revision")
    if readiness.revision() != readiness.head():
        return good(f"{len(there)} tables")  # those of another revision are told by the next check
    return unless((f"{name} is missing" for name in missing), f"{len(there)} tables")


def revision(patient: Patient) -> Found:
    found, head = readiness.revision(), readiness.head()
    if found == head:
        return good(f"at {head}")
    if found in readiness.known():
        return fault(f"at {found}, behind {head}")
    if found == readiness.UNACCEPTED:
        return fault("a restore was not finished")
    return fault(f"at {found}, which this code does not know: ahead of {head}")


def settings(patient: Patient) -> Found:
    with db.engine.connect() as connection:
        return unless(_wrong_settings(connection), "writes are kept through a loss of power")


def _wrong_settings(connection: Connection) -> Iterator[str]:
    if _sqlite():
        for name, wanted in _IN_SQLITE.items():
            found = str(connection.execute(text(f"PRAGMA {name}")).scalar())
            if found != wanted:
                yield f"{name} is {found}"
        return
    for name, allowed in _IN_POSTGRESQL.items():
        found = str(connection.execute(text(f"SHOW {name}")).scalar())
        if found not in allowed:
            yield f"{name} is {found}"


def guards(patient: Patient) -> Found:
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if not _sqlite():
        asked = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with db.engine.connect() as connection:
        there = set(connection.execute(text(asked)).scalars())
    return unless(
        (f"{name} is missing" for name in GUARDS if name not in there), f"{len(GUARDS)} guards stand"
    )


def wall(patient: Patient) -> Found:
    if _sqlite():
        return good("SQLite has none")
    with db.engine.connect() as connection:
        return unless(gaps(connection), f"it stands before {len(policies.tables())} tables")


def gaps(connection: Connection) -> Iterator[str]:
    """Where the row-level security of PostgreSQL is not as the models want it."""
    if connection.dialect.name == "postgresql":
        yield from (f"{table}: {what}" for table, what in second_wall.faults(connection))


def role(patient: Patient) -> Found:
    """Whether the role that serves can pass the second wall, or take it down."""
    if _sqlite() or not patient.environment.production:
        return good("SQLite has no roles" if _sqlite() else "outside production any role will do")
    with db.engine.connect() as connection:
        name, passes, owns = connection.execute(text(_POWERS)).one()
    if passes:
        return fault(f"{name} is a superuser or bypasses row-level security")
    return warning(f"{name} owns {owns} tables") if owns else good(f"{name} owns nothing and passes no wall")


def foreign_keys(patient: Patient) -> Found:
    with owner.copying() as connection:
        if unseen := owner.unseen(connection):
            return warning(
                f"PORTAL_MIGRATION_URL names no owner of the tables: {unseen[0]} is not seen whole"
            )
        return unless(broken_rows(connection), "every row refers to rows that are there")


def broken_rows(connection: Connection) -> Iterator[str]:
    """Rows that refer to nothing, and rules of the tables that are not in the database."""
    if _sqlite():
        for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"{table} {row} refers to no {parent}"
    elif unseen := owner.unseen(connection):  # a role that may not see all must not find all well
        yield f"{unseen[0]} is not seen whole"
    else:
        yield from _broken_in_postgresql(connection)
    yield from _missing_rules(connection)


def _broken_in_postgresql(connection: Connection) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            parent, child = key.column, key.parent
            count = connection.execute(
                text(
                    f"SELECT count(*) FROM {table.name} AS c WHERE c.{child.name} IS NOT NULL AND NOT EXISTS "  # noqa: S608
                    f"(SELECT 1 FROM {parent.table.name} AS p WHERE p.{parent.name} = c.{child.name})"
                )
            ).scalar()
            if count:
                yield f"{count} of {table.name} refer to no {parent.table.name}"


def _missing_rules(connection: Connection) -> Iterator[str]:
    there = inspect(connection)
    for table in Base.metadata.sorted_tables:
        found = {tuple(key["constrained_columns"]) for key in there.get_foreign_keys(table.name)}
        for key in table.foreign_key_constraints:
            if tuple(key.column_keys) not in found:
                yield f"{table.name} has lost the rule about {', '.join(key.column_keys)}"


CHECKS = (
    Check(
        "database.answers",
        "The database answers.",
        "Start it, or mend DATABASE_URL, the network or the password.",
        answers,
        opens=True,
        asks_tables=False,
    ),
    Check(
        "database.tables",
        "The tables are there.",
        "On a new database run `flask prepare`; else restore a backup.",
        tables,
        opens=True,
    ),
    Check(
        "database.revision",
        "The tables are those for which this code was written.",
        "Behind: `flask db upgrade`. Ahead: install the version that made them. Unfinished restore: empty the "
        "database and restore again.",
        revision,
        opens=True,
    ),
    Check(
        "database.settings",
        "SQLite: write-ahead log, full synchronisation, foreign keys; PostgreSQL: fsync, synchronous commit, UTF-8.",
        "Set it back; see that no other program opens the file or changes the server's settings.",
        settings,
    ),
    Check(
        "database.foreign_keys",
        "Every row refers to rows that are there, and the rules that hold this are in force.",
        "Something wrote past the portal. Go read-only, find it, and restore the last backup that verifies. "
        "Where rows are not seen: set PORTAL_MIGRATION_URL.",
        foreign_keys,
    ),
    Check(
        "database.guards",
        "The triggers stand that keep journals, registers and the trail from being changed.",
        "Find who took them away; compare with the last backup; put them back from the migrations.",
        guards,
    ),
    Check(
        "database.wall",
        "On PostgreSQL row-level security stands before the table of every tenant, as the models want it.",
        "`flask db upgrade` builds it again, as the owner of the tables. Find who took it down.",
        wall,
    ),
    Check(
        "database.role",
        "In production the role that serves on PostgreSQL owns no table and passes no wall.",
        "Give DATABASE_URL a role without powers, and PORTAL_MIGRATION_URL the owner; then `flask db upgrade`.",
        role,
    ),
)

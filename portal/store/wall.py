"""Tells PostgreSQL for whom a transaction acts, on which its row-level security stands as a second wall."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from portal.levels.scope import Scope

#: The option of a statement that the gateway lets see whole tables; its value names them.
SEES_ALL = "sees_all"
#: How such a statement begins. Whatever a visitor types stands further on: nobody forges the beginning.
BEGINS = "/* sees all: {tables} */ "

_SET = (
    "SELECT set_config('portal.scope_home', %s, true), set_config('portal.scope_below', %s, true), "
    "set_config('portal.scope_covering', %s, true)"
)
_POWERS = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"

log = logging.getLogger(__name__)


def admit(connection: Connection, scope: Scope) -> None:
    """Let this transaction, and no later one, see what `scope` may read; SQLite has no second wall."""
    if connection.dialect.name != "postgresql":
        return
    home = scope.home.text
    settings = (home, home if scope.reads_below else "", " ".join(scope.applies_from))
    connection.exec_driver_sql(_SET, settings)


def admit_session(session: Session, scope: Scope) -> None:
    """The same for a session whose transaction has begun already, as that of a sign-in has."""
    if session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        admit(session.connection(), scope)


def marks(tables: Iterable[str]) -> dict[str, str]:
    """The option with which one reading statement sees all rows of the tables that it names."""
    return {SEES_ALL: " ".join(sorted(set(tables)))}


def prepare(engine: Engine, *, warn: bool) -> None:
    """Mark the statements of an engine for PostgreSQL; `warn` when its role could see through the wall."""
    event.listen(engine, "before_cursor_execute", _begin_marked, retval=True)
    if warn:
        event.listen(engine, "connect", _warn_of_powers, once=True)


def _begin_marked(
    connection: object, cursor: object, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    tables = context.execution_options.get(SEES_ALL) if context is not None else None
    return (BEGINS.format(tables=tables) + statement if tables else statement), parameters


def _warn_of_powers(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        powerful = cursor.execute(_POWERS).fetchone()
    connection.rollback()
    if powerful and powerful[0]:
        log.warning(
            "the role of DATABASE_URL is a superuser or bypasses row-level security: the second wall does not "
            "stand; give the portal a role without these powers (README, PostgreSQL in production)"
        )

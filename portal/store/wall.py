"""Tells PostgreSQL for whom a transaction acts, on which its row-level security stands as a second wall."""

from __future__ import annotations

import logging
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Compiled, Connection, Engine, event
from sqlalchemy.orm import Session

from portal.levels.scope import Scope
from portal.store.policies import BEGINS, tenants_in

#: The option of a statement that the gateway lets see the whole of the tables which it names.
SEES_ALL = {"sees_all": True}

_SET = (
    "SELECT set_config('portal.scope_home', %s, true), set_config('portal.scope_below', %s, true), "
    "set_config('portal.scope_covering', %s, true)"
)
_POWERS = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"

#: How the statements begin that were sent before; the engine keeps those in use, and forgets the rest.
_beginnings: WeakKeyDictionary[Compiled, str] = WeakKeyDictionary()

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


def prepare(engine: Engine, *, warn: bool) -> None:
    """Mark the statements of an engine for PostgreSQL; `warn` when its role could see through the wall."""
    event.listen(engine, "before_cursor_execute", _begin_marked, retval=True)
    if warn:
        event.listen(engine, "connect", _warn_of_powers, once=True)


def _begin_marked(
    connection: object, cursor: object, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    if context is not None and context.execution_options.get("sees_all"):
        return _beginning(context.compiled) + statement, parameters
    return statement, parameters


def _beginning(compiled: Compiled) -> str:
    if compiled not in _beginnings:
        named = sorted(set(tenants_in(compiled.statement)))  # type: ignore[arg-type]  # it was compiled from one
        _beginnings[compiled] = BEGINS.format(tables=" ".join(named))
    return _beginnings[compiled]


def _warn_of_powers(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        powerful = cursor.execute(_POWERS).fetchone()
    connection.rollback()
    if powerful and powerful[0]:
        log.warning(
            "the role of DATABASE_URL is a superuser or bypasses row-level security: the second wall does not "
            "stand; give the portal a role without these powers (README, PostgreSQL in production)"
        )

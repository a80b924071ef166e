"""The one door to the tables: every statement of a session is narrowed to the scope of its acting authority."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar
from weakref import WeakSet

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Executable, TextClause, event, inspect, or_, select
from sqlalchemy.orm import FromStatement, ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import visitors

from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.models.base import HandedDown, HandedUp, Kept, Tenant
from portal.store import policies, wall
from portal.store.beneath import Beneath, Within, past
from portal.store.beneath import beneath as beneath


class ScopeMissing(RuntimeError):
    """A statement was sent before the session knew for whom it acts."""


class OutOfScope(RuntimeError):
    """A write touches, or moves a row to, an authority that the scope may not write."""


class Escape(RuntimeError):
    """A statement goes round the narrowing: raw SQL, a bulk write, or whole entities without a scope."""


#: The columns that say to whom a row belongs and who else may read it.
_PLACES = frozenset({"authority_path", "applies_to", "addressee_path"})
#: With so many authorities above it, an authority is a customs house or a point: few stand beneath.
_DEEP = 3
#: Rows asked for in one statement; SQLite takes no more than some thousands of values.
_AT_ONCE = 500
#: Statements that were looked at and pass, by what was looked for: those made once are walked through once.
_no_tenants: WeakSet[Executable] = WeakSet()
_no_entities: WeakSet[Executable] = WeakSet()


class ScopedSession(FlaskSession):
    """A session that acts for one authority; its scope is set once, since loaded rows stay in it."""

    def enter(self, scope: Scope) -> None:
        """Act for the authority of `scope` from now on.

        Raises:
            OutOfScope: the session acts for another authority already.
        """
        known = "scope" in self.info
        if self.info.setdefault("scope", scope) != scope:
            raise OutOfScope("one session acts for one authority")
        if not known:
            wall.admit_session(self, scope)

    def bulk_save_objects(self, *args: Any, **kw: Any) -> None:
        raise Escape("bulk writes pass the guard by; add the objects")

    def bulk_insert_mappings(self, *args: Any, **kw: Any) -> None:
        raise Escape("bulk writes pass the guard by; add the objects")

    def bulk_update_mappings(self, *args: Any, **kw: Any) -> None:
        raise Escape("bulk writes pass the guard by; change the objects")


S = TypeVar("S", bound=Executable)


def unscoped(statement: S, because: str) -> S:
    """Let a statement over single columns see all tenants, for a reason that a reviewer can weigh."""
    return statement.execution_options(unscoped_because=because)


def raw(statement: S, because: str) -> S:
    """Let a statement over tables that belong to no tenant pass (counters, leases, form keys).

    One that names a tenant's table, anywhere in it, is refused when it is sent.
    """
    return statement.execution_options(raw_because=because)


# The criteria below are kept by SQLAlchemy by their code and the texts that they enclose: a function enclosed instead
# would let one authority be given the criteria of another.
def _owned(scope: Scope) -> Any:
    home, pattern, end = _bounds(scope)
    if not scope.reads_below:
        return lambda row: row.authority_path == home
    if _deep(scope):
        return lambda row: Within(row.authority_path, home, end)
    return lambda row: Beneath(row.authority_path, home, pattern)


def _handed_down(scope: Scope) -> Any:
    (home, pattern, end), covering = _bounds(scope), scope.applies_from
    if not scope.reads_below:
        return lambda row: or_(row.authority_path == home, row.applies_to.in_(covering))
    if _deep(scope):
        return lambda row: or_(
            Within(row.authority_path, home, end),
            Within(row.applies_to, home, end),
            row.applies_to.in_(covering),
        )
    return lambda row: or_(
        Beneath(row.authority_path, home, pattern),
        Beneath(row.applies_to, home, pattern),
        row.applies_to.in_(covering),
    )


def _handed_up(scope: Scope) -> Any:
    home, pattern, end = _bounds(scope)
    if not scope.reads_below:
        return lambda row: or_(row.authority_path == home, row.addressee_path == home)
    if _deep(scope):
        return lambda row: or_(Within(row.authority_path, home, end), row.addressee_path == home)
    return lambda row: or_(Beneath(row.authority_path, home, pattern), row.addressee_path == home)


def _bounds(scope: Scope) -> tuple[str, str, str]:
    """The path of the acting authority; the pattern of all beneath it, and the first text after them."""
    home = scope.home.text
    return home, beneath(home), past(home)


def _deep(scope: Scope) -> bool:
    return len(scope.home.above) >= _DEEP


@event.listens_for(ScopedSession, "after_begin")
def _tell_the_wall(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    scope: Scope | None = session.info.get("scope")
    if scope is not None and not transaction.nested:  # a savepoint goes on as what it stands in
        wall.admit(connection, scope)


@event.listens_for(ScopedSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    options = state.execution_options
    if isinstance(state.statement, FromStatement):
        raise Escape("rows from another statement pass the narrowing by; ask for mapped classes")
    if options.get("raw_because"):
        _refuse_tenants(state.statement)
        return
    if not state.is_orm_statement:
        raise Escape("raw SQL and bare tables pass the narrowing by; ask for mapped classes")
    if state.is_insert:
        raise Escape("bulk inserts pass the guard by; add the objects")
    if options.get("unscoped_because"):
        _refuse_entities(state)
        state.update_execution_options(**wall.SEES_ALL)
        return
    scope: Scope | None = state.session.info.get("scope")
    if scope is None:
        raise ScopeMissing("no acting authority")
    if state.is_update:
        _refuse_moves(state)
    state.statement = state.statement.options(*_criteria(scope, state.is_select))


@lru_cache(maxsize=4096)
def _criteria(scope: Scope, reads: bool) -> tuple[ORMOption, ...]:
    """What narrows a statement to a scope, and a writing one to its own rows; made once for each."""
    owned = _owned(scope)
    return (
        with_loader_criteria(Kept, owned, include_aliases=True),
        with_loader_criteria(HandedDown, _handed_down(scope) if reads else owned, include_aliases=True),
        with_loader_criteria(HandedUp, _handed_up(scope) if reads else owned, include_aliases=True),
    )


def _refuse_tenants(statement: Executable) -> None:
    """What passes unread may name no tenant's table, nor hold words in which one could hide."""
    if statement in _no_tenants:
        return
    if name := next(policies.tenants_in(statement), ""):
        raise Escape(f"{name} belongs to tenants; ask for it by the scope")
    for part in visitors.iterate(statement):  # type: ignore[arg-type]  # every statement can be walked
        if isinstance(part, TextClause) or (getattr(part, "is_literal", False) and str(part) != "*"):
            raise Escape("a statement that passes is not written as text")
    _no_tenants.add(statement)


def _refuse_entities(state: ORMExecuteState) -> None:
    """An entity read without a scope would stay in the session and answer later questions: columns only."""
    if not state.is_select:
        raise Escape("without a scope nothing is changed")
    if {"yield_per", "stream_results"} & state.execution_options.keys():
        raise Escape("without a scope the rows are fetched at once: a cursor hides how its statement began")
    if state.statement in _no_entities:
        return
    if any(part["expr"] is part["entity"] for part in state.statement.column_descriptions):  # type: ignore[attr-defined]
        raise Escape("without a scope ask for columns, not for whole rows")
    _no_entities.add(state.statement)


def _refuse_moves(state: ORMExecuteState) -> None:
    """A bulk update may not carry rows to another tenant, nor address rows by key past the narrowing."""
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, Tenant):
        return
    if isinstance(state.parameters, list):
        raise Escape("bulk updates by key pass the narrowing by; change the objects")
    values = [*(state.statement._values or {}), *(state.parameters or {})]  # type: ignore[attr-defined]
    named = {getattr(key, "key", key) for key in values}
    if named & _PLACES:
        raise Escape("a row is not moved to another authority by a bulk update")


@event.listens_for(ScopedSession, "before_flush")
def _guard_writes(session: Session, context: object, instances: object) -> None:
    rows = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, Tenant)]
    if not rows:
        return
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        raise ScopeMissing("no acting authority")
    for row, path in _kept_at(session, rows):
        _refuse_foreign(scope, row, path)
        if inspect(row).dict.get("authority_path", path) != path:
            raise OutOfScope("a row stays with its authority")
    for row in session.new:
        if isinstance(row, Tenant):
            _refuse_foreign(scope, row, row.authority_path)
    for row in rows:
        _refuse_reach(row)


def _kept_at(session: Session, rows: Iterable[Tenant]) -> Iterator[tuple[Tenant, str]]:
    """Each row that is stored already, with its path as the database has it: what memory says may be forged."""
    stored: dict[Any, dict[Any, Tenant]] = defaultdict(dict)
    for row in rows:
        if (state := inspect(row)).identity is not None:
            stored[state.mapper.base_mapper.class_][state.identity[0]] = row
    for model, known in stored.items():
        keys = list(known)
        for start in range(0, len(keys), _AT_ONCE):
            asked = select(model.id, model.authority_path).where(model.id.in_(keys[start : start + _AT_ONCE]))
            for key, path in session.execute(unscoped(asked, "to whom the rows about to change belong")):
                yield known[key], path


def _refuse_foreign(scope: Scope, row: Tenant, path: str) -> None:
    if not scope.may_write(AuthorityPath(path)):
        raise OutOfScope(f"{type(row).__name__} at {path} is not {scope.home.text}'s to write")


def _refuse_reach(row: Tenant) -> None:
    """A row is handed down within its authority's own territory, and up to those above it."""
    known = inspect(row).dict  # a column that is not loaded is not changed
    own, applies, addressee = (known.get(name) for name in ("authority_path", "applies_to", "addressee_path"))
    if own and applies and not AuthorityPath(own).covers(AuthorityPath(applies)):
        raise OutOfScope(f"{type(row).__name__} of {own} cannot apply to {applies}")
    if own and addressee and AuthorityPath(addressee) not in AuthorityPath(own).above:
        raise OutOfScope(f"{type(row).__name__} of {own} cannot be addressed to {addressee}")

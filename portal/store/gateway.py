"""The one door to the tables: every statement of a session is narrowed to the scope of its acting authority."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Executable, event, inspect, or_
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.models.base import HandedDown, HandedUp, Kept, Tenant


class ScopeMissing(RuntimeError):
    """A statement was sent before the session knew for whom it acts."""


class OutOfScope(RuntimeError):
    """A write touches, or moves a row to, an authority that the scope may not write."""


class Escape(RuntimeError):
    """A statement goes round the narrowing: raw SQL, a bulk write, or whole entities without a scope."""


class ScopedSession(FlaskSession):
    """A session that acts for one authority; its scope is set once, since loaded rows stay in it."""

    def enter(self, scope: Scope) -> None:
        """Act for the authority of `scope` from now on.

        Raises:
            OutOfScope: the session acts for another authority already.
        """
        if self.info.setdefault("scope", scope) != scope:
            raise OutOfScope("one session acts for one authority")

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
    """Let a statement over tables that belong to no tenant pass (counters, leases, form keys)."""
    return statement.execution_options(raw_because=because)


def beneath(path: str) -> str:
    """The LIKE pattern of a path and all beneath it; its own wildcards are escaped with "!"."""
    return re.sub(r"([!%_])", r"!\1", path) + "%"


def _owned(scope: Scope) -> Any:
    home, pattern = scope.home.text, beneath(scope.home.text)
    if scope.reads_below:
        return lambda row: row.authority_path.like(pattern, escape="!")
    return lambda row: row.authority_path == home


def _handed_down(scope: Scope) -> Any:
    pattern, covering = beneath(scope.home.text), scope.applies_from
    if scope.reads_below:
        return lambda row: or_(
            row.authority_path.like(pattern, escape="!"),
            row.applies_to.like(pattern, escape="!"),
            row.applies_to.in_(covering),
        )
    home = scope.home.text
    return lambda row: or_(row.authority_path == home, row.applies_to.in_(covering))


def _handed_up(scope: Scope) -> Any:
    home, pattern = scope.home.text, beneath(scope.home.text)
    if scope.reads_below:
        return lambda row: or_(row.authority_path.like(pattern, escape="!"), row.addressee_path == home)
    return lambda row: or_(row.authority_path == home, row.addressee_path == home)


@event.listens_for(ScopedSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    options = state.execution_options
    if options.get("raw_because"):
        return
    if not state.is_orm_statement:
        raise Escape("raw SQL and bare tables pass the narrowing by; ask for mapped classes")
    if state.is_insert:
        raise Escape("bulk inserts pass the guard by; add the objects")
    if options.get("unscoped_because"):
        _refuse_entities(state)
        return
    scope: Scope | None = state.session.info.get("scope")
    if scope is None:
        raise ScopeMissing("no acting authority")
    if state.is_update:
        _refuse_moves(state)
    owned = _owned(scope)
    reads = state.is_select
    state.statement = state.statement.options(
        with_loader_criteria(Kept, owned, include_aliases=True),
        with_loader_criteria(HandedDown, _handed_down(scope) if reads else owned, include_aliases=True),
        with_loader_criteria(HandedUp, _handed_up(scope) if reads else owned, include_aliases=True),
    )


def _refuse_entities(state: ORMExecuteState) -> None:
    """An entity read without a scope would stay in the session and answer later questions: columns only."""
    if not state.is_select:
        raise Escape("without a scope nothing is changed")
    if any(part["expr"] is part["entity"] for part in state.statement.column_descriptions):  # type: ignore[attr-defined]
        raise Escape("without a scope ask for columns, not for whole rows")


def _refuse_moves(state: ORMExecuteState) -> None:
    """A bulk update may not carry rows to another tenant, nor address rows by key past the narrowing."""
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, Tenant):
        return
    if isinstance(state.parameters, list):
        raise Escape("bulk updates by key pass the narrowing by; change the objects")
    named = {getattr(key, "key", key) for key in (state.statement._values or {})}  # type: ignore[attr-defined]
    if named & {"authority_path", "applies_to", "addressee_path"}:
        raise Escape("a row is not moved to another authority by a bulk update")


@event.listens_for(ScopedSession, "before_flush")
def _guard_writes(session: Session, context: object, instances: object) -> None:
    scope: Scope | None = session.info.get("scope")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Tenant):
            continue
        if scope is None:
            raise ScopeMissing("no acting authority")
        history = inspect(row).attrs.authority_path.history
        for path in (*history.unchanged, *history.added, *history.deleted):
            if not scope.may_write(AuthorityPath(path)):
                raise OutOfScope(f"{type(row).__name__} at {path} is not {scope.home.text}'s to write")
        if history.deleted and history.added:
            raise OutOfScope("a row stays with its authority")

"""Derives the row-level security of PostgreSQL from the models, by the rules of the gateway."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Executable, TableClause
from sqlalchemy.sql import visitors

from portal.models.base import Base, HandedDown, HandedUp, Tenant

#: How a statement begins that sees all rows of the tables it names. Whatever a visitor types stands further on.
BEGINS = "/* sees all: {tables} */ "


def _setting(name: str) -> str:
    """A setting of the transaction, read once for each statement; NULL, which nothing equals, where it is not set."""
    return f"(SELECT nullif(current_setting('portal.{name}', true), ''))"


_HOME, _BELOW = _setting("scope_home"), _setting("scope_below")
_COVERING = f"string_to_array({_setting('scope_covering')}, ' ')"

#: A row at the scope's own path, or beneath it where the scope reads below itself.
OWNED = f"(authority_path = {_HOME} OR starts_with(authority_path, {_BELOW}))"
#: What the owner of the tables may read to copy the whole, on a connection that was opened for it.
_COPIED = (
    "(SELECT current_setting('portal.copies_all', true) = 'on' AND pg_has_role(relowner, 'USAGE') "
    "FROM pg_class WHERE oid = '{table}'::regclass)"
)


@cache
def tables() -> dict[str, type[Tenant]]:
    """Every table of a tenant by its name, with the way in which its rows belong to him."""
    found: dict[str, type[Tenant]] = {}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Tenant):
            found |= {str(table.name): mapper.base_mapper.class_ for table in mapper.tables}
    return dict(sorted(found.items()))


def tenants_in(statement: Executable) -> Iterator[str]:
    """The tables of tenants that a statement names, anywhere in it."""
    for part in visitors.iterate(statement):  # type: ignore[arg-type]  # every statement can be walked
        if isinstance(part, TableClause) and part.name in tables():
            yield part.name


def read_by(model: type[Tenant]) -> str:
    """Which rows a scope reads."""
    if issubclass(model, HandedDown):
        return f"({OWNED} OR starts_with(applies_to, {_BELOW}) OR applies_to = ANY ({_COVERING}))"
    if issubclass(model, HandedUp):
        return f"({OWNED} OR addressee_path = {_HOME})"
    return OWNED


def written_by(model: type[Tenant]) -> str:
    """Which rows a scope may leave behind: its own, handed down in its territory or up to those above, or to none."""
    rules = [OWNED, "right(authority_path, 1) = '.'"]
    if issubclass(model, HandedDown):
        inside = "starts_with(applies_to, authority_path) AND right(applies_to, 1) = '.'"
        rules.append(f"(applies_to = '' OR {inside})")
    if issubclass(model, HandedUp):
        above = "starts_with(authority_path, addressee_path) AND right(addressee_path, 1) = '.'"
        rules.append(f"(addressee_path = '' OR {above} AND addressee_path <> authority_path)")
    return " AND ".join(rules)


def sees_all(table: str) -> str:
    """True for a statement that begins as the gateway lets it begin, and names the table there."""
    beginning = BEGINS.split("{", maxsplit=1)[0].rstrip().replace("*", "[*]")
    return f"(SELECT current_query() ~ '^{beginning}( [a-z0-9_]+)* {table}( [a-z0-9_]+)* [*]/ [(]*(SELECT|WITH) ')"


def policies(table: str, model: type[Tenant]) -> dict[str, str]:
    """The policies of a table by name, each as the rest of its CREATE POLICY."""
    reads, writes = read_by(model), written_by(model)
    return {
        "portal_read": f"FOR SELECT USING ({reads})",
        "portal_add": f"FOR INSERT WITH CHECK ({writes})",
        "portal_change": f"FOR UPDATE USING ({OWNED}) WITH CHECK ({writes})",
        "portal_remove": f"FOR DELETE USING ({OWNED})",
        "portal_sees_all": f"FOR SELECT USING ({sees_all(table)})",
        "portal_copies_all": f"FOR SELECT USING ({_COPIED.format(table=table)})",
    }


def stays(table: str) -> str:
    """The trigger by which a row stays with its authority: a policy cannot compare the old row with the new."""
    return (
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF authority_path ON {table} FOR EACH ROW "
        "WHEN (OLD.authority_path IS DISTINCT FROM NEW.authority_path) EXECUTE FUNCTION refuse_move()"
    )


def building(table: str, model: type[Tenant]) -> Iterator[str]:
    """The statements that build the wall of one table; the comment tells later runs what stands."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for name, rest in policies(table, model).items():
        yield f"CREATE POLICY {name} ON {table} {rest}"
    yield stays(table)
    yield f"COMMENT ON POLICY portal_read ON {table} IS '{mark(table, model)}'"


def mark(table: str, model: type[Tenant]) -> str:
    """What tells one wall from another: the hash of all that it is built of."""
    spelled = "\n".join([*policies(table, model).values(), stays(table)])
    return hashlib.sha256(spelled.encode()).hexdigest()

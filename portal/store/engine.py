"""How connections begin: SQLite with a durable journal, foreign keys, and writers that queue instead of failing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event

from portal.store import wall

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_passing: ContextVar[bool] = ContextVar("in passing", default=False)
#: How SQLite waits for other writers and for the disk: for an act, and for what is noted in passing.
_WAITS = {False: ("busy_timeout=15000", "synchronous=FULL"), True: ("busy_timeout=50", "synchronous=NORMAL")}


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once: two writers wait, and never deadlock."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def writing_in_passing() -> Iterator[None]:
    """As `writing`, for what may be lost: it hardly waits for another writer, and its commit not for the disk."""
    token = _passing.set(True)
    try:
        with writing():
            yield
    finally:
        _passing.reset(token)


def prepare(engine: Engine, *, warn: bool = False) -> None:
    """Set up the connections of an engine; `warn` of a role that could see through the wall of PostgreSQL."""
    if engine.dialect.name == "postgresql":
        wall.prepare(engine, warn=warn)
        event.listen(engine, "begin", _begin_postgresql)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver begins too late for reads
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", *_WAITS[False]):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own folds Latin letters alone, and titles are written in Cyrillic too
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    passing = _passing.get()
    if connection.info.get("passing", False) != passing:
        for pragma in _WAITS[passing]:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.info["passing"] = passing
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if _passing.get():
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'; SET LOCAL synchronous_commit = off")

"""Tells which refusals of the database come from acts that met, and are no fault of the portal."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

#: SQLSTATE of PostgreSQL: unique violation; serialization failure and deadlock; lock not available.
_SAME, _CROSSED, _WAITED = {"23505"}, {"40001", "40P01"}, {"55P03"}
_SAME_IN_SQLITE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_MET_IN_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def same_done(error: DBAPIError) -> bool:
    """Somebody else wrote, at the same moment, the row that may exist but once."""
    return _state(error) in _SAME or _code(error) in _SAME_IN_SQLITE


def met(error: DBAPIError) -> bool:
    """Acts stood in each other's way and the database let one of them go; sent again, it succeeds."""
    return crossed(error) or _state(error) in _WAITED or _code(error) & 0xFF in _MET_IN_SQLITE


def crossed(error: DBAPIError) -> bool:
    """Two acts each waited for the other, and the other has gone on: done once more at once, it succeeds."""
    return _state(error) in _CROSSED


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _code(error: DBAPIError) -> int:
    return getattr(error.orig, "sqlite_errorcode", None) or 0

"""The audit trail in the hands of the tests: the scripts for outsiders, and a forger with the database's password."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from portal.models import Authority, Unit
from portal.store.session import acting, session
from tests.cast import HOUSE
from tests.servers import unwalled

SCRIPTS = Path(__file__).parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import tamper_audit  # noqa: E402
import verify_audit  # noqa: E402

__all__ = ["SCRIPTS", "add_unit", "tamper", "tamper_audit", "verify_audit"]

_GUARDS = ("audit_entry_no_update", "audit_entry_no_delete", "audit_head_no_delete", "audit_head_forward")


def add_unit(name: str, path: str = HOUSE) -> None:
    """An act that leaves one entry."""
    with acting(path, "test"):
        home = session().scalars(select(Authority).where(Authority.authority_path == path)).one()
        session().add(Unit(authority_path=path, authority_id=home.id, name_en=name, name_ru=name))


def tamper(app: Flask, *statements: str) -> None:
    """Change the tables as one with the database's own password could."""
    with unwalled(app) as connection:
        for guard in _GUARDS:
            on = f" ON {'_'.join(guard.split('_')[:2])}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {guard}{on}"))
        for statement in statements:
            connection.execute(text(statement))

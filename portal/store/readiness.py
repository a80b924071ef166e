"""Whether this process may be sent requests: its database, its tables, its data folder."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

import config
from portal.extensions import db
from portal.store import switches

#: Stands in the place of a revision while a restore has not been accepted.
UNACCEPTED = "unaccepted"


@cache
def scripts() -> ScriptDirectory:
    """The migrations that this code knows."""
    settings = Config()
    settings.set_main_option("script_location", str(config.HERE / "migrations"))
    return ScriptDirectory.from_config(settings)


@cache
def head() -> str:
    """The revision of the tables for which this code was written."""
    return str(scripts().get_current_head())


@cache
def known() -> frozenset[str]:
    return frozenset(script.revision for script in scripts().walk_revisions())


def revision() -> str | None:
    """The revision of the tables that are there; None when there are none.

    Raises:
        SQLAlchemyError: the database does not answer.
    """
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        return str(found) if found else None


def fits(found: str | None) -> bool:
    """Whether this code may run on tables of a revision: its own, or a later one, which it does not know.

    A migration runs beside the code before it (docs/operation.md), so that an upgrade stops nobody.
    """
    return found == head() or (found is not None and found not in known() | {UNACCEPTED})


def hindrances() -> list[str]:
    """What stands against sending requests here, in words that give nothing away; empty when nothing does."""
    found = []
    try:
        if not fits(revision()):
            found.append("the tables are not those of this version")
    except SQLAlchemyError:
        found.append("the database does not answer")
    if not writable(current_app.config["ENVIRONMENT"].data_dir):
        found.append("the data folder cannot be written")
    if switches.stopping():
        found.append("the portal was asked to stop")
    return found


def writable(folder: Path) -> bool:
    """Whether a file can be made in a folder, tried by making one."""
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".trial-") as file:
            file.write(b"trial")
            file.flush()
    except OSError:
        return False
    return True

"""The one line in which a command says why it failed."""

from __future__ import annotations

import click
from sqlalchemy.exc import SQLAlchemyError


def database_not_ready(error: SQLAlchemyError) -> click.ClickException:
    """What stands against every command that needs the tables: no answer, or no tables."""
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    return click.ClickException(f"The database is not ready: {reason}")

"""`flask backup` and `flask restore`: the whole portal into a folder, and out of it into an empty place."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from config import Environment
from portal.cli.failures import database_not_ready
from portal.upkeep import backup, restore
from portal.upkeep.manifest import Manifest, Refused

KEYS_INSIDE = "It holds the portal's keys: keep it as closed as the portal itself."
KEYS_ELSEWHERE = "It holds no keys: the store of secrets that hands them over keeps them."
NO_KEYS = "It holds no keys: a portal restored from it makes new ones"
NO_DRAWS = ", and earlier draws can no longer be worked out"


@click.command("backup")
@click.argument("destination", type=click.Path(path_type=Path))
@click.option("--without-keys", is_flag=True, help="Leave the keys out; keep them elsewhere.")
@with_appcontext
def make(destination: Path, without_keys: bool) -> None:
    """Copy database, past declarations, mail and keys of one moment into the new folder DESTINATION.

    It may run at any time; nobody waits for it. The folder bears its name only once it is complete.
    """
    try:
        made = backup.make(destination, with_keys=not without_keys)
    except (Refused, OSError) as error:
        raise click.ClickException(f"No backup was made: {error}") from error
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"{destination} holds {_contents(made)}")
    click.echo(KEYS_INSIDE if made.keys else _elsewhere(current_app.config["ENVIRONMENT"]))


def _elsewhere(environment: Environment) -> str:
    if environment.audit_key and environment.selection_key:
        return KEYS_ELSEWHERE
    return NO_KEYS + ("." if environment.selection_key else f"{NO_DRAWS}.")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def bring_back(source: Path) -> None:
    """Bring the backup SOURCE into an empty database and an empty data folder.

    Files are compared with the manifest; then rows, references, registers, audit chains and past declarations are
    proved before anything is accepted. Otherwise nothing is left behind.
    """
    from portal import create_app

    try:
        found = restore.restore(
            source, current_app.config["ENVIRONMENT"], lambda there: create_app(environment=there)
        )
    except (Refused, OSError) as error:
        raise click.ClickException(f"Nothing was restored: {error}") from error
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"Restored and proved: {_contents(found)}")


def _contents(manifest: Manifest) -> str:
    return (
        f"{manifest.rows} rows of {len(manifest.tables)} tables and {len(manifest.files)} files, "
        f"as of {manifest.made_at[:19]} UTC, revision {manifest.revision}"
    )

"""`flask prepare`: bring the database to where the portal may be served; `make run` calls it."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from portal.demo import draws, loading
from portal.store import officers, switches
from portal.web import metrics

#: Whom the five-minute tour meets.
TOUR = (
    "petrova",
    "sokolov",
    "makarov",
    "egorova",
    "lebedev",
    "kuznetsova",
    "vasilyev",
    "sidorov",
    "aitmatova",
)


@click.command("prepare")
@with_appcontext
def command() -> None:
    """Migrate; in development, fill an empty database with the demonstration and print its accounts.

    The counts of an earlier run are forgotten, and the portal of this machine may be sent requests again.
    """
    upgrade()
    metrics.forget(current_app.config["ENVIRONMENT"].data_dir)
    switches.turn(switches.STOPPING, on=False)
    if current_app.config["ENVIRONMENT"].production:
        _refuse_demonstration()
        return
    if loading.is_due():
        click.echo("Loading the demonstration (once; about a minute)")
    loading.fill()
    if officers.demonstration_accounts():
        _print_accounts()


def _refuse_demonstration() -> None:
    if found := officers.demonstration_accounts():
        raise click.ClickException(
            f"this database holds {found} demonstration accounts; production needs a database of its own"
        )
    if draws.foreseeable():
        raise click.ClickException("the demonstration used this data folder; production needs one of its own")


def _print_accounts() -> None:
    by_name = {row["name"]: row for row in loading.accounts()}
    click.echo("Demonstration accounts (all: .venv/bin/flask --app wsgi demo --accounts):")
    for name in TOUR:
        row = by_name[name]
        click.echo(f"  {name:<12}{row['password']:<13}{', '.join(row['posts']):<20}{row['place']}")

"""`flask prepare`: bring the database to where the portal may be served; `make run` calls it."""

from __future__ import annotations

import click
from flask import current_app
from flask_migrate import upgrade

from portal.demo import loading
from portal.store import officers

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
def command() -> None:
    """Migrate; in development, fill an empty database with the demonstration and print its accounts."""
    upgrade()
    demonstrating = officers.demonstration_accounts()
    if current_app.config["ENVIRONMENT"].production:
        if demonstrating:
            raise click.ClickException(
                f"this database holds {demonstrating} demonstration accounts; production needs a database of its own"
            )
        return
    if loading.is_empty():
        click.echo("Loading the demonstration (once; under a minute)")
        loading.load()
        demonstrating = officers.demonstration_accounts()
    if demonstrating:
        _print_accounts()


def _print_accounts() -> None:
    by_name = {row["name"]: row for row in loading.accounts()}
    click.echo("Demonstration accounts (all: .venv/bin/flask --app wsgi demo --accounts):")
    for name in TOUR:
        row = by_name[name]
        click.echo(f"  {name:<12}{row['password']:<13}{', '.join(row['posts']):<20}{row['place']}")

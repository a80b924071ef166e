"""`flask demo`: load the demonstration, or list its accounts."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.demo import loading


@click.command("demo")
@click.option("--seed", default=loading.SEED, show_default=True, help="Seed of everything drawn at random.")
@click.option("--accounts", is_flag=True, help="List the demonstration accounts and load nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
@with_appcontext
def command(seed: int, accounts: bool, as_json: bool) -> None:
    """Load demonstration data into an empty database."""
    if current_app.config["ENVIRONMENT"].production:
        raise click.ClickException("a production portal holds no demonstration data")
    if accounts:
        _list(as_json)
        return
    loaded = loading.fill(seed)
    said = "The demonstration is loaded; `flask demo --accounts` lists who may sign in."
    if not loaded:
        said = "The database holds data already; nothing was loaded."
    click.echo(json.dumps({"loaded": loaded}) if as_json else said)


def _list(as_json: bool) -> None:
    rows = list(loading.accounts())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        place = f"{row['authority']} {row['level']} {row['state']}"
        click.echo(f"{row['name']:<14}{row['password']:<13}{place:<22}{', '.join(row['posts'])}")

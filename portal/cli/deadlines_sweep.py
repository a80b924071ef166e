"""`flask deadlines sweep`: one sweep over what is due."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.cli.moments import moment
from portal.operations.sweeping import sweep
from portal.workflow.clock import now


@click.command("sweep")
@click.option("--at", "at_text", metavar="MOMENT", help="2025-04-25T15:00+03:00; by default now.")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
def command(at_text: str | None, as_json: bool) -> None:
    """Raise the alerts that are due; exits with 1 when a row failed, which stays due."""
    at: datetime = moment(at_text) if at_text else now()
    try:
        swept = sweep(at)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(
        json.dumps(asdict(swept))
        if as_json
        else f"stages {swept.stages}, alerts {swept.alerts}, failed {swept.failed}"
    )
    if swept.failed:
        raise click.ClickException(f"Rows that failed: {swept.failed}. They stay due, and the log says why.")

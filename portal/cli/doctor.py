"""`flask doctor`: looks at the whole portal, and says what is wrong and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.upkeep import doctor
from portal.upkeep.check import FAULT, GOOD, Patient
from portal.workflow.clock import now


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
@click.option("--explain", is_flag=True, help="Print what each check means, and look at nothing.")
@with_appcontext
def command(as_json: bool, explain: bool) -> None:
    """Make every check; exits with 1 when one finds a fault.

    Checks of the rows are left out while the database does not answer or its tables are not those of this version.
    """
    if explain:
        click.echo(doctor.meanings())
        return
    patient = Patient(current_app.config["ENVIRONMENT"], Path(current_app.root_path), now())
    found = list(doctor.examine(patient))
    if as_json:
        click.echo(json.dumps([one.plain() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{one.state:<8} {one.check:<24} {one.found}")
            if one.state != GOOD:
                click.echo(f"{'':<33} {one.do}")
    if any(one.state == FAULT for one in found):
        raise SystemExit(1)

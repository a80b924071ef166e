"""`flask registers verify`: whether every register is whole and true."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.store import authorities, register_faults
from portal.store.register_faults import Checked
from portal.store.session import acting

group = AppGroup("registers", help="Registers of drafts and profiles.")


@group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
def verify(as_json: bool) -> None:
    """Compare every register with its documents; exits with 1 and a line for each fault."""
    try:
        checked = _everywhere()
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    if as_json:
        click.echo(json.dumps(asdict(checked), ensure_ascii=False))
    else:
        for fault in checked.faults:
            click.echo(str(fault), err=True)
        if not checked.faults:
            click.echo(f"{checked.registers} registers with {checked.lines} lines hold")
    if checked.faults:
        raise SystemExit(1)


def _everywhere() -> Checked:
    found = []
    for seen in authorities.everywhere():
        with acting(seen.path, "registers.verify", writes=False):
            found.append(register_faults.verify(seen.path))
    return Checked(
        sum(one.registers for one in found),
        sum(one.lines for one in found),
        tuple(fault for one in found for fault in one.faults),
    )

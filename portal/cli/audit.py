"""`flask audit verify`: whether every chain of the audit trail is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.store import audit, authorities
from portal.store.audit import Checkpoint
from portal.store.session import acting, session

Report = dict[str, list[dict[str, Any]]]


group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
@click.option(
    "--json", "as_json", is_flag=True, help="Print for a program to read, with the end of each chain."
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What --json printed earlier: no chain may end before it.",
)
def verify(as_json: bool, against: Path | None) -> None:
    """Follow the chain of every authority; exits with 1 and the position of each break."""
    ends = _ends(against) if against else {}
    try:
        report = _everywhere(ends)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    if as_json:
        click.echo(json.dumps(report))
    else:
        for found in report["breaks"]:
            click.echo(f"{found['authority']} broken at entry {found['serial']}: {found['why']}", err=True)
        if not report["breaks"]:
            entries = sum(chain["serial"] for chain in report["chains"])
            click.echo(f"{len(report['chains'])} chains with {entries} entries hold")
    if report["breaks"]:
        raise SystemExit(1)


def _everywhere(ends: dict[str, Checkpoint]) -> Report:
    report: Report = {"chains": [], "breaks": []}
    for seen in authorities.everywhere():
        with acting(seen.path, "audit.verify", writes=False):
            end = audit.checkpoint(session(), seen.path)
            report["chains"].append(
                {"authority": seen.code, "path": seen.path, "serial": end.serial, "hash": end.hash}
            )
            for found in audit.verify(session(), seen.path, ends.pop(seen.path, None)):
                report["breaks"].append(_break(seen.code, found.path, found.serial, found.why))
    for path, end in ends.items():
        report["breaks"].append(_break("", path, end.serial, "the authority itself is missing"))
    return report


def _break(code: str, path: str, serial: int, why: str) -> dict[str, Any]:
    return {"authority": code or path, "path": path, "serial": serial, "why": why}


def _ends(file: Path) -> dict[str, Checkpoint]:
    """The ends of the chains as they once were printed.

    Raises:
        click.ClickException: the file is not what `audit verify --json` prints.
    """
    try:
        chains = json.loads(file.read_text(encoding="utf-8"))["chains"]
        return {chain["path"]: Checkpoint(int(chain["serial"]), str(chain["hash"])) for chain in chains}
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{file.name} is not what `audit verify --json` prints") from error

"""`flask audit`: verifies the chains of the audit trail, seals them, and gives them to outsiders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.audit_files import checkpoint, export, key
from portal.cli.failures import database_not_ready
from portal.documents import audit_key
from portal.operations import checkpoint_files
from portal.operations.checkpoint_files import Earlier, Unreadable
from portal.store import audit, authorities
from portal.store.session import acting, session

Report = dict[str, list[dict[str, Any]]]

group = AppGroup("audit", help="The audit trail.")
for _command in (key, checkpoint, export):
    group.add_command(_command)


@group.command("verify")
@click.option(
    "--json", "as_json", is_flag=True, help="Print for a program to read, with the end of each chain."
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint, or what --json printed earlier: no chain may end before it or differ from it.",
)
@click.option(
    "--key", "public", metavar="HEX", help="The public key of the checkpoint; by default one's own."
)
def verify(as_json: bool, against: Path | None, public: str | None) -> None:
    """Follow the chain of every authority; exits with 1 and the position of each break."""
    earlier = _earlier(against, public) if against else Earlier()
    try:
        report = _everywhere(earlier)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    if as_json:
        click.echo(json.dumps(report))
    else:
        for found in report["breaks"]:
            click.echo(_line(found), err=True)
        if not report["breaks"]:
            entries = sum(chain["serial"] for chain in report["chains"])
            click.echo(f"{len(report['chains'])} chains with {entries} entries hold")
    if report["breaks"]:
        raise SystemExit(1)


def _line(found: dict[str, Any]) -> str:
    if not found["serial"]:
        return f"{found['authority']}: {found['why']}"
    vouched = found["vouched"]
    until = "" if vouched is None else f"; entries up to {vouched} are as the checkpoint sealed them"
    return f"{found['authority']} broken at entry {found['serial']}: {found['why']}{until}"


def _everywhere(earlier: Earlier) -> Report:
    report: Report = {"chains": [], "breaks": []}
    report["breaks"] += [_break(code, path, 0, why) for code, path, why in earlier.faults]
    for seen in authorities.everywhere():
        with acting(seen.path, "audit.verify", writes=False):
            end = audit.checkpoint(session(), seen.path)
            report["chains"].append(
                {"authority": seen.code, "path": seen.path, "serial": end.serial, "hash": end.hash}
            )
            for found in audit.verify(session(), seen.path, earlier.ends.pop(seen.path, None)):
                report["breaks"].append(_break(seen.code, found.path, found.serial, found.why, found.vouched))
    for path, end in earlier.ends.items():
        report["breaks"].append(_break("", path, end.serial, "the authority itself is missing"))
    return report


def _break(code: str, path: str, serial: int, why: str, vouched: int | None = None) -> dict[str, Any]:
    return {"authority": code or path, "path": path, "serial": serial, "why": why, "vouched": vouched}


def _earlier(file: Path, public: str | None) -> Earlier:
    """What the file says of the chains.

    Raises:
        click.ClickException: it is neither a checkpoint nor what `audit verify --json` prints.
    """
    try:
        return checkpoint_files.read(file.read_text(encoding="utf-8"), public or audit_key.public_key())
    except (Unreadable, UnicodeDecodeError) as error:
        words = f"{file.name} is neither a checkpoint nor what `audit verify --json` prints"
        raise click.ClickException(words) from error

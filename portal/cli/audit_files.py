"""What `flask audit` writes for outsiders: the public key, signed checkpoints, and exported chains."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.documents import audit_key
from portal.operations import checkpoints
from portal.store import audit, audit_form, authorities
from portal.store.authorities import Seen
from portal.store.session import acting, session

_TO = click.Path(dir_okay=False, path_type=Path)


@click.command("key")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
@with_appcontext
def key(as_json: bool) -> None:
    """Print the public key with which checkpoints are verified; give it to outsiders by another way."""
    public = audit_key.public_key()
    print_of_it = hashlib.sha256(bytes.fromhex(public)).hexdigest()
    click.echo(json.dumps({"public_key": public, "fingerprint": print_of_it}) if as_json else public)


@click.command("checkpoint")
@click.option("--authority", "code", metavar="CODE", help="Of one authority; by default of each.")
@click.option("--to", "file", type=_TO, help="Write the checkpoints there; the file must not exist.")
@click.option("--json", "as_json", is_flag=True, help="Print the checkpoints for a program to read.")
@with_appcontext
def checkpoint(code: str | None, file: Path | None, as_json: bool) -> None:
    """Seal the chains as they stand now: signed, kept, mailed to the auditors of another authority."""
    _refuse_existing(file)
    try:
        places = [_named(code)] if code else list(reversed(authorities.everywhere()))
        made = [checkpoints.make(seen) for seen in places]
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    words = json.dumps({"checkpoints": made}, indent=1)
    if file is not None:
        _write(file, [words])
    if as_json:
        click.echo(words)
        return
    chains = {chain["path"]: chain["serial"] for body in made for chain in body["chains"]}
    click.echo(f"{len(made)} checkpoints over {len(chains)} chains with {sum(chains.values())} entries")


@click.command("export")
@click.option("--authority", "code", required=True, metavar="CODE", help="Whose chain.")
@click.option("--to", "file", type=_TO, required=True, help="Write it there; the file must not exist.")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
@with_appcontext
def export(code: str, file: Path, as_json: bool) -> None:
    """Write the chain of an authority as JSON Lines, for scripts/verify_audit.py (docs/audit.md)."""
    _refuse_existing(file)
    try:
        seen = _named(code)
        with acting(seen.path, "audit.export", writes=False):
            written = _write(file, (audit_form.line(one) for one in audit.entries(session(), seen.path)))
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    figures = {"authority": seen.code, "path": seen.path, "entries": written}
    click.echo(json.dumps(figures) if as_json else f"{written} entries of {seen.code} in {file.name}")


def _named(code: str) -> Seen:
    found = next((seen for seen in authorities.everywhere() if seen.code == code), None)
    if found is None:
        raise click.ClickException(f"no authority has the code {code}")
    return found


def _refuse_existing(file: Path | None) -> None:
    """What was exported once is evidence: it is never written over."""
    if file is not None and file.exists():
        raise click.ClickException(f"{file.name} exists already; nothing was written")


def _write(file: Path, lines: Iterable[str]) -> int:
    """Write the lines, whole or not at all; how many."""
    unfinished = file.with_name(f"{file.name}.part")
    count = 0
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as opened:
            for line in lines:
                opened.write(f"{line}\n")
                count += 1
        os.replace(unfinished, file)
    except OSError as error:
        raise click.ClickException(f"{file.name} could not be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count

"""Commands on past declarations."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from portal.operations import importing
from portal.operations.importing import Delivery
from portal.screening.faults import Faulty
from portal.store import authorities
from portal.store.session import acting

_KEPT = "Kept {items} items of {declarations} declarations; {refused} rows at fault."
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("history")
def group() -> None:
    """Past declarations, over which back-tests run."""


@group.command("import")
@click.argument("file", type=_FILE)
@click.option("--authority", "code", required=True, metavar="CODE", help="Who imports the file.")
@click.option("--mapping", "mapping_file", type=_FILE, help="TOML file that maps columns to fields.")
@click.option("--outcome", default="", help="Source column with the outcome of inspection.")
@click.option("--whole", is_flag=True, help="Every row belongs to the importing authority.")
@click.option("--skip-faulty", is_flag=True, help="Keep the good rows although others are at fault.")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
@with_appcontext
def command(
    file: Path,
    code: str,
    mapping_file: Path | None,
    outcome: str,
    whole: bool,
    skip_faulty: bool,
    as_json: bool,
) -> None:
    """Take FILE (CSV or Parquet) of past declarations in."""
    path = next((seen.path for seen in authorities.everywhere() if seen.code == code), None)
    if path is None:
        raise click.ClickException(f"no authority has the code {code}")
    with acting(path, "history import"):
        try:
            mapping = mapping_file.read_text(encoding="utf-8-sig") if mapping_file else ""
            batch = importing.take(Delivery(file, file.name, mapping, outcome, whole, skip_faulty), path)
        except UnicodeDecodeError:
            raise click.ClickException("the mapping is not a text in UTF-8") from None
        except Faulty as error:
            raise click.ClickException(" ".join(str(error).split())) from None
        figures = {name: getattr(batch, name) for name in ("id", "declarations", "items", "refused")}
        faults = list(batch.faults)
    if figures["refused"] and not figures["items"]:
        raise click.ClickException(_refusal(figures["refused"], faults[0]))
    click.echo(json.dumps(figures) if as_json else _KEPT.format(**figures))


def _refusal(refused: int, first: dict[str, Any]) -> str:
    reason = first["message"] % first["params"]
    said = f"row {first['row']}, column {first['column']}: {first['value']!r} {reason}"
    return " ".join(f"nothing kept, {refused} rows are at fault; the first is {said}".split())

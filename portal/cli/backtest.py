"""The command that runs a condition over a file of past declarations."""

import json
import tempfile
from datetime import date, datetime
from pathlib import Path

import click

from portal.screening import conditions, mapping, reading
from portal.screening.backtest import ENGINE, BackTest, run
from portal.screening.faults import Faulty
from portal.screening.normalise import Normalised, normalise
from portal.screening.past import Source
from portal.screening.tree import Node

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path)


@click.command("backtest")
@click.argument("condition", type=_FILE)
@click.argument("declarations", type=_FILE)
@click.option("--mapping", "mapping_file", type=_FILE, help="TOML file that maps source columns to fields.")
@click.option("--outcome", help="Source column with the outcome of inspection.")
@click.option("--from", "start", type=_DAY, help="First registration day, YYYY-MM-DD.")
@click.option("--to", "end", type=_DAY, help="Last registration day, YYYY-MM-DD.")
@click.option("--engine", default=ENGINE, show_default=True, help="Engine to run on.")
@click.option("--skip-faulty", is_flag=True, help="Leave out the rows that cannot be read.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    condition: Path,
    declarations: Path,
    mapping_file: Path | None,
    outcome: str | None,
    start: datetime | None,
    end: datetime | None,
    engine: str,
    skip_faulty: bool,
    as_json: bool,
) -> None:
    """Run CONDITION (JSON) over DECLARATIONS (CSV or Parquet) and print what it would have hit."""
    if engine != ENGINE:
        raise click.ClickException(f"the engine {engine} is not available; this portal has {ENGINE}")
    days = _day(start), _day(end)
    if days[0] and days[1] and days[0] > days[1]:
        raise click.ClickException("--from is after --to")
    node = _condition(condition)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "declarations.parquet"
        try:
            chosen = mapping.parse(_text(mapping_file)) if mapping_file else None
            normalised = normalise(declarations, target, chosen, keep=[outcome] if outcome else [])
            _refuse_faults(normalised, skip_faulty)
            result = run(node, Source((target,), start=days[0], end=days[1]), outcome)
        except Faulty as reason:
            raise click.ClickException(_one_line(reason)) from None
    click.echo(json.dumps(result.to_json(), ensure_ascii=False) if as_json else _report(node, result))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path.name} is not a text in UTF-8") from None
    except OSError as reason:
        raise click.ClickException(f"{path.name} cannot be read: {reason.strerror}") from None


def _condition(path: Path) -> Node:
    try:
        return conditions.parse(_text(path))
    except Faulty as reason:
        raise click.ClickException(f"{path.name}: {_one_line(reason)}") from None


def _one_line(reason: Faulty) -> str:
    return " ".join(str(reason).split())


def _refuse_faults(normalised: Normalised, skip_faulty: bool) -> None:
    """Refuse a file with faulty rows, or say on standard error how many were left out."""
    if not normalised.faults:
        return
    said = f"{normalised.refused} rows cannot be read; the first is {normalised.faults[0]}"
    if not skip_faulty:
        raise click.ClickException(" ".join(f"{said} (--skip-faulty leaves such rows out)".split()))
    click.echo(" ".join(said.split()), err=True)


def _report(node: Node, result: BackTest) -> str:
    """Write the reading, one sentence of what was hit, and the tables by authority and by month."""
    data = result.to_json()
    lines = [
        reading.sentence(node, "en"),
        f"It would have hit {result.hit_declarations} of {result.declarations} declarations "
        f"({result.hit_items} of {result.items} items), items priced {data['item_price_hit']} in all.",
    ]
    if result.with_outcome:
        lines.append(
            f"Of the {result.hit_with_outcome} hit with a known outcome, {result.violations_hit} were violations: "
            f"precision {data['precision']}, recall {data['recall']}, lift {data['lift']}."
        )
    for title, counts in (("Authority", result.by_authority), ("Month", result.by_month)):
        lines += ["", f"{title:<12}{'Hit':>8}", *(f"{key or '-':<12}{hit:>8}" for key, hit in counts.items())]
    return "\n".join(lines)

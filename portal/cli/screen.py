"""The command that screens a file of declarations by the profiles in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.cli.moments import moment as moment_of
from portal.operations import screening
from portal.operations.screening import REFUSED, Screened
from portal.screening import mapping
from portal.screening.faults import Faulty
from portal.screening.flat_file import Read, read_file
from portal.screening.presented import Presented
from portal.store import authorities
from portal.store.authorities import Seen
from portal.store.session import acting
from portal.workflow.clock import now

_FILE = click.Path(path_type=Path)
#: Declarations in one transaction: few enough that another command or page never waits long.
BATCH = 200

Placed = dict[str, list[Presented]]
Found = list[tuple[str, Screened]]


@click.command("screen")
@click.argument("file", type=_FILE)
@click.option("--mapping", "mapping_file", type=_FILE, help="TOML file that maps source columns to fields.")
@click.option("--authority", metavar="CODE", help="Customs point or house, whatever the rows name.")
@click.option("--at", "at_text", metavar="MOMENT", help="2026-11-20T10:00+03:00; now by default.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def command(
    file: Path, mapping_file: Path | None, authority: str | None, at_text: str | None, as_json: bool
) -> None:
    """Screen FILE (CSV or Parquet), and store its declarations at the customs points that its rows name.

    Exits with 1 when a declaration was refused; the others are stored.
    """
    at = moment_of(at_text) if at_text else now()
    given = _read(file, mapping_file).declarations
    try:
        found, unusable = _screen_all(_places(given, authority), at)
        click.echo(json.dumps(_data(found, unusable), ensure_ascii=False) if as_json else _report(found))
    except SQLAlchemyError as error:
        raise database_not_ready(error) from None
    if unusable:
        click.echo(f"Profiles that cannot be judged: {', '.join(sorted(unusable))}", err=True)
    refused = [each for _, each in found if each.outcome == REFUSED]
    if refused:
        first = f"{refused[0].declaration_id}: {refused[0].refusal}"
        raise click.ClickException(
            f"{len(refused)} of {len(found)} declarations were refused; the first is {first}"
        )


def _pieces(given: list[Presented]) -> Iterator[list[Presented]]:
    """Cut a list into pieces of one transaction each."""
    for start in range(0, len(given), BATCH):
        yield given[start : start + BATCH]


def _read(file: Path, mapping_file: Path | None) -> Read:
    try:
        chosen = mapping.parse(_text(mapping_file)) if mapping_file else None
        read = read_file(file, chosen)
    except Faulty as reason:
        raise click.ClickException(" ".join(str(reason).split())) from None
    if read.refused:
        said = f"{read.refused} rows cannot be read; the first is {read.faults[0]}; nothing was screened"
        raise click.ClickException(" ".join(said.split()))
    if not read.declarations:
        raise click.ClickException(f"{file.name} has no declarations")
    return read


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path.name} is not a text in UTF-8") from None
    except OSError as reason:
        raise click.ClickException(f"{path.name} cannot be read: {reason.strerror}") from None


def _places(given: tuple[Presented, ...], code: str | None) -> Placed:
    """The declarations by the path of their point; every code is looked up before anything is screened."""
    known = {place.code: place for place in authorities.everywhere()}
    placed: Placed = {}
    for one in given:
        placed.setdefault(_place(one, code, known).path, []).append(one)
    return placed


def _place(one: Presented, code: str | None, known: dict[str, Seen]) -> Seen:
    named = code or str(one.header.get("authority") or "")
    if not named:
        raise click.ClickException(
            f"declaration {one.declaration_id} names no customs point, or several; give --authority"
        )
    place = known.get(named)
    if place is None:
        raise click.ClickException(f"no authority {named}; give --authority")
    if place.level not in ("regional", "point"):
        raise click.ClickException(
            f"{named} takes no declarations: it is neither a customs point nor a house"
        )
    return place


def _screen_all(places: Placed, at: datetime) -> tuple[Found, set[str]]:
    found: Found = []
    unusable: set[str] = set()
    for path, given in places.items():
        for piece in _pieces(given):
            with acting(path, "screen"):
                result = screening.screen(piece, path, at)
            found += [(path, each) for each in result.screened]
            unusable |= set(result.unusable)
    return found, unusable


def _data(found: Found, unusable: set[str]) -> dict[str, Any]:
    codes = {place.path: place.code for place in authorities.everywhere()}
    screened = [each for _, each in found]
    return {
        "declarations": len(screened),
        "channels": screening.Result(tuple(screened)).by_channel(),
        "outcomes": {
            name: sum(each.outcome == name for each in screened)
            for name in (screening.NEW, screening.UPDATED, screening.UNCHANGED, REFUSED)
        },
        "unusable_profiles": sorted(unusable),
        "results": [_line(codes[path], each) for path, each in found],
    }


def _line(code: str, each: Screened) -> dict[str, Any]:
    return {
        "declaration_id": each.declaration_id,
        "authority": code,
        "outcome": each.outcome,
        "channel": each.channel or None,
        "reason": each.refusal or each.reason % each.params,
        "hits": list(each.hits),
        "measures": list(each.measures),
        "questions": each.questions,
        "control_group": each.control,
        "released": each.released,
        "changes": [change.to_json() for change in each.changes],
    }


def _report(found: Found) -> str:
    screened = tuple(each for _, each in found)
    counted = screening.Result(screened).by_channel()
    lines = [f"Screened {len(screened)} declarations.", f"{'Channel':<10}{'Declarations':>14}"]
    lines += [f"{channel:<10}{count:>14}" for channel, count in counted.items()]
    for name in (screening.UPDATED, screening.UNCHANGED, REFUSED):
        number = sum(each.outcome == name for each in screened)
        lines += [f"{name.capitalize()}: {number}"] if number else []
    return "\n".join(lines)

"""`flask levels`: the tree of authorities, as it is printed and as it grows."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.levels.path import AuthorityPath
from portal.levels.tree import LEVELS, Misplaced
from portal.operations import administration
from portal.store import authorities
from portal.store.authorities import Seen
from portal.store.session import acting

group = AppGroup("levels", help="The four levels of the customs tree.")


@group.command("tree")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
def tree(as_json: bool) -> None:
    """Print every authority under the one above it, with its units."""
    try:
        found = [_described(seen) for seen in authorities.everywhere()]
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for authority in found:
        depth = len(AuthorityPath(authority["path"]).above)
        click.echo(f"{'  ' * depth}{authority['code']}  {authority['name']}  ({_level(authority)})")
        for unit in authority["units"]:
            click.echo(f"{'  ' * depth}    · {_unit(unit)}")


def _described(seen: Seen) -> dict[str, Any]:
    with acting(seen.path, "levels.tree", writes=False):
        units = [
            {"name": unit.name_en, "directions": unit.directions, "coordination": unit.is_coordination}
            for unit in authorities.units_of(seen.path)
        ]
    return {
        "code": seen.code,
        "path": seen.path,
        "level": seen.level,
        "state": seen.state,
        "name": seen.name_en,
        "name_ru": seen.name_ru,
        "zone": seen.zone,
        "units": units,
    }


def _level(authority: dict[str, Any]) -> str:
    label = LEVELS[authority["level"]].label.lower()
    return f"{label}, {authority['state']}" if authority["state"] else label


def _unit(unit: dict[str, Any]) -> str:
    if unit["coordination"]:
        return f"{unit['name']} (coordination unit)"
    return f"{unit['name']} (directions {', '.join(str(number) for number in unit['directions'])})"


@group.command("add")
@click.option("--code", required=True, help="Eight digits, unlike any other authority's.")
@click.option("--level", required=True, type=click.Choice(sorted(LEVELS)))
@click.option("--under", default="", help="Code of the authority above; none for the union.")
@click.option("--label", default="", help="Its part of the path; by default the code.")
@click.option(
    "--state", default="", help="Two letters, for a central customs; beneath it that of the authority above."
)
@click.option("--name", "name_en", required=True)
@click.option("--name-ru", default="")
@click.option("--zone", required=True, help="Such as Europe/Moscow.")
def add(
    code: str, level: str, under: str, label: str, state: str, name_en: str, name_ru: str, zone: str
) -> None:
    """Found an authority with its registers and its coordination unit."""
    if not (code.isascii() and code.isdigit() and len(code) == 8):
        raise click.ClickException(f"{code!r} is no code of eight digits.")
    if level == "central" and not (len(state) == 2 and state.isascii() and state.isupper()):
        raise click.ClickException("A central customs needs --state, two capital letters.")
    try:
        ZoneInfo(zone)
        place, state = _place(label or code, under, state)
        with acting(place.text, "levels.add"):
            founded = administration.found_authority(
                place.text, code, level, state, name_en, name_ru or name_en, zone
            )
            if level != "union":
                administration.found_unit(
                    founded, "Risk management unit", "Отдел управления рисками", coordination=True
                )
    except (Misplaced, ValueError, KeyError) as error:
        raise click.ClickException(str(error)) from error
    except IntegrityError as error:
        raise click.ClickException(
            f"There is an authority {code}, or one at {place.text}, already."
        ) from error
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"{code} founded at {place.text}")


def _place(label: str, under: str, state: str) -> tuple[AuthorityPath, str]:
    """The path of the new authority, and its state.

    Raises:
        ValueError: the label is none, or no authority has the code above.
    """
    if not under:
        return AuthorityPath(f"{label}."), state
    above = next((seen for seen in authorities.everywhere() if seen.code == under), None)
    if above is None:
        raise ValueError(f"No authority has the code {under!r}.")
    return AuthorityPath(above.path).child(label), state or above.state

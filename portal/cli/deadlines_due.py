"""`flask deadlines due`: when a limit of the procedure ends, counted day by day."""

import json
from datetime import datetime

import click
from flask import has_app_context

from portal.cli.moments import moment
from portal.store.calendar_seed import ZONES, seeded_calendar
from portal.store.calendars import calendar_or_seed
from portal.workflow.calendar import Counted, WorkingCalendar
from portal.workflow.clocks import LIMITS, Limit, due


def calendar_for(state: str) -> WorkingCalendar:
    """The calendar in use for `state`, a key of ZONES: the portal's own, or the seed where it has none."""
    return calendar_or_seed(state) if has_app_context() else seeded_calendar(state)


@click.command("due")
@click.option("--limit", "limit_name", required=True, metavar="NAME", help="; ".join(LIMITS))
@click.option("--state", required=True, metavar="CODE", help=", ".join(ZONES))
@click.option("--from", "start_text", required=True, metavar="MOMENT", help="2025-04-25T15:00+03:00")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
def command(limit_name: str, state: str, start_text: str, as_json: bool) -> None:
    """Print when a limit ends and the working days counted."""
    limit = _limit(limit_name)
    if state not in ZONES:
        raise click.ClickException(f"No state {state!r}. States: {', '.join(ZONES)}.")
    counted = due(limit, moment(start_text), calendar_for(state))
    if counted.provisional:
        click.echo(f"Provisional: not every day off of {state} in this period is decreed yet.", err=True)
    click.echo(_as_json(counted) if as_json else _in_words(limit, counted))


def _limit(name: str) -> Limit:
    if name not in LIMITS:
        raise click.ClickException(f"No limit {name!r}. Limits: {', '.join(LIMITS)}.")
    return LIMITS[name]


def _as_json(counted: Counted) -> str:
    return json.dumps({"due": _iso(counted.due_at), "counted": [day.isoformat() for day in counted.counted]})


def _in_words(limit: Limit, counted: Counted) -> str:
    days = ", ".join(day.isoformat() for day in counted.counted)
    return f"{limit.name}: due {_iso(counted.due_at)}; counted {days}"


def _iso(moment: datetime) -> str:
    whole_minute = moment.second == moment.microsecond == 0
    return moment.isoformat(timespec="minutes" if whole_minute else "auto")

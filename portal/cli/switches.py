"""`flask read-only` and `flask drain`: the operator's switches, which need no restart."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from portal.store import switches

_STATE = click.Choice(["on", "off", "status"])


@click.command("read-only")
@click.argument("state", type=_STATE)
@with_appcontext
def read_only(state: str) -> None:
    """Let the portal be read and nothing be done: acts are answered with 503, jobs rest."""
    _turn(switches.READ_ONLY, state)
    word = "on" if switches.read_only() else "off"
    click.echo(f"read-only is {word}" + (" by PORTAL_READ_ONLY" if _by_environment() else ""))


@click.command("drain")
@click.argument("state", type=_STATE)
@with_appcontext
def drain(state: str) -> None:
    """Let /readyz of this machine say 503, so that a balancer sends its requests elsewhere."""
    _turn(switches.STOPPING, state)
    click.echo(f"drain is {'on' if switches.stopping() else 'off'}")


def _turn(name: str, state: str) -> None:
    if state != "status":
        switches.turn(name, state == "on")


def _by_environment() -> bool:
    return switches.read_only() and not switches.is_on(switches.READ_ONLY)

"""The commands of the operator, a file for each noun."""

from __future__ import annotations

import click

from portal.cli.deadlines import group as deadlines
from portal.cli.demo import command as demo
from portal.cli.prepare import command as prepare

COMMANDS: tuple[click.Command, ...] = (deadlines, demo, prepare)

"""The commands of the operator, a file for each noun."""

from __future__ import annotations

import click

from portal.cli.deadlines import group as deadlines
from portal.cli.demo import command as demo
from portal.cli.prepare import command as prepare
from portal.cli.scheduler import command as scheduler

COMMANDS: tuple[click.Command, ...] = (deadlines, demo, prepare, scheduler)

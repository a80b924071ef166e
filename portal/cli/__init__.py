"""The commands of the operator, a file for each noun."""

from __future__ import annotations

import click

from portal.cli.deadlines import group as deadlines
from portal.cli.demo import command as demo
from portal.cli.history import group as history
from portal.cli.prepare import command as prepare
from portal.cli.scheduler import command as scheduler
from portal.cli.screen import command as screen

COMMANDS: tuple[click.Command, ...] = (deadlines, demo, history, prepare, scheduler, screen)

"""The commands of the operator, a file for each noun."""

from __future__ import annotations

import click

from portal.cli.deadlines import group as deadlines

COMMANDS: tuple[click.Command, ...] = (deadlines,)

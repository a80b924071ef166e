"""The commands of the operator, a file for each noun."""

from __future__ import annotations

import click

from portal.cli.audit import group as audit
from portal.cli.deadlines import group as deadlines
from portal.cli.demo import command as demo
from portal.cli.history import group as history
from portal.cli.levels import group as levels
from portal.cli.prepare import command as prepare
from portal.cli.registers import group as registers
from portal.cli.scheduler import command as scheduler
from portal.cli.screen import command as screen
from portal.cli.switches import drain, read_only
from portal.cli.users import group as users

COMMANDS: tuple[click.Command, ...] = (
    audit,
    deadlines,
    demo,
    drain,
    history,
    levels,
    prepare,
    read_only,
    registers,
    scheduler,
    screen,
    users,
)

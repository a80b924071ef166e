"""The commands of the operator, a file for each noun."""

from __future__ import annotations

import click

from portal.cli.audit import group as audit
from portal.cli.backup import bring_back as restore
from portal.cli.backup import make as backup
from portal.cli.deadlines import group as deadlines
from portal.cli.demo import command as demo
from portal.cli.doctor import command as doctor
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
    backup,
    deadlines,
    demo,
    doctor,
    drain,
    history,
    levels,
    prepare,
    read_only,
    registers,
    restore,
    scheduler,
    screen,
    users,
)

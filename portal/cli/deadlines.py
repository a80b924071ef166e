"""Commands on deadlines."""

import click

from portal.cli.deadlines_due import command as due
from portal.cli.deadlines_sweep import command as sweep


@click.group("deadlines")
def group() -> None:
    """Deadlines of the procedure."""


group.add_command(due)
group.add_command(sweep)

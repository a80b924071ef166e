"""Commands on deadlines."""

import click

from portal.cli.deadlines_due import command as due


@click.group("deadlines")
def group() -> None:
    """Deadlines of the procedure."""


group.add_command(due)

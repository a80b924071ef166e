"""`flask scheduler`: the process that wakes the jobs of the timetable."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta

import click
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.failures import database_not_ready
from portal.jobs.scheduler import TTL, Scheduler


@click.command("scheduler")
@click.option(
    "--ttl",
    type=click.FloatRange(min=0.5),
    default=TTL.total_seconds(),
    show_default=True,
    help="Seconds the lease lasts.",
)
def command(ttl: float) -> None:
    """Run the timetable, or stand by while another process runs it.

    SIGTERM and SIGINT end it: the running job is finished, the lease given back, and it exits with 0.
    """
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda number, frame: stop.set())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        Scheduler(app, timedelta(seconds=ttl), say=lambda words: click.echo(f"scheduler: {words}")).run(stop)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo("scheduler: stopped")

"""The timetable: what the portal does by itself, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.operations import checkpoints, outbox, summaries, sweeping, validity


@dataclass(frozen=True)
class Job:
    """One line of the timetable.

    Attributes:
        run: a plain function of the present moment, safe to run twice and in two processes at once.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]


def write_summaries(at: datetime) -> object:
    """Each state's summaries for the union, as of now."""
    return summaries.write_all()


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

TIMETABLE: tuple[Job, ...] = (
    Job("deadlines.sweep", MINUTE, sweeping.sweep),
    Job("outbox.deliver", MINUTE, outbox.deliver),
    Job("profiles.validity", 5 * MINUTE, validity.keep),
    Job("union.summaries", HOUR, write_summaries),
    Job("audit.checkpoints", HOUR, checkpoints.daily),  # once on each authority's own day
)

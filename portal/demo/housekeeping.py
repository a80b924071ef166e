"""What the portal did by itself in the weeks before: alerts, dates of profiles, and mails that have long been sent."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.demo.timeline import Timeline
from portal.demo.tree import STATES, centre_of
from portal.models import OutboxMessage
from portal.operations import checkpoints, summaries, sweeping, validity
from portal.store.session import acting, session

#: For how many days before the loading the portal kept dates and raised alerts.
DAYS = 20
_EARLY = time(3)


def lay_out(timeline: Timeline) -> None:
    """Put one round on each of the last days, the last one at the anchor, then the sums and the checkpoints."""
    for back in range(DAYS, 0, -1):
        day = timeline.anchor.date() - timedelta(days=back)
        timeline.add(datetime.combine(day, _EARLY, timeline.anchor.tzinfo), _round)
    for last in (_round, _sums, _seals):
        timeline.add(timeline.anchor, last)


def _round(at: datetime) -> None:
    validity.keep(at)
    sweeping.sweep(at)


def _sums(at: datetime) -> None:
    summaries.write_all()


def _seals(at: datetime) -> None:
    checkpoints.daily(at)


def send_mails(at: datetime) -> None:
    """Mark the mails of the past as sent: nobody waits for them any more."""
    for path in ("eeu.", *(centre_of(state).path for state in STATES)):
        with acting(path, "demonstration"):
            for message in session().scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))):
                message.sent_at, message.attempts = at, 1

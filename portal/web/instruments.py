"""The instruments of `/metrics`: none holds a word of any tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.models import Declaration
from portal.store import figures
from portal.store.gateway import ScopedSession
from portal.store.session import session

REQUESTS = Counter("portal_requests", "Requests answered.", ["endpoint", "method", "status"])
SECONDS = Histogram(
    "portal_request_seconds",
    "Time from the arrival of a request at its worker to its answer.",
    ["endpoint"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
SCREENED = Counter("portal_declarations_screened", "Declarations screened.", ["channel"])
#: By name: what is read from the database at the moment of collecting.
GAUGES = {
    "overdue": ("portal_stages_overdue", "Open stages whose limit has passed."),
    "waiting": ("portal_outbox_waiting", "Messages that wait to be sent."),
    "failed": ("portal_outbox_failed", "Messages that wait after a failed attempt."),
    "scheduler_still": (
        "portal_scheduler_still_seconds",
        "For how long no scheduler has led; 0 while one does.",
    ),
}


@event.listens_for(ScopedSession, "after_flush")
def _collect(opened: Session, context: object) -> None:
    channels = [row.channel for row in opened.new if isinstance(row, Declaration)]
    opened.info.setdefault("screened", []).extend(channels)


@event.listens_for(ScopedSession, "after_commit")
def _count(opened: Session) -> None:
    for channel in opened.info.pop("screened", []):
        SCREENED.labels(channel).inc()


@event.listens_for(ScopedSession, "after_soft_rollback")
def _forget(opened: Session, previous: Any) -> None:
    if not previous.nested:
        opened.info.pop("screened", None)


class State(Collector):
    """What the database says now; while it does not answer, that alone is told."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = figures.state()
        except SQLAlchemyError:
            session().rollback()
            yield GaugeMetricFamily("portal_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers.", value=1)
        for key, (name, help_text) in GAUGES.items():
            yield GaugeMetricFamily(name, help_text, value=found[key])


def exposition() -> tuple[bytes, str]:
    """The counts of all workers with the state of the moment, in the text form of Prometheus."""
    state = CollectorRegistry()
    state.register(State())
    counts: CollectorRegistry = REGISTRY
    if _shared():
        counts = CollectorRegistry()
        MultiProcessCollector(counts)  # type: ignore[no-untyped-call]
    return generate_latest(counts) + generate_latest(state), CONTENT_TYPE_LATEST


def _shared() -> bool:
    """Whether the library was loaded after the folder was chosen, and so counts in files."""
    from prometheus_client import values

    return bool(values.ValueClass.__name__ == "MmapedValue")

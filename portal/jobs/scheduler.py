"""Runs the timetable in one process at a time: the one that holds the lease (design §6)."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from portal.jobs.timetable import TIMETABLE, Job
from portal.store import lease, switches
from portal.store.engine import writing
from portal.store.session import session
from portal.workflow.clock import now

LEASE = lease.SCHEDULER
TTL = timedelta(seconds=15)
#: However late a job wakes it runs, once: what is due is asked of the tables and not of the clock.
_WAKING = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
log = logging.getLogger(__name__)


class Scheduler:
    """A candidate for the lease, which runs the timetable while it holds it.

    A second process waits; it takes over at once when the first is stopped, and within `ttl` when it is killed.
    The lease saves work and not correctness: every job is safe in two processes at once.
    """

    def __init__(
        self,
        app: Flask,
        ttl: timedelta = TTL,
        jobs: Sequence[Job] = TIMETABLE,
        say: Callable[[str], None] = log.info,
    ) -> None:
        self.app, self.ttl, self.jobs, self.say = app, ttl, jobs, say
        self.holder = f"{os.uname().nodename[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.epoch: int | None = None
        self._running: BackgroundScheduler | None = None

    def run(self, stop: threading.Event) -> None:
        """Stand for the lease until `stop` is set; then finish what runs and give the lease back.

        Raises:
            SQLAlchemyError: at the start, when the database does not answer or has no tables.
        """
        self._lay()
        try:
            while not stop.is_set():
                self.turn()
                stop.wait(self.ttl.total_seconds() / 3)
        finally:
            self._step_down(wait=True)
            self._release()

    def turn(self) -> None:
        """Take the lease or prolong it, and begin or end the timetable accordingly."""
        try:
            epoch = self._take()
        except SQLAlchemyError as error:  # without an answer nobody knows who leads: it is not we
            log.warning("the lease could not be asked for: %s", error)
            epoch = None
        if epoch != self.epoch:
            self._step_down(wait=False)
            if epoch is not None:
                self._lead(epoch)

    def _lead(self, epoch: int) -> None:
        self.epoch = epoch
        self._running = BackgroundScheduler(timezone=UTC, job_defaults=_WAKING)
        for job in self.jobs:
            self._running.add_job(
                self._wake,
                "interval",
                seconds=job.every.total_seconds(),
                args=(job, epoch),
                id=job.name,
                next_run_time=now(),
            )
        self._running.start()
        self.say(f"leading, epoch {epoch}")

    def _wake(self, job: Job, epoch: int) -> None:
        """Run one job, unless another has led since."""
        with self.app.app_context():
            if not lease.holds(LEASE, self.holder, epoch):
                return
            session().rollback()
            if switches.read_only():
                log.info("%s rests: the portal is for reading only", job.name)
                return
            try:
                log.info("%s: %s", job.name, job.run(now()))
            except Exception:
                log.exception("%s failed and is tried again in %s", job.name, job.every)

    def _step_down(self, *, wait: bool) -> None:
        if self._running is not None:
            self._running.shutdown(wait=wait)
            self._running, self.epoch = None, None
            self.say("stepped down")

    def _lay(self) -> None:
        with self.app.app_context(), writing(), suppress(IntegrityError):  # another laid it just now
            lease.lay(LEASE)
            session().commit()

    def _take(self) -> int | None:
        with self.app.app_context(), writing():
            epoch = lease.take(LEASE, self.holder, self.ttl)
            session().commit()
            return epoch

    def _release(self) -> None:
        with suppress(SQLAlchemyError), self.app.app_context(), writing():
            lease.release(LEASE, self.holder)
            session().commit()

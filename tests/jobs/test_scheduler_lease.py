"""The scheduler leads only while it holds the lease, and a former leader's jobs do not run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from portal.jobs.scheduler import LEASE, Scheduler
from portal.jobs.timetable import TIMETABLE, Job
from portal.store import lease
from portal.store.engine import writing
from portal.store.session import session

TTL = timedelta(seconds=30)
HOUR = timedelta(hours=1)


def a_job(run: Callable[[datetime], object]) -> Job:
    return Job("test.job", HOUR, run)


def end_of_lease(app: Flask) -> None:
    """Whoever holds it has fallen silent for longer than it lasts."""
    with app.app_context(), writing():
        holder = session().execute(lease.raw(lease.select(lease.Lease.holder), "test")).scalar_one()
        lease.release(LEASE, holder)
        session().commit()


def candidates(app: Flask, *runs: Callable[[datetime], object]) -> list[Scheduler]:
    made = [Scheduler(app, TTL, [a_job(run)]) for run in runs]
    for scheduler in made:
        scheduler._lay()
    return made


def test_one_of_two_leads_and_the_epoch_grows_with_each_holder(app: Flask) -> None:
    first, second = candidates(app, lambda at: None, lambda at: None)
    try:
        for scheduler in (first, second, first, second):
            scheduler.turn()
        assert (first.epoch, second.epoch) == (1, None)
        end_of_lease(app)
        second.turn()
        first.turn()
        assert (first.epoch, second.epoch) == (None, 2)
    finally:
        for scheduler in (first, second):
            scheduler._step_down(wait=True)


def test_the_leader_runs_its_jobs_at_once_in_utc(app: Flask) -> None:
    ran: list[datetime] = []
    done = threading.Event()
    (leader,) = candidates(app, lambda at: (ran.append(at), done.set()))
    try:
        leader.turn()
        assert done.wait(10)
    finally:
        leader._step_down(wait=True)
    assert ran[0].utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - ran[0]) < timedelta(minutes=1)


def test_a_former_leader_runs_nothing(app: Flask) -> None:
    """It slept through the end of its lease and wakes with the old epoch."""
    ran: list[datetime] = []
    first, second = candidates(app, ran.append, lambda at: None)
    job = first.jobs[0]
    with app.app_context(), writing():
        assert lease.take(LEASE, first.holder, TTL) == 1
        session().commit()
    first._wake(job, 1)
    assert len(ran) == 1
    end_of_lease(app)
    first._wake(job, 1)
    with app.app_context(), writing():
        assert lease.take(LEASE, second.holder, TTL) == 2
        session().commit()
    first._wake(job, 1)
    assert len(ran) == 1


def test_a_job_that_fails_leaves_the_scheduler_running(app: Flask) -> None:
    def fails(at: datetime) -> None:
        raise RuntimeError("poison")

    (leader,) = candidates(app, fails)
    with app.app_context(), writing():
        lease.take(LEASE, leader.holder, TTL)
        session().commit()
    leader._wake(leader.jobs[0], 1)
    leader._wake(leader.jobs[0], 1)


def test_a_stopped_scheduler_gives_the_lease_back(app: Flask) -> None:
    said: queue.Queue[str] = queue.Queue()
    stop = threading.Event()
    stop.set()
    scheduler = Scheduler(app, TTL, [], said.put)
    scheduler.run(stop)
    assert said.empty()
    other = Scheduler(app, TTL, [], said.put)
    running = threading.Thread(target=other.run, args=(stop := threading.Event(),))
    running.start()
    try:
        assert said.get(timeout=30) == "leading, epoch 1"
    finally:
        stop.set()
        running.join(30)
    assert said.get(timeout=0) == "stepped down"
    assert said.empty()
    third = Scheduler(app, TTL, [])
    third.turn()
    try:
        assert third.epoch == 2
    finally:
        third._step_down(wait=True)


def test_the_timetable_is_as_the_design_says() -> None:
    assert {job.name: job.every for job in TIMETABLE} == {
        "deadlines.sweep": timedelta(minutes=1),
        "outbox.deliver": timedelta(minutes=1),
        "profiles.validity": timedelta(minutes=5),
        "union.summaries": timedelta(hours=1),
        "audit.checkpoints": timedelta(hours=1),
    }

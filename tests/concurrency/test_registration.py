"""32 clients register drafts at once, some fail, some are killed: no gap, no duplicate, nothing acknowledged lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import create_app
from portal.levels.roles import Post
from portal.models import Document, Register, RegisterEntry
from portal.operations import procedure
from portal.store.session import acting
from tests.cast import HOUSE
from tests.conftest import SETTINGS, environment
from tests.office import Office

CLIENTS, EACH = 32, 2
KILLED = 6
#: What a portal imports when it is made: imported once, where each of the clients would take a second for it.
READY = ["tests.office", "tests.conftest", "portal.web.context", "portal.blueprints", "portal.cli"]

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


class Late(RuntimeError):
    """A failure after the number was taken, before it was committed."""


def client(url: str, folder: str, drafts: list[int], acknowledged: str, seed: int) -> None:
    """Register each draft; one in five fails late and is tried again. Every commit is written down at once."""
    chance = random.Random(seed)
    app = create_app(SETTINGS, environment(url, Path(folder)))
    registrar = Office(app).acts(HOUSE, Post.REGISTRAR, "risk")
    done = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for draft in drafts:
        fails = chance.random() < 0.2
        while True:
            try:
                with app.app_context(), acting(HOUSE, "test") as mine:
                    document = procedure.load(draft)
                    procedure.advance(document, registrar, "register", {})
                    number = document.number
                    if fails:
                        fails = False
                        raise Late
                    mine.flush()
                break
            except Late:
                continue
        os.write(done, f"{draft} {number}\n".encode())


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_numbers_have_no_gap_whatever_fails(app: Flask, database_url: str, tmp_path: Path) -> None:
    office = Office(app)
    drafts = [office.agreed_draft() for _ in range(CLIENTS * EACH)]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(READY)
    acknowledged = tmp_path / "acknowledged"
    clients = [
        context.Process(
            target=client,
            args=(database_url, str(tmp_path), drafts[i * EACH : (i + 1) * EACH], str(acknowledged), i),
        )
        for i in range(CLIENTS)
    ]
    for process in clients:
        process.start()
    _kill_some(clients, acknowledged)
    for process in clients:
        process.join(120)
        assert not process.is_alive(), "a client hangs"
    assert any(process.exitcode == -signal.SIGKILL for process in clients), "none was killed at its work"
    told = dict(line.split() for line in acknowledged.read_text().splitlines())
    assert len(told) > CLIENTS * EACH // 2, "most clients went on"
    _check(app, told)


def _kill_some(clients: list[Any], acknowledged: Path) -> None:
    """Kill clients in the middle of their work, not before it begins. One may end before its turn comes."""
    until = time.monotonic() + 60
    while time.monotonic() < until and not (acknowledged.exists() and acknowledged.stat().st_size > 200):
        time.sleep(0.01)
    chance = random.Random(7)
    for _ in range(KILLED):
        alive = [process for process in clients if process.is_alive()]
        if alive:
            chance.choice(alive).kill()
            time.sleep(0.02)


def _check(app: Flask, told: dict[str, str]) -> None:
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        register = mine.scalars(
            select(Register).where(Register.authority_path == HOUSE, Register.kind == "draft")
        ).one()
        entries = mine.scalars(
            select(RegisterEntry)
            .where(RegisterEntry.register_id == register.id)
            .order_by(RegisterEntry.serial)
        ).all()
        assert [e.serial for e in entries] == list(range(1, register.last_serial + 1)), "gaps or duplicates"
        assert len({e.number for e in entries}) == len(entries)
        kept = {str(e.document_id): e.number for e in entries}
        assert {d: kept.get(d) for d in told} == told, "an acknowledged number was lost"
        for number, status in mine.execute(select(Document.number, Document.status)):
            assert (number is not None) == (status == "registered")

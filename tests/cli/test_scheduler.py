"""`flask scheduler` as processes: one leads, a killed leader is followed, a stopped one hands over at once."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
#: Long enough that a leader on a busy machine renews its lease in time.
TTL = 4.0
#: Seconds that a busy machine may take to start a process or to let one speak; and to let one do what is due.
PATIENCE, SLOWNESS = 120, 20


class Process:
    """A scheduler process and what it says of itself, among the mails that it shows."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-u", "-m", "flask", "--app", "wsgi", "scheduler", "--ttl", str(TTL)]
        self.running = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.running.stdout is not None
        for line in self.running.stdout:
            if line.startswith("scheduler: "):
                self.lines.put(line.strip())

    def says(self, within: float) -> str:
        return self.lines.get(timeout=within)

    def silent(self) -> bool:
        return self.lines.empty() and self.running.poll() is None

    def end(self) -> None:
        self.running.kill()
        self.running.wait()
        for pipe in (self.running.stdout, self.running.stderr):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def environment(app: Flask, database_url: str, tmp_path: Path) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": database_url, "PORTAL_DATA_DIR": str(tmp_path)}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[type[Process]]:
    started: list[Process] = []

    def start() -> Process:
        started.append(Process(environment))
        return started[-1]

    yield start  # type: ignore[misc]
    for process in started:
        process.end()


@pytest.mark.slow
def test_a_killed_leader_is_followed_and_a_stopped_one_hands_over(start: type[Process]) -> None:
    first = start()
    assert first.says(PATIENCE) == "scheduler: leading, epoch 1"
    second = start()
    time.sleep(TTL * 1.5)
    assert second.silent()
    first.running.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    assert second.says(PATIENCE) == "scheduler: leading, epoch 2"
    assert time.monotonic() - killed < TTL + TTL / 3 + SLOWNESS
    third = start()
    time.sleep(TTL)
    assert third.silent()
    second.running.send_signal(signal.SIGTERM)
    assert third.says(PATIENCE) == "scheduler: leading, epoch 3"
    assert second.running.wait(PATIENCE) == 0
    assert [second.says(PATIENCE), second.says(PATIENCE)] == ["scheduler: stepped down", "scheduler: stopped"]
    third.running.send_signal(signal.SIGTERM)
    assert third.running.wait(PATIENCE) == 0


def test_without_tables_it_says_so_in_one_line(tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}",
        "PORTAL_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr == "Error: The database is not ready: no such table: lease\n"

"""The portal as `scripts/serve.py` runs it, web server and scheduler, and the work of its processes."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load.stand import KEY, Stand
from scripts import serve

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@dataclass(frozen=True)
class Served:
    """A portal that runs."""

    port: int
    server: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """Seconds of processors that the web server and its workers have used."""
        return sum(_seconds(one) for one in _family(self.server.pid))


@contextmanager
def served(stand: Stand) -> Iterator[Served]:
    """Run the portal until the end; what it says goes to a file of its folder.

    Raises:
        RuntimeError: it was not ready in time.
    """
    port, log = _free_port(), stand.folder / "log"
    variables = os.environ | {
        "DATABASE_URL": stand.url, "PORTAL_MIGRATION_URL": stand.owner, "PORTAL_DATA_DIR": str(stand.folder),
        "SECRET_KEY": KEY, "PORT": str(port), "PORTAL_IDLE_MINUTES": "600",
    }  # fmt: skip
    running: list[subprocess.Popen[bytes]] = []
    with log.open("wb") as said:
        try:
            for command in (serve.web_server(port), serve.flask("scheduler")):
                running.append(subprocess.Popen(command, cwd=ROOT, env=variables, stdout=said, stderr=said))
            _await(port, log)
            yield Served(port, running[0], log)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(serve.PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return int(probe.getsockname()[1])


def _await(port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if _ready(port):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the portal was not ready within {PATIENCE:.0f} s: {log.read_text()[-2000:]}")


def _ready(port: int) -> bool:
    line = http.client.HTTPConnection(serve.HOST, port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _family(process: int) -> Iterator[int]:
    """A process and all that it began."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

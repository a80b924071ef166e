"""Serve the portal: prepare the database, then run the web server beside the scheduler until one of them ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import config  # noqa: E402

HOST = "127.0.0.1"
PATIENCE = 20.0


class Stopped(Exception):
    """The operator asked the portal to stop."""


def main() -> int:
    """Exit code 0 when the operator stopped the portal, else that of what failed."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _stop)
    try:
        environment = config.read()
        _refuse_taken(environment.port)
    except (config.Misconfigured, OSError) as reason:
        print(f"The portal does not start: {reason}", file=sys.stderr)
        return 1
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        if code := subprocess.run(flask("prepare"), cwd=ROOT, check=False).returncode:
            return code
        for name, command in (
            ("web server", web_server(environment.port)),
            ("scheduler", flask("scheduler")),
        ):
            running[name] = subprocess.Popen(command, cwd=ROOT)
        return _watch(running, environment.port)
    except Stopped:
        return 0
    finally:
        _end(running, environment)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _refuse_taken(port: int) -> None:
    """Raises OSError when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OSError(f"port {port} is taken; choose another: PORT=8001 make run") from error


def flask(command: str) -> list[str]:
    """The command line of one of the portal's commands."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", command]


def web_server(port: int) -> list[str]:
    """The command line of the web server: processes and threads as they are in production."""
    shape = "--interface wsgi --workers 2 --blocking-threads 16 --no-ws --respawn-failed-workers"
    options = [*shape.split(), "--log-level", "warning", "--host", HOST, "--port", str(port)]
    return [sys.executable, "-m", "granian", *options, "wsgi:app"]


def _watch(running: dict[str, subprocess.Popen[bytes]], port: int) -> int:
    """Wait until a process ends, which none should; say which."""
    said = False
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                print(f"The {name} ended with code {process.returncode}; the portal stops.", file=sys.stderr)
                return 1
        if not said and (said := _answers(port)):
            print(f"\nThe portal is at http://{HOST}:{port}/ (Ctrl-C stops it)", flush=True)
        time.sleep(0.2)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _end(running: dict[str, subprocess.Popen[bytes]], environment: config.Environment) -> None:
    """Let balancers see that the portal goes, ask all to stop, wait for running requests, then insist."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    if environment.drain_seconds and running:
        (environment.data_dir / f"stopping.{os.uname().nodename}").touch()
        time.sleep(environment.drain_seconds)
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())

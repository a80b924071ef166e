"""Two workers of the web server count as one portal, log as JSON, forget the counts of an earlier run, and see where a
request ends.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from tests.conftest import on_one_database

ROOT = Path(__file__).parents[2]
TOKEN = "a token of the operator"
REQUESTS = 200


@pytest.fixture
def address(app: Flask, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Two workers on a free port; what they log is in `log`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": database_url, "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_METRICS_TOKEN": TOKEN,
        "PORTAL_LOG": "json",
    }  # fmt: skip
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    options = "--interface wsgi --workers 2 --blocking-threads 2 --no-ws --log-level warning --host 127.0.0.1"
    command = [sys.executable, "-m", "granian", *options.split(), "--port", str(port), "wsgi:app"]
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
    try:
        yield _answering(f"http://127.0.0.1:{port}", tmp_path)
    finally:
        running.terminate()
        try:
            running.wait(20)
        finally:
            running.kill()
            running.wait()


def _answering(address: str, folder: Path) -> str:
    """The address once both workers have answered: one that is told to stop before it has begun does not hear it."""
    with ThreadPoolExecutor(8) as pool:
        for _ in range(300):
            list(pool.map(_alive, [address] * 8))
            if len(pids(folder)) == 2:
                return address
            time.sleep(0.1)
    raise AssertionError("the workers did not begin")


def _alive(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5):
            return True
    except (URLError, ConnectionError):
        return False


def pids(folder: Path) -> set[str]:
    """The workers that have counted a request."""
    return {file.name.split("_")[1] for file in (folder / "metrics").glob("*.db")}


def counted(address: str) -> float:
    asked = Request(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urlopen(asked, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    name = 'portal_requests_total{endpoint="sign_in.form",method="GET",status="200"} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


def fetch(address: str) -> str:
    with urlopen(f"{address}/sign-in", timeout=20) as answer:
        return str(answer.headers["X-Request-ID"])


@pytest.mark.slow
def test_the_counts_of_all_workers_are_one_and_each_request_has_its_line(
    address: str, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: fetch(address), range(REQUESTS)))
    assert {counted(address) for _ in range(6)} == {REQUESTS}, "whichever worker is asked"
    assert len(set(ids)) == REQUESTS
    assert len(pids(tmp_path)) == 2, "both have answered"
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    logged = [line["request_id"] for line in lines if line["event"] == "request"]
    assert set(ids) <= set(logged)


def test_a_new_run_forgets_the_counts_of_an_earlier_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.demo import loading

    monkeypatch.setattr(loading, "fill", lambda: False)
    folder = app.config["ENVIRONMENT"].data_dir / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").touch()
    assert app.test_cli_runner().invoke(args=["drain", "on"]).exit_code == 0
    answer = app.test_cli_runner().invoke(args=["prepare"])
    assert answer.exit_code == 0, answer.output
    assert list(folder.glob("*.db")) == []
    assert app.test_cli_runner().invoke(args=["drain", "status"]).output == "drain is off\n"


HIDDEN = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#: What two servers could end at different places, so that the second takes the rest for another request.
AMBIGUOUS = {
    "a length and chunks": f"Content-Length: {len(HIDDEN) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": f"Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n",
    "an unknown encoding": f"Content-Length: {len(HIDDEN) + 5}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": f"Content-Length : {len(HIDDEN)}\r\n\r\n",
    "a length with a sign": f"Content-Length: +{len(HIDDEN)}\r\n\r\n",
    "a folded line": f"X-Any: a\r\n Content-Length: {len(HIDDEN)}\r\n\r\n",
    "no length of a chunk": "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
}


def answers(address: str, sent: str) -> tuple[int, bool]:
    """How many answers come to what is sent on one connection, and whether the server then closed it."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(sent.encode())
        line.settimeout(1)
        got = b""
        try:
            while piece := line.recv(65536):
                got += piece
        except TimeoutError:
            return got.count(b"HTTP/1."), False
    return got.count(b"HTTP/1."), True


@pytest.mark.slow
@on_one_database
def test_no_request_hides_behind_another(address: str) -> None:
    assert answers(address, HIDDEN + HIDDEN) == (2, False), "two honest ones are answered"
    found = {name: answers(address, f"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}{HIDDEN}")
             for name, head in AMBIGUOUS.items()}  # fmt: skip
    assert found == dict.fromkeys(AMBIGUOUS, (1, True))

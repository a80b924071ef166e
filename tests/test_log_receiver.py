"""The log goes to another machine too, over TLS: whole, in order, and without anybody waiting for it."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from portal import log_receiver, logs
from portal.log_receiver import Receiver
from tests.browser import Browser
from tests.conftest import on_one_database
from tests.tls import Authority, Listener, listening

FORM = re.compile(r"<(\d+)>1 (\S+Z) (\S+) portal (\d+) - - (.*)", re.DOTALL)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    monkeypatch.setattr(log_receiver, "RESTS", 0.02)
    monkeypatch.setattr(log_receiver, "PARTS", 0.3)
    return made


@pytest.fixture
def files(authority: Authority) -> tuple[Path, Path]:
    return authority.issue("localhost")


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root of all loggers, put back as it was."""
    found = logging.getLogger()
    before, level = found.handlers[:], found.level
    yield found
    found.handlers[:] = before
    found.setLevel(level)


def told(listener: Listener, count: int) -> list[tuple[int, dict[str, Any]]]:
    """The severity and the line of each, when so many have come."""
    until = time.monotonic() + 10
    while len(listener.lines) < count and time.monotonic() < until:
        time.sleep(0.01)
    assert len(listener.lines) >= count, listener.lines
    found = [FORM.fullmatch(line) for line in listener.lines]
    return [(int(one[1]) - 128, json.loads(one[5])) for one in found if one]


@on_one_database
def test_each_request_leaves_a_line_there(
    browse: Callable[[str], Browser],
    files: tuple[Path, Path],
    root: logging.Logger,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with listening(files) as there:
        logs.configure("plain", ("localhost", there.port))
        assert browse("10130000.inspector").get("/10130000/audit").status == 403
        logging.getLogger("portal").error("Ի՞նչ\nforged: yes")
        lines = told(there, 2)
    (line,) = (line for _, line in lines if line["event"] == "request")
    assert (line["status"], line["endpoint"], line["acting_at"]) == (403, "audit.listing", "10130000")
    assert lines[-1][0] == 3
    assert lines[-1][1]["event"] == "Ի՞նչ\nforged: yes", "signs of any script are counted as bytes"
    here = capsys.readouterr().err
    assert "forged: yes" in here
    assert "audit.listing" not in here, "plain lines here begin at warnings"


def test_what_is_said_while_it_is_away_comes_later(
    files: tuple[Path, Path], root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening(files) as there:
        logs.configure("json", ("localhost", there.port))
        logging.getLogger("portal").warning("before")
        told(there, 1)
    begun = time.monotonic()
    for number in range(20):
        logging.getLogger("portal").warning("meanwhile %d", number)
    assert time.monotonic() - begun < 1, "nobody waits for the receiver"
    time.sleep(0.1)
    with listening(files, there.port) as again:
        lines = [line["event"] for _, line in told(again, 20)]
    assert lines == [f"meanwhile {number}" for number in range(20)]
    assert capsys.readouterr().err.count("is away") == 1


def test_of_what_finds_no_room_the_number_is_told(
    files: tuple[Path, Path], root: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_receiver, "MOST", 5)
    with listening(files) as there:
        port = there.port
    logs.configure("json", ("localhost", port))
    for number in range(50):
        logging.getLogger("portal").warning("line %d", number)
    time.sleep(0.1)
    with listening(files, port) as there:
        told(there, 5)
        until = time.monotonic() + 10
        while not any("were lost" in line for line in there.lines) and time.monotonic() < until:
            time.sleep(0.01)
        events = [line["event"] for _, line in told(there, 6)]
    kept = [int(event.removeprefix("line ")) for event in events if event.startswith("line")]
    assert kept[:5] == [0, 1, 2, 3, 4]
    assert kept == sorted(kept), "and perhaps one for which there was room when the first was taken out"
    (lost,) = (event for event in events if "were lost" in event)
    assert int(lost.split()[0]) + len(kept) == 50


def test_nothing_is_told_to_one_who_proves_nothing(
    tmp_path: Path, authority: Authority, root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    forger = Authority(tmp_path / "forger")
    for files in (forger.issue("localhost"), authority.issue("other.example")):
        with listening(files) as there:
            port = there.port
            receiver = Receiver("localhost", port)
            receiver.emit(logging.LogRecord("portal", logging.WARNING, "", 0, '"secret"', None, None))
            receiver.part()
            said, until = "", time.monotonic() + 10
            while "is away" not in said and time.monotonic() < until:
                said += capsys.readouterr().err
                time.sleep(0.01)
            assert "certificate verify failed" in said
            assert there.lines == []
        with listening(authority.issue("localhost"), port) as there:
            told(there, 1)


def test_a_process_that_was_forked_leaves_nothing_unsaid(files: tuple[Path, Path]) -> None:
    """As the workers of the web server are: their last lines are those that matter."""

    def work(port: int) -> None:
        receiver = Receiver("localhost", port)
        for number in range(20):
            receiver.emit(logging.LogRecord("portal", logging.WARNING, "", 0, f'"{number}"', None, None))

    with listening(files) as there:
        process = get_context("fork").Process(target=work, args=(there.port,))
        process.start()
        process.join(10)
        assert process.exitcode == 0
        assert [line for _, line in told(there, 20)] == [str(number) for number in range(20)]


@pytest.mark.parametrize("host", ["a..b", "a" * 64])
def test_a_host_that_is_none_is_no_end_of_the_thread(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    receiver = Receiver(host, 6514)
    receiver.emit(logging.LogRecord("portal", logging.WARNING, "", 0, "lost", None, None))
    until, said = time.monotonic() + 10, ""
    while "is away" not in said and time.monotonic() < until:
        said += capsys.readouterr().err
    assert "is away" in said
    time.sleep(0.1)
    assert any(thread.name == f"log receiver {host}" for thread in threading.enumerate())

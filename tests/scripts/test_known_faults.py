"""The script that compares the pins with a list of known faults, asked against a list of the test's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scripts import known_faults
from scripts.known_faults import Pin

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-27"


class List(ThreadingHTTPServer):
    """Answers as https://google.github.io/osv.dev/api/ says, two faults a page; `asked` are its queries."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.records: dict[str, dict[str, Any]] = {}
        self.of: dict[tuple[str, str, str], list[str]] = {}
        self.asked: list[dict[str, Any]] = []
        self.broken: bytes | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, pin: tuple[str, str, str], name: str, published: str, **facts: Any) -> None:
        self.records[name] = {"id": name, "published": f"{published}T10:00:00Z", **facts}
        self.of.setdefault(pin, []).append(name)

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(query)
        package = query["package"]
        names = self.of.get((package["ecosystem"], package["name"], query["version"]), [])
        start = int(query.get("page_token", 0))
        found: dict[str, Any] = (
            {"vulns": [{"id": name} for name in names[start : start + 2]]} if names else {}
        )
        return {**found, "next_page_token": str(start + 2)} if names[start + 2 :] else found


class _Answers(BaseHTTPRequestHandler):
    server: List

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/querybatch"
        self._give({"results": [self.server.answer(query) for query in sent["queries"]]})

    def do_GET(self) -> None:
        self._give(self.server.records[self.path.removeprefix("/v1/vulns/")])

    def _give(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode() if self.server.broken is None else self.server.broken
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """The list keeps no log."""


@pytest.fixture
def osv() -> Iterator[List]:
    server = List()
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text(
        "# pins\nflask==3.0.0\n    # via x\npsycopg[binary]==3.2.1 ; x\n"
    )
    (tmp_path / "requirements-dev.txt").write_text("flask==3.0.0\npytest==9.0.0\n")
    vendor = tmp_path / "portal" / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "vendor.lock.json").write_text('{"@tabler/core@1.6.1": {}}')
    (tmp_path / "docs" / "security").mkdir(parents=True)
    (tmp_path / "docs" / "security" / "unreachable.toml").touch()
    return tmp_path


FLASK = ("PyPI", "flask", "3.0.0")


def run(osv: List, root: Path, today: str = TODAY) -> int:
    return known_faults.main(["--list", osv.address, "--root", str(root), "--today", today])


def test_everything_that_is_pinned_is_asked_for(osv: List, root: Path, capsys: Any) -> None:
    assert run(osv, root) == 0
    asked = {(one["package"]["ecosystem"], one["package"]["name"], one["version"]) for one in osv.asked}
    assert asked == {
        FLASK, ("PyPI", "psycopg", "3.2.1"), ("PyPI", "pytest", "9.0.0"), ("npm", "@tabler/core", "1.6.1")
    }  # fmt: skip
    assert capsys.readouterr().out == "4 pins, 0 known faults, 0 past their time\n"


def test_no_pin_of_the_portal_is_overlooked() -> None:
    lines = "\n".join((ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    wanted = {line.split("==")[0].split("[")[0] for line in lines.splitlines() if re.match(r"[A-Za-z]", line)}
    found = known_faults.pins()
    assert {pin.name for pin in found if pin.ecosystem == "PyPI"} == wanted
    assert {pin.name for pin in found if pin.ecosystem == "npm"} >= {"htmx.org", "@tabler/core"}
    assert all(pin.version for pin in found)


@pytest.mark.parametrize(
    ("severity", "published", "late"),
    [
        ("CRITICAL", "2026-11-25", 0), ("CRITICAL", "2026-11-24", 1),
        ("HIGH", "2026-11-20", 0), ("HIGH", "2026-11-19", 1),
        ("MODERATE", "2026-10-28", 0), ("MODERATE", "2026-10-27", 1),
        ("LOW", "2026-08-27", 0), ("LOW", "2026-08-26", 1),
        ("", "2026-11-25", 0), ("", "2026-11-24", 1),
    ],
)  # fmt: skip
def test_a_fault_has_its_days_and_no_more(
    osv: List, root: Path, severity: str, published: str, late: int
) -> None:
    osv.add(FLASK, "GHSA-1", published, **({"database_specific": {"severity": severity}} if severity else {}))
    assert run(osv, root) == late


def test_one_fault_under_several_names_counts_once_from_its_first_day(
    osv: List, root: Path, capsys: Any
) -> None:
    osv.add(FLASK, "PYSEC-1", "2026-10-01", aliases=["CVE-1"])
    osv.add(FLASK, "GHSA-1", "2026-11-01", aliases=["CVE-1"], database_specific={"severity": "LOW"})
    osv.add(FLASK, "GHSA-2", "2026-11-26", database_specific={"severity": "MODERATE"})
    assert run(osv, root) == 0
    assert capsys.readouterr().out.splitlines() == [
        "flask 3.0.0: medium, GHSA-2: due 2026-12-26",
        "flask 3.0.0: low, CVE-1, GHSA-1, PYSEC-1: due 2027-01-01",
        "4 pins, 2 known faults, 0 past their time",
    ]


def test_names_that_meet_late_are_one_fault(osv: List, root: Path) -> None:
    osv.add(FLASK, "A-1", "2026-11-26", aliases=["CVE-1"])
    osv.add(FLASK, "B-1", "2026-11-26", aliases=["CVE-2"])
    osv.add(FLASK, "C-1", "2026-11-26", aliases=["CVE-1", "CVE-2"])
    (found,) = known_faults.faults([Pin(*FLASK)], osv.address)
    assert found.names == ("A-1", "B-1", "C-1", "CVE-1", "CVE-2")
    assert (found.severity, found.since) == ("critical", date(2026, 11, 26))


def test_the_worst_that_is_said_counts(osv: List, root: Path) -> None:
    osv.add(FLASK, "A-1", "2026-11-18", aliases=["CVE-1"], database_specific={"severity": "LOW"})
    osv.add(FLASK, "B-1", "2026-11-18", aliases=["CVE-1"], database_specific={"severity": "HIGH"})
    assert run(osv, root) == 1


def test_a_fault_that_was_withdrawn_is_none(osv: List, root: Path) -> None:
    osv.add(FLASK, "GHSA-1", "2020-01-01", withdrawn="2020-02-01T00:00:00Z")
    assert run(osv, root) == 0


def test_a_fault_that_cannot_be_reached_stands_with_its_reason(osv: List, root: Path, capsys: Any) -> None:
    osv.add(FLASK, "GHSA-1", "2020-01-01", aliases=["CVE-1"])
    excuses = root / "docs" / "security" / "unreachable.toml"
    excuses.write_text('CVE-1 = "in the part that is never imported"')
    assert run(osv, root) == 0
    assert "not reachable: in the part that is never imported" in capsys.readouterr().out
    excuses.write_text('CVE-1 = " "')
    with pytest.raises(ValueError, match="without a reason"):
        run(osv, root)


def test_a_list_that_does_not_answer_is_no_good_news(osv: List, root: Path, capsys: Any) -> None:
    for broken in (b"<html>", b"[]", b'{"results": []}', b'{"results": [1, 2, 3, 4]}', b'{"results": null}'):
        osv.broken = broken
        assert run(osv, root) == 1
        assert "gives no answer that can be used" in capsys.readouterr().err
    assert known_faults.main(["--list", "http://127.0.0.1:9", "--root", str(root)]) == 75
    assert "nothing was compared" in capsys.readouterr().err


def test_a_record_without_a_day_counts_from_its_last_change(osv: List, root: Path) -> None:
    osv.add(FLASK, "GHSA-1", "2026-01-01", modified="2026-11-26T00:00:00Z")
    del osv.records["GHSA-1"]["published"]
    assert run(osv, root) == 0
    osv.records["GHSA-1"]["modified"] = "2026-11-24T00:00:00Z"
    assert run(osv, root) == 1


def test_a_record_without_any_day_is_no_good_news(osv: List, root: Path) -> None:
    osv.add(FLASK, "GHSA-1", "2026-01-01")
    del osv.records["GHSA-1"]["published"]
    assert run(osv, root) == 1

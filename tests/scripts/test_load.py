"""The load: its arithmetic on given numbers, its visits against a server that answers as told, and a short run."""

from __future__ import annotations

import argparse
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from bench.load import browser, crowd, figures, generator, plan, serving, stand
from bench.load.figures import Done, Pair
from bench.load.generator import Orders, Visit
from bench.load.plan import Person, Plan
from bench.load.visits import Ask, Mix, Steps
from scripts import load
from tests import furnished
from tests.conftest import build

INSPECTOR = Person("i", "inspector", "10130010", "point", "10130000", "")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, 0),
        ([7], 0.99, 7),
        ([3, 1, 2, 4], 0.5, 2),
        (list(range(1, 101)), 0.95, 95),
        ([1, 2, 3], 1, 3),
    ],
)
def test_a_percentile_is_one_of_the_values(values: list[float], share: float, expected: float) -> None:
    assert figures.percentile(values, share) == expected


def test_a_wait_is_counted_from_the_moment_it_was_meant() -> None:
    done = [Done("desk", due=1.0, ended=1.25), Done("desk", 2.0, 5.0, "timeout"), Done("queue", 3.0, 3.5)]
    found = figures.summed(done, visits=4, finished=3, seconds=2)
    assert [(one.kind, one.count, one.p50, one.p95, one.faults) for one in found.rows] == [
        ("desk", 2, 250, 3000, 1),
        ("queue", 1, 500, 500, 0),
        ("all", 3, 500, 3000, 1),
    ]
    assert (found.rate, found.faults, found.passes) == (0.6, {"desk: timeout": 1}, False)


@pytest.mark.parametrize(
    ("faults", "finished", "passes"), [(0, 1000, True), (1, 990, True), (2, 1000, False), (0, 989, False)]
)
def test_what_passes(faults: int, finished: int, passes: bool) -> None:
    done = [Done("desk", 0, 0.1, "500" if number < faults else "") for number in range(1000)]
    assert figures.summed(done, 1000, finished, 10).passes is passes


def test_the_others_are_compared_without_the_loud_one() -> None:
    even = [Done("desk", 0, 0.1), Done("desk", 0, 0.1), Done("desk", 0, 9, loud=True)]
    beside = [Done("desk", 0, 0.11), Done("desk", 0, 0.15), Done("desk", 0, 9, loud=True)]
    assert figures.pair(even, beside).p50 == pytest.approx(1.1)
    assert figures.pair(even, beside).p95 == pytest.approx(1.5)
    pairs = [Pair(10, 10, 10 * k, 20 * k) for k in (1, 3, 2)]
    assert figures.slowed(pairs) == (2, 4)


def test_arrivals_come_at_their_rate_and_heed_nothing() -> None:
    moments = list(generator.arrivals(130, 60, Random(1)))
    assert moments == sorted(moments)
    assert 0.95 < len(moments) / (130 * 60) < 1.05
    gaps = sorted(b - a for a, b in itertools.pairwise(moments))
    assert gaps[len(gaps) // 2] == pytest.approx(0.693 / 130, rel=0.1), "the median of an exponential"


def test_a_loud_house_sends_more_and_the_others_as_before() -> None:
    people = tuple(
        Person(f"{house}-{n}", "inspector", f"{house[:5]}010", "point", house, "")
        for house in ("10130000", "10110000", "10210000", "10220000") for n in range(5)
    )  # fmt: skip
    known = Plan("", ("/x", ""), people, {}, (), (), (), ())
    even, loud = (generator.drawn(known, Orders(0, 60, 100, 1, "10130000", factor)) for factor in (1.0, 7.0))
    others, mine = (
        [sum(1 for one in run if one.loud is loud_) for run in (even, loud)] for loud_ in (False, True)
    )
    assert others[0] == others[1], "the same seed draws the same visits"
    assert 6 < mine[1] / mine[0] < 8
    assert all((one.who.house == "10130000") is one.loud for one in loud)


def test_a_mix_leaves_out_what_nobody_can_do() -> None:
    mix = Mix(Plan("", ("/x", ""), (INSPECTOR,), {}, (), (), (), ()))
    names = {kind.name for kind, _ in mix.kinds}
    assert "queue" in names
    assert not names & {"check", "section", "states", "profile"}
    assert mix.requests > 1


class _Told(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """``/500`` answers with 500, ``/slow`` after a while, all else with a form."""
        if self.path == "/slow":
            time.sleep(0.3)
        body = b'<form action="/a/send?x=1"><input name="a" value="&lt;1"><textarea name="b">\nw</textarea></form>'
        self.send_response(500 if self.path == "/500" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "portal=fresh; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        right = sent == "a=%3C1&b=typed" and self.headers["Cookie"] == "portal=fresh"
        self.send_response(303 if right else 422)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said: object) -> None:
        pass


@contextmanager
def told() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def opens(path: str) -> Steps:
    yield Ask(path, path)


def sends(action: str) -> Steps:
    answer = yield Ask("form", "/form")
    place, shown = answer.form(action)
    assert (place, shown) == ("/a/send?x=1", [("a", "<1"), ("b", "w")])
    yield Ask("send", place, [("a", "<1"), ("b", "typed")], (303,))


def test_errors_and_waits_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "LINES", 1)
    steps = [opens("/slow"), opens("/500"), opens("/ok"), sends("/send$"), sends("/none$")]
    with told() as port:
        done, finished = generator.run([Visit(0, INSPECTOR, one, False) for one in steps], port, 1)
    assert finished == 5
    by_kind = {one.kind: one for one in done}
    assert [one.fault for one in done] == ["", "500", "", "", "", "no form"]
    assert by_kind["/slow"].ms >= 300
    assert by_kind["/ok"].ms >= 300, "it was meant at once, and waited for the one before"
    found = figures.summed(done, 5, finished, 1)
    assert found.faults == {"/500: 500": 1, "form: no form": 1}
    assert not found.passes


def test_who_does_not_answer_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "PATIENCE", 0.1)
    with told() as port:
        done, _ = generator.run([Visit(0, INSPECTOR, opens("/slow"), False)], port, 1)
    assert [one.fault for one in done] == ["timeout"]


@pytest.mark.slow
def test_a_short_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The portal of the tests, a little enlarged, in its own processes: every visit finds what it looks for."""
    place = stand.Stand(tmp_path, f"sqlite:///{tmp_path / 'portal.db'}")
    build(place.url, tmp_path)
    furnished.furnish(stand.create_app({"TESTING": True}, place.environment), tmp_path)
    monkeypatch.setattr(crowd, "EACH", 10)
    monkeypatch.setattr(crowd, "POINTS", 2)
    known = stand.built(place, points=9, officers=150, seed=1)
    points = {one.code: one.house for one in known.people if one.level == "point"}
    assert (len(points), len(set(points.values()))) == (9, 5), "two points to a house, as far as they go"
    given = argparse.Namespace(
        minutes=0.05, rate=20.0, seed=1, slices=1, slice=1.0, tenant="10130000", json=str(tmp_path / "x")
    )
    file = tmp_path / "plan.json"
    plan.write(known, file)
    assert plan.read(file) == known
    with serving.served(place) as served:
        sent = load.Load(served, file, given)
        found, pairs = sent.whole(), sent.fairness()
        assert served.cpu() > 0
    assert found.faults == {}, served.log.read_text()[-3000:]
    assert found.finished == found.visits > 10
    assert len(pairs) == 1
    said = capsys.readouterr().out
    assert "requests a second" in said
    assert found.all.count == sum(one.count for one in found.rows[:-1])

"""Walks the matrix of tenants at scale: no canary of another tenant in any answer, in any form in which one is given.

``python scripts/walk_matrix.py --requests 100000`` asks every reading route as the whole cast at ten authorities, for
objects of their own authority, of those above, beneath and beside it, and of another state: as a page, as a part of a
page, as CSV and as XLSX (unzipped). It prints a table and exits with 1 on a leak, an answer 5xx, or when objects that
may be seen were not shown. What may be seen is computed in tests/matrices/world.py, by hand from the procedure. Then it
measures whether answers about what is foreign take longer than answers about what does not exist.
"""

from __future__ import annotations

import argparse
import io
import math
import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from werkzeug.test import TestResponse  # noqa: E402

from tests import conftest, servers  # noqa: E402
from tests.browser import Browser  # noqa: E402
from tests.cast import AUTHORITIES  # noqa: E402
from tests.matrices import test_tenants as matrix  # noqa: E402
from tests.matrices import world  # noqa: E402
from tests.signed_in import browser_of  # noqa: E402

#: How an address is asked, with what is added to it and the headers that go with it.
ASKED: dict[str, tuple[str, dict[str, str]]] = {
    "page": ("", {}),
    "part": ("", {"HX-Request": "true", "HX-Target": "results"}),
    "csv": ("file=csv", {}),
    "xlsx": ("file=xlsx", {}),
}
#: Absent ids begin here: no table of the matrix has as many rows.
ABSENT = 900_000
#: A difference is taken for one when chance alone would make it, at any of the pages, this seldom.
SELDOM = 0.01
#: Pages that are timed at least.
LEAST = 40


@dataclass
class Walked:
    """What the walk found, by how it was asked and by the relation of the object to the reader."""

    answers: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    own_shown: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    logins: set[str] = field(default_factory=set)
    requests: int = 0


@contextmanager
def filled(postgresql: bool) -> Iterator[matrix.World]:
    """The world of the matrix, in a portal that is thrown away."""
    conftest.quicken()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matrix")))
        url = f"sqlite:///{folder / 'portal.db'}"
        if postgresql:
            server = stack.enter_context(servers.postgresql())
            servers.told(server, f"CREATE DATABASE world OWNER {servers.OWNER}")
            url = server.format(name="world")
        conftest.build(url, folder)
        yield from matrix._world(url, folder)


def text_of(answer: TestResponse) -> str:
    """All that an answer says, headers too; a workbook is unzipped."""
    body = answer.get_data()
    said = [str(answer.headers)]
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            said += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join([*said, body.decode("utf-8", "replace")])


class Walk:
    """Draws a reader, an address and a way of asking, again and again; the same seed draws the same."""

    def __init__(self, here: matrix.World, seed: int) -> None:
        self.here, self.chance, self.walked = here, Random(seed), Walked()  # noqa: S311 - repeatable
        self.cells = {home: list(self._all(home)) for home in AUTHORITIES}
        self.casts = {home: self._cast(home) for home in AUTHORITIES}
        self.browsers: dict[str, Browser] = {}

    def _all(self, home: str) -> Iterator[tuple[str, matrix.Cell]]:
        relation = {path: name for name, path in world.relations(home).items()}
        for cell in matrix.cells(self.here, AUTHORITIES[home][0], home, "GET"):
            yield relation[cell.target], cell

    def _cast(self, home: str) -> list[str]:
        code, level = AUTHORITIES[home][0], AUTHORITIES[home][1]
        if level == "union":
            return [f"{code}.{post}" for post in ("union_coordinator", "auditor", "administrator")]
        posts = (
            *matrix.POSTS[:3],
            *matrix.AT_THE_HOUSE,
            "officer.value",
            "officer.goods2",
            "unit_head.goods",
        )
        return [f"{code}.{post}" for post in (*posts, "deputy_head" if level == "central" else "inspector")]

    def walk(self, requests: int, until: float) -> Walked:
        order = self._order()
        for _ in range(requests):
            if time.monotonic() > until:
                break
            self._ask(*next(order))
        return self.walked

    def _order(self) -> Iterator[tuple[str, str, str, matrix.Cell, str]]:
        """Every cell of every home by every reader in every way, in an order that is drawn; then anew."""
        all_of_them = [
            (home, login, relation, cell, way)
            for home in AUTHORITIES
            for login in self.casts[home]
            for relation, cell in self.cells[home]
            for way in ASKED
            if way in ("page", "part") or "export" in cell.endpoint
        ]
        print(f"{len(all_of_them)} different requests", flush=True)
        while True:
            self.chance.shuffle(all_of_them)
            yield from all_of_them

    def _ask(self, home: str, login: str, relation: str, cell: matrix.Cell, way: str) -> None:
        if login not in self.browsers:
            self.browsers[login] = browser_of(self.here.app, login)
        query, headers = ASKED[way]
        url, walked = f"{cell.url}?{query}" if query else cell.url, self.walked
        answer = self.browsers[login].client.get(url, headers=headers)
        said = text_of(answer)
        walked.requests += 1
        walked.kinds[answer.mimetype] += 1
        walked.routes.add(cell.endpoint)
        walked.logins.add(login)
        walked.answers[f"{way} {relation}"][str(answer.status_code)] += 1
        walked.leaks += [f"{login} {url}: {leak}" for leak in matrix.leaks(home, said)]
        if answer.status_code >= 500:
            walked.faults.append(f"{login} {url}: {answer.status_code}")
        if answer.status_code == 200 and home in {path for _, path in matrix.seen_in(said)}:
            walked.own_shown[way] += 1


#: Who asks for what is foreign and for what is not there: the first to whom the page of a route opens.
READERS = (
    ("10130000.officer.goods", "10130000"), ("10130010.inspector", "10130010"), ("10130000.auditor", "10130000"),
    ("10130000.administrator", "10130000"), ("10000000.officer.goods", "10000000"),
    ("10000000.unit_head.risk", "10000000"), ("00000000.union_coordinator", "00000000"),
)  # fmt: skip
#: Another state's: a house, its centre.
FOREIGN = ("eeu.am.05100000.", "eeu.am.")


def timed(here: matrix.World) -> Iterator[tuple[str, str, int]]:
    """Each reading route that names one object, as (login, address with a place for the id, id of a foreign one)."""
    for rule in here.app.url_map.iter_rules():
        named = [name for name in rule.arguments if name in matrix.OBJECTS]
        if "GET" not in (rule.methods or ()) or "code" not in rule.arguments or len(named) != 1:
            continue
        ids = here.ids[matrix.OBJECTS[named[0]][-1 if rule.endpoint.startswith("profiles.") else 0]]
        foreign = next((ids[path] for path in FOREIGN if path in ids), None)
        if foreign is None:
            continue  # the union's own, which no state has
        for login, code in READERS:
            address = _of(str(rule), code)
            client = browser_of(here.app, login).client
            if all(client.get(address.format(one)).status_code == 404 for one in (foreign, ABSENT)):
                yield login, address, foreign
                break


def _of(rule: str, code: str) -> str:
    """The address of a route with a place for the id of its object."""
    known = {"code": code} | {name: str(values[0]) for name, values in matrix.PLAIN.items()}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "{}"), rule)


def ranks_differ(one: list[float], two: list[float]) -> float:
    """How seldom chance alone ranks two samples so unlike (Mann and Whitney, two-sided, by the normal curve)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in two])
    total = sum(rank for rank, (_, which) in enumerate(ranked, start=1) if which == 0)
    n, m = len(one), len(two)
    u = total - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def timings(here: matrix.World, rounds: int) -> bool:
    """Print medians of foreign and absent objects asked in turn; whether none of them can be told apart."""
    pages, chances = list(timed(here)), []
    for login, address, foreign in pages:
        client = browser_of(here.app, login).client
        took: dict[int, list[float]] = {foreign: [], ABSENT: []}
        for number in range(rounds + 5):
            for one in ((foreign, ABSENT), (ABSENT, foreign))[number % 2]:
                seconds = _timed(lambda one=one: client.get(address.format(one)))  # noqa: B023 - called at once
                took[one] += [seconds] if number >= 5 else []
        chances.append(ranks_differ(took[foreign], took[ABSENT]))
        medians = "  ".join(
            f"{name} {statistics.median(took[one]) * 1000:.2f} ms"
            for name, one in (("foreign", foreign), ("absent", ABSENT))
        )
        print(f"  {address:<58} {medians}  p = {chances[-1]:.3f}  ({rounds} of each)", flush=True)
    return len(pages) >= LEAST and min(chances) > SELDOM / len(pages)


def _timed(act: Callable[[], TestResponse]) -> float:
    begun = time.perf_counter()
    answer = act()
    took = time.perf_counter() - begun
    if answer.status_code != 404:
        raise SystemExit(f"{answer.request.path} answered {answer.status_code}, not 404")
    return took


def report(walked: Walked, seconds: float) -> bool:
    """Print the table; whether all is well."""
    print(
        f"{walked.requests} requests in {seconds:.0f} s: {len(walked.routes)} routes, {len(walked.logins)} officers"
    )
    for name, statuses in sorted(walked.answers.items()):
        print(f"  {name:<14} " + "  ".join(f"{one} × {count}" for one, count in sorted(statuses.items())))
    print(f"kinds: {dict(walked.kinds)}")
    print(f"answers that show their reader's own canary: {dict(walked.own_shown)}")
    print(f"foreign canaries: {len(walked.leaks)}; answered 5xx: {len(walked.faults)}")
    for line in [*walked.leaks, *walked.faults][:40]:
        print(f"  WRONG {line}")
    return not walked.leaks and not walked.faults and set(walked.own_shown) == set(ASKED)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument(
        "--minutes", type=float, default=0, help="stop after so long, even if fewer were sent"
    )
    parser.add_argument("--rounds", type=int, default=200, help="how often each address is timed")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with filled(given.postgresql) as here:
        begun = time.monotonic()
        until = begun + given.minutes * 60 if given.minutes else math.inf
        well = report(Walk(here, given.seed).walk(given.requests, until), time.monotonic() - begun)
        print("foreign beside absent:")
        alike = timings(here, given.rounds)
    print("told apart" if not alike else "not told apart")
    return 0 if well and alike else 1


if __name__ == "__main__":
    sys.exit(main())

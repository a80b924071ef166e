"""Sends a portal of the size of a service the mixed requests of a working day, and prints what officers wait for.

``python scripts/load.py`` loads the demonstration into a throw-away portal, enlarges it to 900 points and 6,500
officers, serves it as ``scripts/serve.py`` does, and sends 130 requests a second for ten minutes: arrivals are drawn
by chance and wait for no answer, and each wait is counted from the moment at which the officer meant to send. Then one
customs house sends seven times its share in every other of some slices, and the waits of all others are compared.

Exits with 1 when more than one request in a thousand failed, fewer than 99 of a hundred visits came to their end, or
the others waited more than 20 % longer beside the loud house.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.load import figures, plan, serving, stand  # noqa: E402
from bench.load.figures import Done  # noqa: E402
from bench.load.generator import GRACE, Orders  # noqa: E402

#: How many times its share the loud house sends, and how much longer the others may wait for that.
LOUD, ALLOWED = 7.0, 1.2
HOUSE = "10130000"
WARMING = 5.0


class Load:
    """A running portal and the plan of it."""

    def __init__(self, served: serving.Served, plan_file: Path, given: argparse.Namespace) -> None:
        self.served, self.plan_file, self.given = served, plan_file, given

    def send(self, seconds: float, number: int, **ordered: Any) -> tuple[list[Done], int, int]:
        """What was done, how many visits were meant, and how many came to their end.

        Args:
            number: what is sent under one number is the same each time, and comes at the same moments.
        """
        seed = self.given.seed * 1000 + number
        orders = Orders(self.served.port, seconds, self.given.rate, seed, **ordered)
        command = [
            sys.executable,
            "-m",
            "bench.load.generator",
            str(self.plan_file),
            json.dumps(asdict(orders)),
        ]
        said = subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=seconds + GRACE + 120
        ).stdout
        told = json.loads(said)
        return [Done(**one) for one in told["done"]], told["visits"], told["finished"]

    def _slice(self, number: int, factor: float) -> list[Done]:
        """What was done in a slice, which begins when what was sent before is done, after a minute at the latest."""
        for _ in range(60):
            before = self.served.cpu()
            time.sleep(1)
            if self.served.cpu() - before < 0.1:
                break
        return self.send(self.given.slice, number, house=self.given.tenant, factor=factor)[0]

    def whole(self) -> figures.Sum:
        seconds = self.given.minutes * 60
        self.send(min(WARMING, seconds), 1)
        before = self.served.cpu()
        done, visits, finished = self.send(seconds, 2)
        found = figures.summed(done, visits, finished, seconds)
        used = self.served.cpu() - before
        print(figures.table(found))
        each = used * 1000 / max(found.all.count, 1)
        print(f"the web server used {used:.0f} s of processors, {each:.1f} ms a request", flush=True)
        return found

    def fairness(self) -> list[figures.Pair]:
        """Slices in turn, all at their share and one of them loud; what drifts meanwhile favours neither.

        The others send the same at the same moments in both slices of a pair: chance alone makes two slices differ by
        more than what is looked for.
        """
        pairs = []
        for number in range(self.given.slices):
            if number % 2:
                loud, even = self._slice(3 + number, LOUD), self._slice(3 + number, 1.0)
            else:
                even, loud = self._slice(3 + number, 1.0), self._slice(3 + number, LOUD)
            pairs.append(one := figures.pair(even, loud))
            print(
                f"slice {number + 1}: the others wait {one.even_p50:.1f} ms (p95 {one.even_p95:.1f}), beside a "
                f"loud {self.given.tenant} {one.loud_p50:.1f} ms (p95 {one.loud_p95:.1f}): "
                f"× {one.p50:.2f} (× {one.p95:.2f})",
                flush=True,
            )
        return pairs


@contextmanager
def prepared(given: argparse.Namespace) -> Iterator[Load]:
    """The portal, built and served."""
    filled = Path(given.filled) if given.filled else None
    with (
        tempfile.TemporaryDirectory(prefix="plan") as folder,
        stand.opened(given.postgresql, given.points, given.officers, given.seed, filled) as (built, known),
        serving.served(built) as served,
    ):
        if given.slices and not any(one.house == given.tenant for one in known.people):
            raise SystemExit(f"nobody serves at {given.tenant}; choose another --tenant")
        file = Path(folder) / "plan.json"
        plan.write(known, file)
        print(
            f"{len(known.people)} officers, {sum(map(sum, (map(len, one) for one in known.declarations.values())))} "
            f"declarations at {len(known.declarations)} points", flush=True,
        )  # fmt: skip
        yield Load(served, file, given)


def main() -> int:
    given = _given()
    with prepared(given) as load:
        found = load.whole()
        pairs = load.fairness()
    fair = True
    if pairs:
        at_p50, at_p95 = figures.slowed(pairs)
        fair = max(at_p50, at_p95) <= ALLOWED
        print(
            f"beside a house at {LOUD:.0f} times its share the others wait × {at_p50:.2f} at p50 and × {at_p95:.2f} "
            f"at p95 (medians of {len(pairs)} pairs): {'fair' if fair else 'NOT fair'}"
        )
    if given.json:
        kept = {**vars(given), **asdict(found), "pairs": [asdict(one) for one in pairs]}
        Path(given.json).write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return 0 if found.passes and fair else 1


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="how long the main run lasts")
    parser.add_argument("--rate", type=float, default=130, help="requests a second")
    parser.add_argument("--points", type=int, default=900)
    parser.add_argument("--officers", type=int, default=6500)
    parser.add_argument("--tenant", default=HOUSE, help=f"code of the loud customs house (default {HOUSE})")
    parser.add_argument("--slices", type=int, default=4, help="pairs of slices; 0 leaves them out")
    parser.add_argument("--slice", type=float, default=30, help="seconds of each slice")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="a throw-away server; else SQLite")
    parser.add_argument(
        "--filled", help="a data folder of SQLite that is copied, instead of the demonstration loaded anew"
    )
    parser.add_argument("--json", help="file to which the figures are written")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

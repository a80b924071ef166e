"""Sends visits at the moments that chance has drawn, whether or not the portal has answered those before.

``python -m bench.load.generator PLAN ORDERS`` runs in a process of its own and writes what came of it as JSON.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from bench.load.browser import Browser
from bench.load.figures import Done
from bench.load.plan import Person, Plan, read
from bench.load.visits import Mix, Steps

#: Connections that are kept; a visit that finds none free waits, and its wait counts.
LINES = 64
#: Seconds after the last arrival in which visits may still come to their end.
GRACE = 20.0


@dataclass(frozen=True)
class Orders:
    """What to send.

    Attributes:
        rate: requests a second, of all who are at their share.
        house: the customs house that is looked at apart; "" for none.
        factor: how many times its share it sends.
    """

    port: int
    seconds: float
    rate: float
    seed: int
    house: str = ""
    factor: float = 1.0


@dataclass(frozen=True)
class Visit:
    """A visit, and the moment at which it is meant to begin, in seconds since the start."""

    due: float
    who: Person
    steps: Steps
    loud: bool


def arrivals(rate: float, seconds: float, chance: Random) -> Iterator[float]:
    """Moments at which visitors come that know nothing of each other: a Poisson stream."""
    at = chance.expovariate(rate)
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


def drawn(plan: Plan, orders: Orders) -> list[Visit]:
    """All visits of a run, in their order."""
    streams = [(plan, orders.rate, False)]
    if orders.house:
        share = plan.share(orders.house)
        streams = [
            (plan.part(lambda house: house != orders.house), orders.rate * (1 - share), False),
            (plan.part(lambda house: house == orders.house), orders.rate * share * orders.factor, True),
        ]
    visits = []
    for part, rate, loud in streams:
        chance, mix = Random(f"{orders.seed}/{loud}"), Mix(part)
        for at in arrivals(rate / mix.requests, orders.seconds, chance):
            visits.append(Visit(at, *mix.draw(chance), loud))
    return sorted(visits, key=lambda visit: visit.due)


def run(visits: list[Visit], port: int, seconds: float) -> tuple[list[Done], int]:
    """Make the visits; what was done, and how many visits came to an end before the grace was over."""
    waiting: queue.SimpleQueue[Visit | None] = queue.SimpleQueue()
    done: list[list[Done]] = []
    begun = time.monotonic()

    def serve() -> None:
        browser = Browser("127.0.0.1", port, begun)
        while (visit := waiting.get()) is not None:
            done.append(browser.make(visit.who, visit.steps, visit.due, visit.loud))
        browser.close()

    lines = [threading.Thread(target=serve, daemon=True) for _ in range(min(LINES, len(visits) + 1))]
    for line in lines:
        line.start()
    for visit in visits:
        time.sleep(max(begun + visit.due - time.monotonic(), 0))
        waiting.put(visit)
    for _ in lines:
        waiting.put(None)
    for line in lines:
        line.join(max(begun + seconds + GRACE - time.monotonic(), 0))
    ended = list(done)
    return [one for visit in ended for one in visit], len(ended)


def main() -> None:
    plan, orders = read(Path(sys.argv[1])), Orders(**json.loads(sys.argv[2]))
    visits = drawn(plan, orders)
    done, finished = run(visits, orders.port, orders.seconds)
    told = {"visits": len(visits), "finished": finished, "done": [asdict(one) for one in done]}
    json.dump(told, sys.stdout)
    sys.stdout.flush()


if __name__ == "__main__":
    main()

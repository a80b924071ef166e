"""The figures of a load: percentiles by kind, faults, and how much one tenant slows the others."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """One request, in seconds of one clock.

    Attributes:
        due: when its officer meant to send it. What was sent late because others were slow waited since then.
        fault: "" when the answer was the one foreseen; else a status, "timeout", "no answer" or "no form".
        loud: whether it came from the tenant that sends more than its share.
    """

    kind: str
    due: float
    ended: float
    fault: str = ""
    loud: bool = False

    @property
    def ms(self) -> float:
        return (self.ended - self.due) * 1000


@dataclass(frozen=True)
class Row:
    """The requests of one kind, in milliseconds."""

    kind: str
    count: int
    p50: float
    p95: float
    p99: float
    faults: int


@dataclass(frozen=True)
class Sum:
    """A whole run.

    Attributes:
        rows: by kind; the last is of all kinds.
        visits, finished: how many visits were meant, and how many came to their end in time.
        rate: requests answered in each second until the last answer.
        faults: how often each fault came, with its kind before it.
    """

    rows: tuple[Row, ...]
    visits: int
    finished: int
    rate: float
    faults: dict[str, int]

    @property
    def all(self) -> Row:
        return self.rows[-1]

    @property
    def passes(self) -> bool:
        """At most one request in a thousand failed, and 99 of a hundred visits came to their end."""
        return self.all.faults <= self.all.count / 1000 and self.finished >= self.visits * 0.99


def percentile(values: Sequence[float], share: float) -> float:
    """The least of the values that a share of them, from 0 to 1, does not exceed; 0 when there is none."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def row(kind: str, done: Sequence[Done]) -> Row:
    taken = [one.ms for one in done]
    points = [percentile(taken, share) for share in (0.5, 0.95, 0.99)]
    return Row(kind, len(done), *points, sum(1 for one in done if one.fault))


def summed(done: Sequence[Done], visits: int, finished: int, seconds: float) -> Sum:
    by_kind: defaultdict[str, list[Done]] = defaultdict(list)
    for one in done:
        by_kind[one.kind].append(one)
    rows = [row(kind, by_kind[kind]) for kind in sorted(by_kind)]
    faults = Counter(f"{one.kind}: {one.fault}" for one in done if one.fault)
    lasted = max([seconds, *(one.ended for one in done)])
    return Sum((*rows, row("all", done)), visits, finished, len(done) / lasted, dict(faults))


@dataclass(frozen=True)
class Pair:
    """What those who are not loud waited for, in milliseconds: all at their share, and beside one who is loud."""

    even_p50: float
    even_p95: float
    loud_p50: float
    loud_p95: float

    @property
    def p50(self) -> float:
        return self.loud_p50 / self.even_p50

    @property
    def p95(self) -> float:
        return self.loud_p95 / self.even_p95


def pair(even: Sequence[Done], loud: Sequence[Done]) -> Pair:
    """Compare two slices by the requests of the others alone."""
    first, second = ([one.ms for one in slice_ if not one.loud] for slice_ in (even, loud))
    return Pair(*(percentile(values, share) for values in (first, second) for share in (0.5, 0.95)))


def slowed(pairs: Sequence[Pair]) -> tuple[float, float]:
    """How many times as long the others wait, by the median of the pairs: at p50 and at p95."""
    return statistics.median(one.p50 for one in pairs), statistics.median(one.p95 for one in pairs)


def table(found: Sum) -> str:
    lines = [f"{'kind':<30} {'count':>7} {'p50, ms':>9} {'p95, ms':>9} {'p99, ms':>9} {'faults':>7}"]
    for one in found.rows:
        lines.append(
            f"{one.kind:<30} {one.count:>7} {one.p50:>9.1f} {one.p95:>9.1f} {one.p99:>9.1f} {one.faults:>7}"
        )
    lines.append(f"{found.rate:.1f} requests a second; {found.finished} of {found.visits} visits finished")
    lines += [f"  FAULT {fault} × {count}" for fault, count in sorted(found.faults.items())]
    return "\n".join(lines)

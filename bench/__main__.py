"""Runs every measurement, prints one table, and writes it to bench/results.json."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import backtests, pages, single

ROUNDS = 5
RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Row:
    """One measurement: seconds of ours and of the peer, and their ratio in each round (peer / ours)."""

    work: str
    ours: float
    peer: float
    ratio_min: float
    ratio_median: float
    ratio_max: float


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def measured(work: str, ours: Callable[[], object], peer: Callable[[], object]) -> Row:
    """Run ours and the peer in turn; the answers must be equal where both give one.

    Raises:
        AssertionError: the answers differ: a fast wrong answer is no result.
    """
    mine, theirs = ours(), peer()
    if mine is not None and theirs is not None and mine != theirs:
        raise AssertionError(f"{work}: {mine!r} is not {theirs!r}")
    pairs = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS)]
    ratios = [theirs / mine for mine, theirs in pairs]
    return Row(
        work,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        min(ratios),
        statistics.median(ratios),
        max(ratios),
    )


def main() -> None:
    rows = [measured(*case) for module in (backtests, single, pages) for case in module.cases()]
    print(f"{'work':<64} {'ours, ms':>9} {'peer, ms':>9} {'peer ÷ ours: min':>17} {'median':>7} {'max':>7}")
    for row in rows:
        print(
            f"{row.work:<64} {row.ours * 1000:>9.2f} {row.peer * 1000:>9.2f} "
            f"{row.ratio_min:>17.2f} {row.ratio_median:>7.2f} {row.ratio_max:>7.2f}"
        )
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1))


main()

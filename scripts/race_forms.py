"""Races pairs of officers for every editable form of a furnished portal: one wins, nobody overwrites silently.

``python scripts/race_forms.py --pairs 200`` prints a line for each form and exits with 1 when a pair ended otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import portals, races  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200, help="for each form")
    parser.add_argument("--minutes", type=float, default=0, help="begin no other form after so long")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    wrong, raced, pairs = 0, 0, 0
    with portals.opened(given.postgresql) as portal:
        begun, wanted = time.monotonic(), races.raced(portal)
        for form in wanted:
            if given.minutes and time.monotonic() - begun > given.minutes * 60:
                break
            result = races.race(portal, form, given.pairs)
            raced, pairs, wrong = raced + 1, pairs + given.pairs, wrong + sum(result.wrong.values())
            print(
                f"{form.name:<40} one won in {result.won} of {given.pairs}  {dict(result.wrong) or ''}",
                flush=True,
            )
    print(f"{pairs} pairs over {raced} of {len(wanted)} forms; wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

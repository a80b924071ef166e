"""Ask a list of known faults for everything that is pinned; fail when one is past the time in which it must be mended.

The frames of time are those of docs/security/policy.md. A fault that cannot be reached here stands with its reason in
docs/security/unreachable.toml. Ends with 0 when nothing is past its time, 1 when something is or the list answers in
another form, 75 when the list cannot be reached.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.upkeep import installed  # noqa: E402 - the portal is beside this folder

UNREACHABLE = ROOT / "docs" / "security" / "unreachable.toml"
#: The list of the OpenSSF (https://osv.dev), which gathers the advisories of PyPI, npm and GitHub.
LIST = "https://api.osv.dev"
#: Days from the day on which a fault was published (docs/security/policy.md, "Libraries").
FRAMES = {"critical": 2, "high": 7, "medium": 30, "low": installed.QUARTER.days}
#: What the list calls them. A record without such a word counts as critical.
_SEVERITIES = {"CRITICAL": "critical", "HIGH": "high", "MODERATE": "medium", "MEDIUM": "medium", "LOW": "low"}
_PATIENCE = 30


class Unanswered(RuntimeError):
    """The list of faults answers, but not in the form that it promises."""


class Unreached(Unanswered):
    """No answer comes from the list of faults."""


@dataclass(frozen=True, order=True)
class Pin:
    """A library of one version; `ecosystem` is PyPI or npm."""

    ecosystem: str
    name: str
    version: str


@dataclass(frozen=True)
class Fault:
    """A known fault of a pin, under all the names that it has.

    Attributes:
        since: the day on which it was first published.
    """

    pin: Pin
    names: tuple[str, ...]
    severity: str
    since: date

    @property
    def due(self) -> date:
        return self.since + timedelta(days=FRAMES[self.severity])


def pins(root: Path = ROOT) -> list[Pin]:
    """Everything that is pinned: what runs, what tests, and what browsers are given."""
    found = set()
    for name in ("requirements.txt", "requirements-dev.txt"):
        found |= {Pin("PyPI", *one) for one in installed.pins((root / name).read_text("utf-8"))}
    lock = json.loads((root / "portal" / "static" / "vendor" / "vendor.lock.json").read_text("utf-8"))
    found |= {Pin("npm", *one.rsplit("@", 1)) for one in lock}
    return sorted(found)


def faults(wanted: list[Pin], place: str = LIST) -> list[Fault]:
    """The known faults of some pins.

    Raises:
        Unreached: the list does not answer.
        Unanswered: it does not answer in its form.
    """
    try:
        named = _named(wanted, place)
        told = {
            name: _asked("GET", f"{place}/v1/vulns/{name}") for name in sorted(set().union(*named.values()))
        }
        return [
            _fault(pin, records)
            for pin, names in named.items()
            for records in _same(told[name] for name in sorted(names))
        ]
    except (requests.ConnectionError, requests.Timeout) as error:
        raise Unreached(f"{place} does not answer, nothing was compared: {error}") from error
    except (requests.RequestException, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unanswered(f"{place} gives no answer that can be used: {error!r}") from error


def _named(wanted: list[Pin], place: str) -> dict[Pin, set[str]]:
    """The names of the faults of each pin; the list gives them by pages."""
    found: dict[Pin, set[str]] = {pin: set() for pin in wanted}
    waiting = [(pin, "") for pin in wanted]
    while waiting:
        queries = [
            {
                "package": {"name": pin.name, "ecosystem": pin.ecosystem},
                "version": pin.version,
                **({"page_token": token} if token else {}),
            }
            for pin, token in waiting
        ]
        results = _asked("POST", f"{place}/v1/querybatch", {"queries": queries})["results"]
        for (pin, _), result in zip(waiting, results, strict=True):
            found[pin] |= {one["id"] for one in result.get("vulns", [])}
        waiting = [
            (pin, result["next_page_token"])
            for (pin, _), result in zip(waiting, results, strict=True)
            if result.get("next_page_token")
        ]
    return found


def _asked(method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    answer = requests.request(method, address, json=body, timeout=_PATIENCE)
    answer.raise_for_status()
    return answer.json()


def _same(records: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Records by fault: one fault stands in the list once for each office that wrote it down."""
    groups: list[list[dict[str, Any]]] = []
    for record in records:
        if record.get("withdrawn"):
            continue
        near = [group for group in groups if any(_names(one) & _names(record) for one in group)]
        groups = [group for group in groups if group not in near]
        groups.append([record, *(one for group in near for one in group)])
    return groups


def _names(record: dict[str, Any]) -> set[str]:
    return {record["id"], *record.get("aliases", [])}


def _fault(pin: Pin, records: list[dict[str, Any]]) -> Fault:
    said = [str(one.get("database_specific", {}).get("severity", "")).upper() for one in records]
    worst = [name for name in FRAMES if name in {_SEVERITIES.get(one) for one in said}]
    return Fault(
        pin,
        tuple(sorted(set().union(*(_names(one) for one in records)))),
        worst[0] if worst else "critical",
        min(datetime.fromisoformat(one.get("published") or one["modified"]).date() for one in records),
    )


def unreachable(file: Path = UNREACHABLE) -> dict[str, str]:
    """Names of faults that cannot be reached here, each with the reason.

    Raises:
        ValueError: one stands there without a reason.
    """
    found = tomllib.loads(file.read_text("utf-8"))
    for name, why in found.items():
        if not isinstance(why, str) or not why.strip():
            raise ValueError(f"{file.name}: {name} stands there without a reason")
    return found


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", default=LIST, help=f"address of the list, or of a mirror of it ({LIST})")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    wanted, excused = pins(options.root), unreachable(options.root / UNREACHABLE.relative_to(ROOT))
    try:
        found = faults(wanted, options.list)
    except Unanswered as error:
        print(error, file=sys.stderr)
        return os.EX_TEMPFAIL if isinstance(error, Unreached) else 1
    late = 0
    for fault in sorted(found, key=lambda one: (one.due, one.pin)):
        why = next((excused[name] for name in fault.names if name in excused), "")
        past = not why and fault.due < options.today
        late += past
        state = f"not reachable: {why}" if why else f"{'PAST' if past else 'due'} {fault.due}"
        print(f"{fault.pin.name} {fault.pin.version}: {fault.severity}, {', '.join(fault.names)}: {state}")
    print(f"{len(wanted)} pins, {len(found)} known faults, {late} past their time")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())

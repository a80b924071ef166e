"""Tampers with an exported chain thousands of times and counts how often the verifier finds it and names the place.

Standard library alone, like the verifier; the same seed tampers in the same way. Nothing is written anywhere.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import verify_audit as verifier

Entry = dict[str, Any]
Act = Callable[[list[str], Random], list[str]]


@dataclass
class Tally:
    """What became of all tamperings.

    Attributes:
        named: found, and at the very entry at which the export first differs from what was sealed.
        elsewhere: found, with that entry inside the span that the verdict gives.
        missed: not found, or placed wrongly; the seed of each.
    """

    tried: int = 0
    named: int = 0
    elsewhere: int = 0
    missed: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


def entry_at(lines: list[str], place: int) -> Entry:
    return dict(json.loads(lines[place]))


def other(value: Any, random: Random) -> Any:
    """Another value: of the same kind, of a neighbouring kind, or nothing."""
    choices: list[Any] = [None, "", 0, True, False, [], {}, "x", random.randrange(10**6), 1.5]
    if isinstance(value, str):
        choices += [value + " ", value.upper(), value[:-1], value[::-1], f"{value}\u200b"]
    if isinstance(value, int):
        choices += [value + 1, value - 1, float(value), bool(value), str(value)]
    if isinstance(value, dict) and value:
        name = random.choice(sorted(value))
        choices += [
            {k: v for k, v in value.items() if k != name},
            {**value, name: other(value[name], random)},
        ]
        choices += [{**value, "unit:999": {}}] * 2
    unlike = [one for one in choices if verifier.canonical(one) != verifier.canonical(value)]
    return random.choice(unlike)


def rehashed(entry: Entry) -> Entry:
    """The entry with the hash that fits it, as one who knows the form would mend it."""
    try:
        return {**entry, "hash": verifier.entry_hash(entry)}
    except (KeyError, TypeError, UnicodeError):
        return entry


def change(lines: list[str], random: Random) -> list[str]:
    """Change one field of one entry."""
    place = random.randrange(len(lines))
    entry = entry_at(lines, place)
    name = random.choice(verifier.NAMES)
    entry[name] = other(entry[name], random)
    return [*lines[:place], verifier.canonical(entry), *lines[place + 1 :]]


def change_and_mend(lines: list[str], random: Random) -> list[str]:
    """Change one field of one entry, and give the entry a hash that fits."""
    place = random.randrange(len(lines))
    entry = _forged(entry_at(lines, place), random)
    return [*lines[:place], verifier.canonical(entry), *lines[place + 1 :]]


def _forged(entry: Entry, random: Random) -> Entry:
    name = random.choice(
        [one for one in verifier.NAMES if one not in ("hash", "previous", "path", "serial", "form")]
    )
    return rehashed({**entry, name: other(entry[name], random)})


def strip(lines: list[str], random: Random) -> list[str]:
    """Take a field away, or add one."""
    place = random.randrange(len(lines))
    entry = entry_at(lines, place)
    if random.random() < 0.5:
        del entry[random.choice(verifier.NAMES)]
    else:
        entry["note"] = "x"
    return [*lines[:place], verifier.canonical(entry), *lines[place + 1 :]]


def respell(lines: list[str], random: Random) -> list[str]:
    """Change, double or drop one sign of one line: a space, a digit, the spelling of a letter."""
    place = random.randrange(len(lines))
    line = lines[place]
    at = random.randrange(len(line))
    new = random.choice([chr(random.randrange(32, 127)), "", line[at] * 2, " ", f"\\u{ord(line[at]):04x}"])
    return [*lines[:place], line[:at] + new + line[at + 1 :], *lines[place + 1 :]]


def swap(lines: list[str], random: Random) -> list[str]:
    """Let two entries change places."""
    one, two = random.sample(range(len(lines)), 2)
    found = list(lines)
    found[one], found[two] = found[two], found[one]
    return found


def swap_and_renumber(lines: list[str], random: Random) -> list[str]:
    """Let two entries change places and take each other's number, each with a hash that fits."""
    one, two = random.sample(range(len(lines)), 2)
    first, second = entry_at(lines, one), entry_at(lines, two)
    places = ("serial", "previous")
    found = list(lines)
    found[one] = verifier.canonical(rehashed({**second, **{name: first[name] for name in places}}))
    found[two] = verifier.canonical(rehashed({**first, **{name: second[name] for name in places}}))
    return found


def delete(lines: list[str], random: Random) -> list[str]:
    """Take out one entry, or several that follow each other."""
    place = random.randrange(len(lines))
    return [*lines[:place], *lines[place + random.randint(1, 3) :]]


def insert(lines: list[str], random: Random) -> list[str]:
    """Put in a forged entry that follows the one before it."""
    place = random.randrange(len(lines))
    entry = _forged(entry_at(lines, place), random)
    return [*lines[:place], verifier.canonical(entry), *lines[place:]]


def duplicate(lines: list[str], random: Random) -> list[str]:
    """Let an entry stand a second time, somewhere."""
    return _inserted(lines, random.randrange(len(lines) + 1), random.choice(lines))


def _inserted(lines: list[str], place: int, line: str) -> list[str]:
    return [*lines[:place], line, *lines[place:]]


def cut(lines: list[str], random: Random) -> list[str]:
    """Cut off the end."""
    return lines[: random.randrange(len(lines))]


def rewrite(lines: list[str], random: Random) -> list[str]:
    """Change, take out or put in an entry, and compute every hash from there to the end anew."""
    place = random.randrange(len(lines))
    entries = [dict(json.loads(line)) for line in lines[place:]]
    what = random.choice(("change", "delete", "insert"))
    if what == "delete" and len(entries) > 1:
        entries = entries[1:]
    elif what == "insert":
        entries.insert(0, copy.deepcopy(random.choice(entries)))
    entries[0] = _forged(entries[0], random)
    previous = json.loads(lines[place - 1])["hash"] if place else verifier.GENESIS
    return [*lines[:place], *_chained(entries, place + 1, previous)]


def _chained(entries: list[Entry], serial: int, previous: str) -> list[str]:
    found = []
    for number, entry in enumerate(entries, start=serial):
        mended = rehashed({**entry, "serial": number, "previous": previous})
        previous = mended["hash"]
        found.append(verifier.canonical(mended))
    return found


ACTS: tuple[Act, ...] = (
    change, change, change_and_mend, strip, respell, swap, swap_and_renumber, delete, insert, duplicate, cut, rewrite,
    rewrite,
)  # fmt: skip


def first_difference(before: list[str], after: list[str]) -> int:
    """The number of the first line that is not what it was."""
    alike = 0
    for one, two in zip(before, after, strict=False):
        if one != two:
            break
        alike += 1
    return alike + 1


def tamper(lines: list[str], sealed: verifier.Sealed, times: int, seed: int) -> Tally:
    """Tamper so often, each time with the whole chain, and let the verifier look for it."""
    tally = Tally()
    number = 0
    while tally.tried < times:
        number += 1
        random = Random(f"{seed}/{number}")  # noqa: S311 - meant to be repeatable
        act = random.choice(ACTS)
        tampered = act(lines, random)
        if tampered == lines:
            continue
        tally.tried += 1
        tally.kinds[act.__name__] += 1
        _count(
            tally,
            verifier.verify(tampered, sealed),
            first_difference(lines, tampered),
            f"{act.__name__} {number}",
        )
    return tally


def _count(tally: Tally, verdict: verifier.Verdict, place: int, name: str) -> None:
    if verdict.position == place:
        tally.named += 1
    elif verdict.position is not None and verdict.vouched < place < verdict.position:
        tally.elsewhere += 1
    else:
        tally.missed.append(f"{name}: is at {place}, found at {verdict.position}")


def main() -> int:
    """0 when every tampering was found, 1 otherwise, 2 when the chain does not hold to begin with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("export", type=Path, help="what `flask audit export` wrote")
    parser.add_argument("checkpoint", type=Path, help="a checkpoint that covers it to its end")
    parser.add_argument("--key", required=True, help="public key: hexadecimal, or a file with it")
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", action="store_true", help="print for a program to read")
    given = parser.parse_args()
    whole = verifier.judged(given.export, given.checkpoint, verifier.key_of(given.key))
    if not whole.holds:
        print(f"the chain does not hold to begin with: {whole.line()}", file=sys.stderr)
        return 2
    lines, bodies = verifier.read_lines(given.export), verifier.read_checkpoints(given.checkpoint)
    path = json.loads(lines[0])["path"]
    sealed = verifier.sealed_in(verifier.chosen(bodies, path), path)
    if sealed is None or whole.entries != whole.sealed:
        print("take a checkpoint that covers the export to its end", file=sys.stderr)
        return 2
    begun = time.perf_counter()
    tally = tamper(lines, sealed, given.times, given.seed)
    _print(tally, len(lines), time.perf_counter() - begun, given.json)
    return 1 if tally.missed else 0


def _print(tally: Tally, entries: int, seconds: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**vars(tally), "entries": entries, "seconds": round(seconds, 1)}))
        return
    print(f"{tally.tried} tamperings of a chain of {entries} entries in {seconds:.0f} s")
    for kind, count in sorted(tally.kinds.items()):
        print(f"  {kind.replace('_', ' '):<20} {count:>6}")
    print(
        f"found at the very entry {tally.named}, inside the span named {tally.elsewhere}, missed {len(tally.missed)}"
    )
    for line in tally.missed[:20]:
        print(f"  MISSED {line}")


if __name__ == "__main__":
    sys.exit(main())

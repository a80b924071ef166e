"""Verifies an exported chain of the audit trail against a signed checkpoint; needs Python alone, and not the portal.

It proves that the entries are those that were sealed, in their order, without one missing, and names the first that
is not. The form of the files is described in docs/audit.md, so that it can be written anew in another language.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import hashlib
import json
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FORM = "customs-risk-portal audit checkpoint 1"
GENESIS = "0" * 64
NAMES = (
    "acting_at", "action", "address", "after", "at", "before", "form", "hash", "object_id", "object_type",
    "officer_id", "officer_name", "path", "previous", "request", "serial",
)  # fmt: skip
FIRST = ("officer_id", "officer_name", "acting_at", "action", "object_type", "object_id", "before", "after")


class Unreadable(ValueError):
    """A file is not what it should be; the message says which and why."""


@dataclass
class Verdict:
    """What was found.

    Attributes:
        entries: how many entries stand in the export.
        sealed: how many of them the checkpoint vouches for.
        position: the first entry that is not what it was; None when all are.
        vouched: the last marked entry before it; in between the chain may have been rewritten.
    """

    entries: int = 0
    sealed: int = 0
    position: int | None = None
    why: str = ""
    vouched: int = 0

    @property
    def holds(self) -> bool:
        return not self.why

    def line(self) -> str:
        if self.holds:
            beyond = self.entries - self.sealed
            later = f"; {beyond} later entries follow in order, which it does not cover yet" if beyond else ""
            return f"holds: {self.sealed} entries are those of the checkpoint{later}"
        if self.position is None:
            return f"broken: {self.why}"
        unsure = self.position - self.vouched - 1
        since = f"; entries {self.vouched + 1} to {self.position - 1} may be rewritten too" if unsure else ""
        return f"broken at entry {self.position}: {self.why}{since}"


@dataclass
class Sealed:
    """What a checkpoint says of one chain."""

    path: str
    serial: int
    hash: str
    marks: dict[int, str] = field(default_factory=dict)


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def sha256(text: str, encoding: str = "ascii") -> str:
    return hashlib.sha256(text.encode(encoding, "surrogatepass")).hexdigest()


def entry_hash(entry: dict[str, Any]) -> str:
    """The hash that an entry must have, by the form that it names."""
    if entry["form"] == 1:
        parts = [entry[name] for name in ("previous", "path", "serial", "at", *FIRST)]
        parts += [entry[name] for name in ("address", "request") if entry[name] != ""]
        spelled = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(spelled, "utf-8")
    return sha256(canonical({name: entry[name] for name in NAMES if name != "hash"}))


def parsed(line: str) -> dict[str, Any] | None:
    """The entry in a line; None when the line is not one, or is not in its one spelling."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or tuple(sorted(entry)) != NAMES:
        return None
    if not all(type(entry[name]) is int for name in ("form", "serial")) or entry["form"] not in (1, 2):
        return None  # true and 1.0 are equal to 1 here, and are not written as it is
    if not all(isinstance(entry[name], str) for name in ("hash", "previous", "path", "at")):
        return None
    return entry if canonical(entry) == line else None


@lru_cache(maxsize=4096)
def understood(line: str) -> tuple[dict[str, Any] | None, str]:
    """The entry in a line, and the hash that it must have; nothing of either depends on another line."""
    entry = parsed(line)
    return entry, entry_hash(entry) if entry is not None else ""


def fault(line: str, expected: int, previous: str, sealed: Sealed) -> tuple[str, str]:
    """The hash of the entry in a line, and why it is not the one expected there; an empty reason when it is."""
    entry, found = understood(line)
    if entry is None:
        return "", "the line is no entry in the form of an export"
    if entry["path"] != sealed.path:
        return "", "it belongs to another chain"
    if entry["serial"] != expected:
        return "", f"entry {entry['serial']} stands in its place"
    if entry["previous"] != previous:
        return "", "it does not follow the entry before it"
    if found != entry["hash"]:
        return "", "its content does not match its hash"
    whole = sealed.hash if expected == sealed.serial else found
    if found != whole or not found.startswith(sealed.marks.get(expected, "")):
        return "", "it is not the entry that was sealed"
    return found, ""


def verify(lines: list[str], sealed: Sealed) -> Verdict:
    """Follow the chain from its first entry against what was sealed of it."""
    previous = GENESIS
    for place, line in enumerate(lines, start=1):
        previous, why = fault(line, place, previous, sealed)
        if why:
            return _broken(lines, sealed, place, why)
    if len(lines) < sealed.serial:
        return _broken(lines, sealed, len(lines) + 1, "the end of the chain is missing")
    return Verdict(len(lines), sealed.serial)


def _broken(lines: list[str], sealed: Sealed, place: int, why: str) -> Verdict:
    vouched = max((mark for mark in sealed.marks if mark < place), default=0)
    return Verdict(len(lines), vouched, place, why, vouched)


def checkpoint_fault(body: dict[str, Any], public: str, known: str = "") -> str:
    """Why a checkpoint cannot be believed; empty when it can.

    Args:
        known: the hash that another authority was sent, which the checkpoint must have.
    """
    if body.get("form") != FORM:
        return "the checkpoint is not of the form that this program knows"
    found = sha256(canonical({name: one for name, one in body.items() if name not in ("hash", "signature")}))
    if found != body.get("hash"):
        return "the checkpoint does not match its own hash"
    if known and known != found:
        return "the checkpoint is not the one that the other authority was told of"
    try:
        signature, key = bytes.fromhex(body["signature"]), bytes.fromhex(public)
    except (KeyError, TypeError, ValueError):
        return "the signature or the public key is not written in hexadecimal"
    if not ed25519_holds(key, f"{FORM}\n{found}".encode("ascii"), signature):
        return "the signature of the checkpoint does not hold"
    return ""


def sealed_in(body: dict[str, Any], path: str) -> Sealed | None:
    """What a checkpoint says of the chain at a path; None when it does not name it."""
    for chain in body["chains"]:
        if chain["path"] == path:
            marks = body["marks"] if body["path"] == path else []
            placed = {place * body["every"]: mark for place, mark in enumerate(marks, start=1)}
            return Sealed(path, chain["serial"], chain["hash"], placed)
    return None


# Ed25519 of RFC 8032, section 6, for verification alone; points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _point(written: bytes) -> Point | None:
    """A point from its 32 bytes; None when no point is written so."""
    y = int.from_bytes(written, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if len(written) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes over a message was made with the key of a public key."""
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    key, nonce = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    return _same(_times(scalar, BASE), _add(nonce, _times(int.from_bytes(digest, "little") % Q, key)))


def read_lines(file: Path) -> list[str]:
    """The lines of an export; a last line without its end counts too."""
    try:
        text = file.read_bytes().decode("ascii")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file.name} is no export: it is not in ASCII at byte {error.start}") from error
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def read_checkpoints(file: Path) -> list[dict[str, Any]]:
    """The checkpoints of a file: one, several, or the mail that carried one."""
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = _mailed(text, file.name)
    try:
        found = given.get("checkpoints", [given])
        if all(isinstance(one, dict) for one in found):
            return list(found)
    except (AttributeError, TypeError):
        pass
    raise Unreadable(f"{file.name} holds no checkpoint")


def _mailed(text: str, name: str) -> Any:
    body = email.message_from_string(text, policy=email.policy.default).get_body(("plain",))
    for line in str(body.get_content()).splitlines() if body is not None else ():
        if line.startswith("{"):
            try:
                return json.loads(line)
            except ValueError:
                break
    raise Unreadable(f"{name} holds no checkpoint")


def chosen(bodies: list[dict[str, Any]], path: str) -> dict[str, Any]:
    """The checkpoint that speaks of a chain: its own authority's if there is one, for it marks earlier entries."""
    speaking = [one for one in bodies if any(chain.get("path") == path for chain in one.get("chains", ()))]
    if not speaking:
        raise Unreadable(f"no checkpoint in the file speaks of the chain {path!r}; --path names another")
    return max(speaking, key=lambda one: (one.get("path") == path, one.get("number", 0)))


def _path_of(lines: list[str], bodies: list[dict[str, Any]]) -> str:
    """Whose chain it is: the first entry's, unless a single checkpoint does not know that one and is itself of one."""
    named = str((parsed(lines[0]) or {}).get("path", "")) if lines else ""
    spoken = {chain["path"] for body in bodies for chain in body["chains"]}
    return named if named in spoken or len(bodies) > 1 else str(bodies[0]["path"])


def judged(export: Path, checkpoint: Path, public: str, known: str = "", path: str = "") -> Verdict:
    """The verdict over the files.

    Raises:
        Unreadable: one of them is not what it should be.
    """
    lines, bodies = read_lines(export), read_checkpoints(checkpoint)
    try:
        named = path or _path_of(lines, bodies)
        body = chosen(bodies, named)
        if why := checkpoint_fault(body, public, known):
            return Verdict(len(lines), why=why)
        sealed = sealed_in(body, named)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"{checkpoint.name} is not in the form of a checkpoint") from error
    return verify(lines, sealed) if sealed else Verdict(len(lines), why="the checkpoint does not name it")


def key_of(given: str) -> str:
    """The public key: as it is typed, or as a file holds it."""
    file = Path(given)
    if len(given) != 64 and file.is_file():
        given = file.read_text(encoding="utf-8", errors="replace").strip()
    if len(given) != 64:
        raise Unreadable("the public key is neither 64 hexadecimal signs nor a file that holds them")
    return given.lower()


def main(arguments: list[str] | None = None) -> int:
    """0 when the chain holds, 1 when it is broken, 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("export", type=Path, help="what `flask audit export` wrote")
    parser.add_argument("checkpoint", type=Path, help="a checkpoint, or the mail that carried it")
    parser.add_argument("--key", required=True, help="public key: hexadecimal, or a file with it")
    parser.add_argument("--hash", default="", help="the hash that another authority was sent")
    parser.add_argument("--path", default="", help="the chain, when the export may be another's")
    parser.add_argument("--json", action="store_true", help="print for a program to read")
    given = parser.parse_args(arguments)
    try:
        found = judged(given.export, given.checkpoint, key_of(given.key), given.hash.lower(), given.path)
    except (Unreadable, OSError) as reason:
        print(json.dumps({"holds": None, "why": str(reason)}) if given.json else f"unreadable: {reason}")
        return 2
    told = {"holds": found.holds, **vars(found), "line": found.line()}
    print(json.dumps(told) if given.json else found.line())
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())

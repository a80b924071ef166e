"""Takes the guards out one at a time, in a copy of the repository, and shows which test notices each."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Guard:
    """A line that keeps something out: where it stands, what takes its place, and the tests that must notice."""

    what: str
    file: str
    line: str
    instead: str
    tests: str
    marks: str = "not postgres and not browser"


GUARDS = tuple(
    Guard(**line) for line in tomllib.loads((ROOT / "scripts" / "guards.toml").read_text("utf-8"))["guard"]
)


@dataclass(frozen=True)
class Verdict:
    """What happened without a guard: the test that noticed, empty when none did."""

    guard: Guard
    noticed_by: str


def removed(guard: Guard, copy: Path) -> Verdict:
    """Run the tests without one guard, then put it back.

    Raises:
        LookupError: the guard does not stand where it is said to stand, exactly once.
    """
    file = copy / guard.file
    before = file.read_text()
    if before.count(guard.line) != 1:
        raise LookupError(f"{guard.file} holds {before.count(guard.line)} times: {guard.line}")
    file.write_text(before.replace(guard.line, guard.instead or "*(),"))
    try:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            guard.marks,
        ]
        run = subprocess.run(
            [*command, *guard.tests.split()], cwd=copy, capture_output=True, text=True, check=False
        )
    finally:
        file.write_text(before)
    noticed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED tests/", "ERROR tests/"))]
    return Verdict(guard, noticed[0].split(" ")[1].split(" - ")[0] if run.returncode and noticed else "")


def copied(folder: Path) -> Path:
    """A copy of the files that git knows or would know."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def main() -> int:
    """Print one line for each guard; 1 when a removal went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only guards whose description holds one of these words")
    wanted = parser.parse_args().words
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="guards") as folder:
        copy = copied(Path(folder))
        for guard in GUARDS:
            if wanted and not any(word in guard.what for word in wanted):
                continue
            verdict = removed(guard, copy)
            unnoticed += not verdict.noticed_by
            print(f"{guard.what:<55} {verdict.noticed_by or 'NOT NOTICED'}", flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())

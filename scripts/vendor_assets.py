"""Vendor the third-party files that the portal serves.

``python scripts/vendor_assets.py`` packs each npm package, refuses a tarball whose hash left the lock, and
writes the chosen files with their licences; ``--check`` compares the committed files with the lock, offline.
Of the kit's sheet it keeps the rules of the classes that our templates use (`keep_css.py`).
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import keep_css

STATIC = Path(__file__).resolve().parent.parent / "portal" / "static"
VENDOR = STATIC / "vendor"
LOCK = VENDOR / "vendor.lock.json"
#: The classes of the kit that our templates use; a test of the frame compares them.
KIT = (
    "btn", "card", "form-check-input", "form-control", "form-select", "visually-hidden", "visually-hidden-focusable",
)  # fmt: skip


class Locked(TypedDict):
    """The hash of a tarball, and of each file taken from it."""

    integrity: str
    files: dict[str, str]


Lock = dict[str, Locked]


@dataclass(frozen=True)
class Package:
    """One npm package: the folder it fills, and which of its files we serve."""

    name: str
    version: str
    folder: str
    files: tuple[str, ...]
    keeps: tuple[str, ...] = ()

    @property
    def pin(self) -> str:
        return f"{self.name}@{self.version}"


NOTO = tuple(
    f"files/noto-sans-{subset}-wght-normal.woff2"
    for subset in ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
)
PACKAGES = (
    Package("htmx.org", "2.0.11", "htmx", ("dist/htmx.min.js", "LICENSE")),
    Package("@tabler/core", "1.6.1", "tabler", ("dist/css/tabler.min.css",), KIT),
    Package("@fontsource-variable/noto-sans", "5.3.0", "noto-sans", (*NOTO, "LICENSE")),
    Package(
        "@fontsource-variable/noto-sans-armenian",
        "5.3.0",
        "noto-sans-armenian",
        ("files/noto-sans-armenian-armenian-wght-normal.woff2", "LICENSE"),
    ),
)


def sha512(content: bytes) -> str:
    """The hash in the notation of npm and of subresource integrity."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def pack(package: Package, into: Path) -> Path:
    """Let npm download one tarball and say where it lies (scoped names are flattened by npm)."""
    command = ["npm", "pack", package.pin, "--json", "--pack-destination", str(into)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    record = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return into / str(record["filename"]).replace("@", "").replace("/", "-")


def contents(tarball: Path, package: Package) -> Iterator[tuple[str, bytes]]:
    """The chosen files as (name under the package's folder, bytes)."""
    with tarfile.open(tarball) as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{package.pin} has no {name}")
            yield Path(name).name, _kept(member.read(), package.keeps)


def _kept(content: bytes, classes: tuple[str, ...]) -> bytes:
    """A sheet without what our templates cannot use; anything else as it is."""
    if not classes:
        return content
    ours = "".join(path.read_text() for path in sorted((STATIC / "css").glob("*.css")))
    return keep_css.kept(content.decode(), classes, ours).encode()


def fetch(lock: Lock) -> Lock:
    """Write every chosen file and return the lock that describes them."""
    fresh: Lock = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            tarball = pack(package, Path(folder))
            integrity = sha512(tarball.read_bytes())
            if package.pin in lock and lock[package.pin]["integrity"] != integrity:
                raise SystemExit(f"{package.pin}: the tarball is not the one in the lock")
            target = VENDOR / package.folder
            target.mkdir(parents=True, exist_ok=True)
            files = {}
            for name, content in contents(tarball, package):
                (target / name).write_bytes(content)
                files[f"{package.folder}/{name}"] = sha512(content)
            fresh[package.pin] = {"integrity": integrity, "files": files}
    return fresh


def differences(lock: Lock) -> list[str]:
    """What on disk is not what the lock says, as sentences."""
    said = [f"{package.pin} is not in the lock" for package in PACKAGES if package.pin not in lock]
    for entry in lock.values():
        for name, expected in entry["files"].items():
            path = VENDOR / name
            if not path.exists():
                said.append(f"{name} is missing")
            elif sha512(path.read_bytes()) != expected:
                said.append(f"{name} differs from the lock")
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="compare the committed files with the lock, offline"
    )
    lock: Lock = json.loads(LOCK.read_text()) if LOCK.exists() else {}
    if not parser.parse_args().check:
        lock = fetch(lock)
        LOCK.write_text(json.dumps(lock, indent=2) + "\n")
    said = differences(lock)
    for line in said:
        sys.stderr.write(line + "\n")
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What a backup says about itself: by it a restore knows that it is whole."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1


class Refused(RuntimeError):
    """A backup or restore that is not made; the message says why, and nothing is left behind."""


@dataclass
class Manifest:
    """The contents of a backup.

    Attributes:
        made_at: when its snapshot of the database was taken, in ISO 8601.
        engine: "sqlite" or "postgresql".
        revision: of the tables.
        keys: whether the keys of the data folder are in it.
        tables: columns and number of rows by table.
        ends: serial and hash of the end of each audit chain, by path of the authority.
        files: SHA-256 and size of each file, by its path within the backup.
    """

    made_at: str
    engine: str
    revision: str
    keys: bool
    tables: dict[str, dict[str, Any]]
    ends: dict[str, tuple[int, str]]
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())


def write(folder: Path, manifest: Manifest) -> None:
    """Describe every file of a finished backup, and let all of it outlast a loss of power.

    The manifest gets its name last: a folder that has one is whole, wherever its maker was killed.
    """
    manifest.files = {name: (digest(folder / name), (folder / name).stat().st_size) for name in names(folder)}
    unnamed = folder / f".{NAME}"
    unnamed.write_text(json.dumps(asdict(manifest), indent=1))
    unnamed.chmod(0o600)
    for place in (*(folder / name for name in manifest.files), unnamed):
        sync(place)
    unnamed.rename(folder / NAME)
    for place in _folders(folder):
        sync(place)


def read(folder: Path) -> Manifest:
    """The manifest of a backup, once all its files have been found as it says.

    Raises:
        Refused: it is no backup, or not a whole one.
    """
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise Refused(f"{folder} is no backup: it has no manifest that can be read") from error
    if manifest.format != FORMAT:
        raise Refused(f"the backup has format {manifest.format}, and this version reads {FORMAT}")
    _compare(folder, manifest)
    return manifest


def _compare(folder: Path, manifest: Manifest) -> None:
    there = set(names(folder))
    if missing := sorted(set(manifest.files) - there):
        raise Refused(f"{missing[0]} is missing from the backup")
    if more := sorted(there - set(manifest.files)):
        raise Refused(f"{more[0]} is in the backup and not in its manifest")
    for name, (expected, size) in manifest.files.items():
        file = folder / name
        if file.is_symlink() or file.stat().st_size != size or digest(file) != expected:
            raise Refused(f"{name} is not as it was when the backup was made")


def names(folder: Path) -> list[str]:
    """The files of a backup but for its manifest, by their paths within it."""
    found = (place.relative_to(folder).as_posix() for place in folder.rglob("*") if not place.is_dir())
    return sorted(name for name in found if name != NAME)


def _folders(folder: Path) -> Iterator[Path]:
    yield from (place for place in folder.rglob("*") if place.is_dir())
    yield folder


def closed(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for the portal's own account alone."""
    if not folder.is_dir():
        closed(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sync(place: Path) -> None:
    """Let a file or folder outlast a loss of power."""
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

"""Ways in which a backup is damaged before somebody restores it, and what is said then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def alter(target: Path) -> None:
    file = next((target / "history").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def lose(target: Path) -> None:
    next((target / "history").rglob("*.parquet")).unlink()


def add(target: Path) -> None:
    (target / "keys" / "another").write_text("key")


def link(target: Path) -> None:
    file = target / "keys" / "selection-key"
    kept = file.read_bytes()
    (target.parent / "kept").write_bytes(kept)
    file.unlink()
    file.symlink_to(target.parent / "kept")


def no_manifest(target: Path) -> None:
    (target / "manifest.json").unlink()


def half_a_manifest(target: Path) -> None:
    file = target / "manifest.json"
    file.write_text(file.read_text()[:200])


def told(target: Path, **facts: Any) -> None:
    file = target / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **facts}))


DAMAGES: tuple[tuple[Callable[[Path], None], str], ...] = (
    (alter, "is not as it was when the backup was made"),
    (lose, "is missing from the backup"),
    (add, "is in the backup and not in its manifest"),
    (link, "is not as it was when the backup was made"),
    (no_manifest, "is no backup"),
    (half_a_manifest, "is no backup"),
    (lambda target: told(target, format=2), "has format 2"),
    (lambda target: told(target, engine="oracle"), "the backup is of oracle"),
    (lambda target: told(target, revision="9999"), "does not know"),
)

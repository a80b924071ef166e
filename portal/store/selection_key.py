"""The key of the random draws: it stays, so that every draw can be worked out again.

A store of secrets hands it over (`PORTAL_SELECTION_KEY`); else it is made once for a data folder.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from flask import current_app

NAME = "selection-key"
_BYTES = 32


def selection_key() -> bytes:
    """The key of this portal; whoever holds it can repeat, and foresee, every draw."""
    environment = current_app.config["ENVIRONMENT"]
    if environment.selection_key:
        return bytes.fromhex(environment.selection_key)
    folder: Path = environment.data_dir / "keys"
    kept = folder / NAME
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(kept)
    return bytes.fromhex(kept.read_text())


def _make(kept: Path) -> None:
    """Write the key whole, then link it into place: of two who make it at once the first one's stays."""
    fresh = kept.with_name(f".{NAME}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(_BYTES))
    try:
        with suppress(FileExistsError):
            os.link(fresh, kept)
    finally:
        fresh.unlink()

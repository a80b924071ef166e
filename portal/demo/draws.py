"""Fixes the key of the random draws, so that two loadings of the demonstration draw alike."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import current_app

from portal.store.selection_key import NAME


def _key_file() -> Path:
    return Path(current_app.config["ENVIRONMENT"].data_dir) / "keys" / NAME


def _key(seed: int) -> str:
    return hashlib.sha256(f"demonstration {seed}".encode()).hexdigest()


def fix_draws(seed: int) -> None:
    """Set the key of the draws where none is handed over or kept; everyone can foresee such draws."""
    file = _key_file()
    if not current_app.config["ENVIRONMENT"].selection_key and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_text(_key(seed))
        file.chmod(0o600)
        file.with_name("demonstration").touch(mode=0o600)


def foreseeable() -> bool:
    """True when the data folder's draws were fixed by a demonstration; no production portal may use it."""
    return _key_file().with_name("demonstration").exists()

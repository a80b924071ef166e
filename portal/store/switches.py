"""The operator's switches: files in the data folder, which every process sees at once and without a restart."""

from __future__ import annotations

import os
from pathlib import Path

from flask import current_app

#: Lets the portal be read and nothing be done.
READ_ONLY = "read-only"
#: Takes the processes of this machine out of the balance before they are stopped.
STOPPING = f"stopping.{os.uname().nodename}"


def read_only() -> bool:
    """Whether acts and jobs rest: by the environment, or by the switch."""
    return bool(current_app.config["ENVIRONMENT"].read_only) or is_on(READ_ONLY)


def stopping() -> bool:
    """Whether the portal on this machine was asked to stop, and answers only what is still under way."""
    return is_on(STOPPING)


def is_on(name: str) -> bool:
    return _file(name).exists()


def turn(name: str, on: bool) -> None:
    """Set a switch; setting it twice does nothing."""
    if on:
        _file(name).touch(mode=0o600)
    else:
        _file(name).unlink(missing_ok=True)


def _file(name: str) -> Path:
    folder: Path = current_app.config["ENVIRONMENT"].data_dir
    return folder / name

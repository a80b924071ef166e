"""Makes a backup: database, past declarations, mail and keys, of one moment, in a folder that is there whole or not."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from portal.documents import audit_key
from portal.extensions import db
from portal.store import selection_key
from portal.upkeep import manifest, snapshot
from portal.upkeep.installed import LAST_BACKUP
from portal.upkeep.manifest import Manifest, Refused
from portal.upkeep.snapshot import Snapshot
from portal.workflow.clock import now

KEYS, HISTORY = "keys", "history"
#: What the data folder holds besides: the database itself, counts and switches of running processes.
_LEFT_OUT = ("metrics", "read-only", LAST_BACKUP)


def make(destination: Path, *, with_keys: bool = True) -> Manifest:
    """Copy the portal into a new folder, which bears its name only once it is complete.

    The database is copied first, then the files that its imports name: they were stored before their imports were,
    and never change.

    Raises:
        Refused: the destination exists, lies inside the data folder, or a file of the history is missing.
    """
    destination = destination.resolve()
    data_dir: Path = current_app.config["ENVIRONMENT"].data_dir
    _refuse(destination, data_dir)
    work = destination.parent / f".{destination.name}.part-{secrets.token_hex(4)}"
    work.mkdir(mode=0o700)
    try:
        at = now()
        found = snapshot.take(work)
        _copy_history(found, data_dir, work)
        _copy_rest(data_dir, work, with_keys)
        keys = any((work / KEYS / name).exists() for name in (audit_key.NAME, selection_key.NAME))
        made = Manifest(
            at.isoformat(), db.engine.dialect.name, found.revision, keys, found.tables, found.ends
        )
        manifest.write(work, made)
        work.rename(destination)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    manifest.sync(destination.parent)
    (data_dir / LAST_BACKUP).write_text(json.dumps({"at": at.isoformat(), "destination": str(destination)}))
    return made


def _refuse(destination: Path, data_dir: Path) -> None:
    if destination.exists():
        raise Refused(f"{destination} exists already")
    if not destination.parent.is_dir():
        raise Refused(f"{destination.parent} is no folder")
    if destination.is_relative_to(data_dir):
        raise Refused("the destination lies in the data folder, with which it would be lost")


def _copy_history(found: Snapshot, data_dir: Path, work: Path) -> None:
    for name in found.history:
        source = data_dir / HISTORY / name
        if not source.is_file():
            raise Refused(f"{HISTORY}/{name} is missing; `flask doctor` names what else is")
        _copy(source, work / HISTORY / name)


def _copy_rest(data_dir: Path, work: Path, with_keys: bool) -> None:
    for file in _files(data_dir, with_keys):
        try:
            _copy(file, work / file.relative_to(data_dir))
        except FileNotFoundError:
            continue  # it went while we looked: a message that got its final name, say


def _files(data_dir: Path, with_keys: bool) -> Iterator[Path]:
    """The other files of the data folder: finished ones, in the order of their names."""
    left_out = {*_LEFT_OUT, HISTORY, *(() if with_keys else (KEYS,))}
    for place in sorted(data_dir.iterdir()):
        if place.name in left_out or place.name.startswith((".", "stopping.")) or _database(place):
            continue
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and not file.is_symlink() and not _unfinished(file):
                yield file


def _database(place: Path) -> bool:
    return place.name.endswith((".db", ".db-wal", ".db-shm", ".db-journal"))


def _unfinished(file: Path) -> bool:
    return file.name.startswith(".") or file.suffix == ".part"


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that nobody else may read the copy, not even while it is made."""
    manifest.closed(target.parent)
    with (
        source.open("rb") as read,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written,
    ):
        shutil.copyfileobj(read, written)

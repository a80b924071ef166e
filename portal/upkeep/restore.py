"""Brings a backup back into an empty place: accepted once it has proved true, with nobody signed in."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, update

import config
from portal.extensions import db
from portal.models import OfficerSession
from portal.store import history_files, owner, readiness
from portal.store.audit import Checkpoint
from portal.upkeep import manifest, reload, snapshot
from portal.upkeep.backup import HISTORY, KEYS
from portal.upkeep.database import broken_rows, gaps
from portal.upkeep.manifest import Manifest, Refused
from portal.upkeep.proof import chains, checkpoints, registers
from portal.workflow.clock import now

#: What an empty data folder may hold: what a command itself makes when it starts, and switches.
_MAY_STAND = ("metrics", "read-only")
Opened = Callable[[config.Environment], Flask]


def restore(source: Path, environment: config.Environment, opened: Opened) -> Manifest:
    """Bring a backup back. Until it is accepted nothing stands where the portal looks for it.

    A backup of older tables is brought to those of this version before it is proved.

    Args:
        opened: gives a portal in another environment, in which the backup is proved.

    Raises:
        Refused: the place is not empty, the backup is not whole, or what it holds is not true.
    """
    found = manifest.read(source.resolve())
    _refuse(found, environment)
    staging = environment.data_dir / f".restore-{secrets.token_hex(4)}"
    staging.mkdir(mode=0o700)
    try:
        _stage(source, found, staging)
        if found.engine == "sqlite":
            _from_sqlite(found, environment, staging, opened)
        else:
            _from_postgresql(found, environment, staging, opened)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return found


def _refuse(found: Manifest, environment: config.Environment) -> None:
    engine = db.engine.dialect.name
    if found.engine != engine:
        raise Refused(f"the backup is of {found.engine}, and DATABASE_URL names {engine}")
    if found.revision not in readiness.known():
        raise Refused(f"its tables are those of revision {found.revision}, which this version does not know")
    if standing := sorted(_standing(environment)):
        raise Refused(f"the place is not empty: {standing[0]} is there")


def _standing(environment: config.Environment) -> Iterator[str]:
    """What stands where the backup is to go."""
    file = Path(str(db.engine.url.database))
    if db.engine.dialect.name == "sqlite":
        yield from (f"{file}, with tables," for _ in _tables(file)[:1])
    else:
        yield from (f"table {name}" for name in inspect(db.engine).get_table_names())
    for place in environment.data_dir.iterdir():
        own = place.name == KEYS and {one.name for one in place.iterdir()} <= {"development-secret"}
        itself = place.name in (file.name, *_beside(file))
        if not own and not itself and place.name not in _MAY_STAND and not place.name.startswith("stopping."):
            yield str(place)


def _beside(file: Path) -> tuple[str, ...]:
    """The names of the files that SQLite keeps beside a database."""
    return tuple(f"{file.name}-{part}" for part in ("wal", "shm", "journal"))


def _tables(file: Path) -> list[str]:
    """The tables of a SQLite database; a file that a command has only opened holds none."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as there:
        return [name for (name,) in there.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _stage(source: Path, found: Manifest, staging: Path) -> None:
    for name in found.files:
        target = staging / name
        manifest.closed(target.parent)
        shutil.copyfile(source / name, target)
        target.chmod(0o600)
    manifest.closed(staging / HISTORY)


def _from_sqlite(found: Manifest, environment: config.Environment, staging: Path, opened: Opened) -> None:
    file = staging / snapshot.FILE
    staged = opened(replace(environment, data_dir=staging, database_url=f"sqlite:///{file}"))
    with staged.app_context():
        try:
            upgrade()
            _prove(found)
            _end_sessions()
        finally:
            db.session.remove()
            db.engine.dispose()
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
    target = Path(str(db.engine.url.database))
    db.engine.dispose()
    beside = target.with_name(f".{target.name}.restore")
    shutil.move(file, beside)
    manifest.sync(beside)
    _settle(staging, environment.data_dir)
    for name in _beside(target):  # an empty database may have left them; they would be taken for this one's
        target.with_name(name).unlink(missing_ok=True)
    beside.replace(target)  # the last step: without its database the place is no portal
    manifest.sync(target.parent)


def _from_postgresql(found: Manifest, environment: config.Environment, staging: Path, opened: Opened) -> None:
    staged, loading = opened(replace(environment, data_dir=staging)), reload.Loading()
    with staged.app_context():
        try:
            loading.load(found, staging / snapshot.FOLDER)
            _prove(found)
            _end_sessions()
            shutil.rmtree(staging / snapshot.FOLDER)
            _settle(staging, environment.data_dir)
            loading.accept()
        except BaseException:
            db.session.remove()
            loading.forget()
            raise
        finally:
            db.session.remove()
            db.engine.dispose()


def _prove(found: Manifest) -> None:
    """Raises Refused with the first thing that is not true."""
    ends = {path: Checkpoint(serial, end) for path, (serial, end) in found.ends.items()}
    for what, faults in (
        ("the rows", _lost(found)),
        ("the references between rows", _broken()),
        ("the second wall", _open()),
        ("the registers", registers()),
        ("the audit trail", chains(ends)),
        ("the checkpoints of the trail", checkpoints()),
        ("the past declarations", history_files.faults()),
    ):
        with closing(faults):  # what it asks with is given back before anything is taken away again
            fault = next(faults, None)
        if fault is not None:
            raise Refused(f"{what} did not prove true: {fault}")


def _end_sessions() -> None:
    """Whoever was signed in at the moment of the backup signs in again: an old cookie opens nothing."""
    opened = update(OfficerSession).where(OfficerSession.ended_at.is_(None))
    with db.engine.begin() as connection:
        connection.execute(opened.values(ended_at=now(), ended_why="restored"))


def _lost(found: Manifest) -> Generator[str, None, None]:
    with owner.copying() as connection:
        for name, table in found.tables.items():
            rows = reload.count(connection, name)
            if rows is not None and rows != table["rows"]:
                yield f"{name} has {rows} rows, and the backup had {table['rows']}"


def _broken() -> Generator[str, None, None]:
    with owner.copying() as connection:
        yield from broken_rows(connection)


def _open() -> Generator[str, None, None]:
    """Where the second wall does not stand."""
    with db.engine.connect() as connection:
        yield from gaps(connection)


def _settle(staging: Path, data_dir: Path) -> None:
    """Put the files where the portal looks for them."""
    for file in sorted(place for place in staging.rglob("*") if place.is_file()):
        target = data_dir / file.relative_to(staging)
        manifest.closed(target.parent)
        file.replace(target)
        manifest.sync(target)

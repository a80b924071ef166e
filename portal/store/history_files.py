"""Compares the files of past declarations with the imports that stored them, for the operator."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import select

from portal.models import ImportBatch
from portal.store.gateway import unscoped
from portal.store.history import folder
from portal.store.session import session

_COUNT = "SELECT count(*) FROM read_parquet(?)"


def _stored() -> list[Any]:
    asked = select(ImportBatch.id, ImportBatch.stored_as, ImportBatch.stored_hash, ImportBatch.items)
    rows = session().execute(
        unscoped(
            asked.where(ImportBatch.items > 0).order_by(ImportBatch.id), "the operator's look at all files"
        )
    )
    return list(rows)


def names() -> list[str]:
    """The files of all imports, beneath the folder of the history."""
    return [row.stored_as for row in _stored()]


def faults() -> Generator[str, None, None]:
    """Files that are missing or not as they were stored."""
    for row in _stored():
        if why := _fault(folder() / row.stored_as, row.stored_hash, row.items):
            yield f"{row.stored_as} of import {row.id}: {why}"


def _fault(file: Path, stored_hash: str | None, items: int) -> str:
    """What is wrong with a file; one stored before hashes were written down is known by its rows."""
    if not file.is_file():
        return "it is missing"
    if stored_hash is None:
        return "" if _rows(file) == items else "it does not hold the rows that were stored"
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    return "" if found == stored_hash else "its hash is not the one that was stored"


def _rows(file: Path) -> int:
    try:
        with duckdb.connect() as engine:
            return int(engine.execute(_COUNT, [str(file)]).fetchall()[0][0])
    except duckdb.Error:
        return -1

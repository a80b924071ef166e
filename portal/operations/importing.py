"""Takes a file of past declarations into the history, once, with every fault told by its row."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.levels.path import AuthorityPath
from portal.levels.words import N_
from portal.models import Authority, ImportBatch
from portal.screening import mapping
from portal.screening.faults import Fault, SourceError
from portal.screening.mapping import Mapping_
from portal.screening.normalise import MOST_FAULTS, Normalised, RowFault, normalise
from portal.store import authorities, history
from portal.store.history_intake import Refused, Written, intake
from portal.store.session import session
from portal.workflow.clock import now

NO_SUCH_PLACE = N_("is no authority of yours")
KNOWN_ALREADY = N_("is in the history already")
LONG_MAPPING = N_("is too long for a mapping")
NOT_TEXT = N_("is not a text in UTF-8")
NO_OUTCOME = N_("is not a column that is kept aside: %(name)s")


@dataclass(frozen=True)
class Delivery:
    """A file to take in.

    Attributes:
        file: CSV or Parquet, one row per goods item.
        name: how the sender calls it.
        mapping: TOML that says which column is which field; empty when the columns bear the names of fields.
        outcome: source name of the column with the outcome of inspection.
        whole: every row belongs to the importing authority, whatever code stands in it.
        skip_faulty: store the good rows although others are at fault.
    """

    file: Path
    name: str
    mapping: str = ""
    outcome: str = ""
    whole: bool = False
    skip_faulty: bool = False


def take(delivery: Delivery, path: str, officer_name: str = "") -> ImportBatch:
    """Take a file in at the authority at `path`, for which the session acts.

    The same content by the same mapping gives the batch of its first time, and nothing is stored twice. While
    rows are at fault nothing is stored, and the batch tells the faults; sent again it is tried anew.

    Raises:
        MappingError, SourceError: nothing of the file can be used.
    """
    chosen = mapping.parse(delivery.mapping) if delivery.mapping.strip() else None
    _queue(path)
    content, how = _content_hash(delivery.file), _mapping_hash(delivery, chosen)
    batch = history.batch_of(path, content, how)
    if batch is not None and batch.items:
        return batch
    if batch is None:
        batch = ImportBatch(authority_path=path, content_hash=content, mapping_hash=how)
    target = (
        f"{AuthorityPath(path).labels[1]}/{AuthorityPath(path).labels[-1]}-{content[:24]}-{how[:8]}.parquet"
    )
    with tempfile.TemporaryDirectory() as place:
        rows = Path(place) / "rows.parquet"
        read = normalise(delivery.file, rows, chosen, [delivery.outcome] if delivery.outcome else [])
        _check_outcome(delivery, read)
        _store(batch, delivery, chosen, read, target)
    batch.name, batch.at, batch.officer_name = delivery.name[:200], now(), officer_name
    session().add(batch)
    session().flush()
    return batch


def _queue(path: str) -> None:
    """Let one import at an authority wait for another, so that no item slips in twice."""
    session().execute(select(Authority.id).where(Authority.authority_path == path).with_for_update())


def _content_hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _mapping_hash(delivery: Delivery, chosen: Mapping_ | None) -> str:
    """The same for mappings that mean the same; whether faulty rows are skipped is no part of it."""
    meaning: list[Any] = [delivery.outcome, delivery.whole]
    meaning += [dict(chosen.columns), dict(chosen.constants)] if chosen else []
    return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()


def _check_outcome(delivery: Delivery, read: Normalised) -> None:
    if delivery.outcome and delivery.outcome not in read.aside:
        raise SourceError([Fault("", NO_OUTCOME, {"name": delivery.outcome})])


def _store(
    batch: ImportBatch, delivery: Delivery, chosen: Mapping_ | None, read: Normalised, target: str
) -> None:
    """Write what is good, unless something is not and nothing shall be skipped, and tell it in the batch."""
    path = batch.authority_path
    places: dict[str, str] | str = path if delivery.whole else _places()
    with intake(read.path, history.folder() / target, places) as file:
        unplaced, known = file.unplaced(), file.known()
        faults = _all_faults(read, chosen, unplaced, known)
        batch.refused = read.refused + file.refused
        good = read.items - file.refused
        stores = good > 0 and (not batch.refused or delivery.skip_faulty)
        written = file.write(history.folder() / target, delivery.outcome) if stores else None
    _tell(batch, written, target, faults)


def _places() -> dict[str, str]:
    return {seen.code: seen.path for seen in authorities.subtree()}


def _tell(batch: ImportBatch, written: Written | None, target: str, faults: Sequence[RowFault]) -> None:
    batch.stored_as = target if written else ""
    batch.stored_hash = written.hash if written else None
    batch.items = written.items if written else 0
    batch.declarations = written.declarations if written else 0
    batch.first_day = written.first_day if written else None
    batch.last_day = written.last_day if written else None
    batch.faults = [_spelled(fault) for fault in faults]


def _spelled(fault: RowFault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "value": fault.value[:200],
        "message": fault.message,
        "params": {name: str(value)[:200] for name, value in fault.params.items()},
    }


def _all_faults(
    read: Normalised, chosen: Mapping_ | None, unplaced: Refused, known: Refused
) -> list[RowFault]:
    """The first faults by row of the source: positions in the normalised file leave out the rows refused before."""
    gone = sorted({fault.row for fault in read.faults})
    found = [*read.faults]
    for refused, field, message in (
        (unplaced, "authority", NO_SUCH_PLACE),
        (known, "declaration_id", KNOWN_ALREADY),
    ):
        column = _column(chosen, field)
        found += [RowFault(_row(position, gone), column, value, message) for position, value in refused.first]
    found.sort(key=lambda fault: fault.row)
    return found[:MOST_FAULTS]


def _row(position: int, gone: Iterable[int]) -> int:
    """The row of the source at a position of the normalised file, counting the refused rows before it in.

    Of the refused rows only the first thousand faults are known; a row after them is not among the first
    thousand faults either.
    """
    for row in gone:
        position += row <= position
    return position


def _column(chosen: Mapping_ | None, field: str) -> str:
    """The source column of a field; the field itself where a constant stands for it."""
    columns = chosen.columns if chosen else {}
    return next((column for column, name in columns.items() if name == field), field)

"""Writes the journal of administration: every change of an authority, unit, officer or post."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.errors import Stale
from portal.levels.words import N_
from portal.models import AdministrationEntry, Authority, Officer, Unit
from portal.operations.acts import Acts
from portal.store.session import session
from portal.workflow.clock import now

CHANGED = N_("It was changed since the form was shown to you.")


def write(
    acts: Acts,
    path: str,
    label: str,
    *,
    words: str = "",
    officer: int | None = None,
    unit: int | None = None,
    proposal: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one entry to the journal of the authority at `path`.

    Args:
        label: the act, marked for translation.
        words: why, as the administrator wrote it.
        officer, unit: ids of whom and what it is about.
    """
    entry = AdministrationEntry(
        authority_path=path,
        at=now(),
        officer_id=acts.officer_id,
        officer_name=acts.name,
        place_code=acts.code,
        label=label,
        words=words,
        about_officer_id=officer,
        about_unit_id=unit,
        proposal_id=proposal,
        before=_stored(before),
        after=_stored(after),
    )
    session().add(entry)


def _stored(values: dict[str, Any] | None) -> dict[str, Any]:
    """Values as JSON holds them: days and moments as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in (values or {}).items()
    }


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


Row = Authority | Unit | Officer


def put(row: Row, version: int | None, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the columns of a row that differ; what they were and what they are, both empty when nothing differs.

    The row is kept from others first: the journal's entry refers to it, and two who each had written theirs would wait
    for each other's row.

    Raises:
        Stale: the row changed since its form was shown.
    """
    session().refresh(row, with_for_update={"of": type(row)})
    if version is not None and version != row.row_version:
        theirs = tuple((name, _in_words(getattr(row, name))) for name in values)
        raise Stale(CHANGED, theirs=theirs)
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in differing}
    for name, value in differing.items():
        setattr(row, name, value)
    return before, differing

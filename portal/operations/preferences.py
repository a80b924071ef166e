"""Keeps what an officer wishes of the screen."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from portal.models import Officer
from portal.store import officers
from portal.store.audit import Who
from portal.store.session import scope_of, session


@dataclass(frozen=True)
class Wishes:
    """Language, zone (empty: that of the acting authority), theme, density of rows, keyboard shortcuts."""

    locale: str
    zone: str
    theme: str
    density: str
    shortcuts: bool


def keep(officer_id: int, wishes: Wishes) -> None:
    """Put them on the officer's row, under the authority that keeps his account."""
    name, path = officers.home(officer_id)
    mine = session()
    mine.enter(scope_of(path))
    mine.info["who"] = Who(officer_id, name, path, "preferences.keep")
    row = mine.get_one(Officer, officer_id)
    for field, value in asdict(wishes).items():
        setattr(row, field, value)

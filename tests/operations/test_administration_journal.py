"""A changed row is locked before its journal refers to it, so that two administrators do not wait for each other."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from portal.models import Unit
from portal.operations import administration_units
from portal.store.session import session
from tests.administrators import HOUSE, at
from tests.office import Office


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_the_row_is_locked_before_the_journal_is_written(app: Flask) -> None:
    """On SQLite one act writes at a time."""
    office, asked = Office(app), list[str]()
    unit = office.unit(HOUSE, "Goods unit")
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with at(office, HOUSE) as acts:
        administration_units.change(session().get_one(Unit, unit), acts, None, "Goods", "Товары", [1])
    locked = next(n for n, words in enumerate(asked) if words.endswith("FOR UPDATE OF unit"))
    written = next(n for n, words in enumerate(asked) if words.startswith("INSERT INTO administration_entry"))
    assert locked < written

"""What stands beneath a path, by pattern and by range."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from portal.extensions import db
from portal.models import Declaration
from portal.store.beneath import beneath, past
from portal.store.session import acting
from tests.cast import HOUSE
from tests.conftest import on_one_database


def test_wildcards_of_a_path_are_escaped() -> None:
    assert beneath("eeu.a_b%!.") == "eeu.a!_b!%!!.%"


@given(st.lists(st.text("019a.!_%/-", max_size=6), max_size=8), st.text("019a!_%-", min_size=1, max_size=4))
def test_what_begins_with_a_path_stands_in_its_range(ends: list[str], label: str) -> None:
    path = f"eeu.{label}."
    for other in (*(path + end for end in ends), *(f"eeu.{label}{end}" for end in ends), *ends):
        assert (path <= other < past(path)) is other.startswith(path)


@on_one_database
@pytest.mark.parametrize(
    ("home", "searched"), [(HOUSE, True), (f"{HOUSE}10130010.", True), ("eeu.ru.", False)]
)
def test_sqlite_finds_the_rows_of_a_small_subtree_in_an_index(app: Flask, home: str, searched: bool) -> None:
    sent: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        sent.append((statement, values))

    with app.app_context(), acting(home, "test", writes=False) as mine:
        event.listen(db.engine, "before_cursor_execute", note)
        mine.execute(select(Declaration.id).where(Declaration.released_at.is_(None))).all()
        event.remove(db.engine, "before_cursor_execute", note)
        statement, values = sent[-1]
        plan = mine.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert ("SEARCH declaration USING" in str(plan)) is searched, plan
    assert ("authority_path>? AND authority_path<?" in str(plan)) is searched, plan

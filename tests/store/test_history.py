"""Past declarations are counted inside one's own scope, whoever imported them and whatever is asked."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from portal.screening import conditions
from portal.screening.past import opened
from portal.store import history
from portal.store.gateway import ScopeMissing
from portal.store.session import acting, session
from tests import past
from tests.cast import AUTHORITIES, CENTRE, HOUSE

EVERYTHING = conditions.parse({"not": {"field": "declaration_id", "op": "missing"}})
FOOTWEAR = conditions.parse({"field": "hs_code", "op": "starts_with", "value": ["64"]})
POINT = "eeu.ru.10100000.10130000.10130010."
TULA = "eeu.ru.10110000."

#: Items of all the rows of `past.ROWS` and `past.ARMENIAN`, counted by hand for each scope.
SEEN = {
    "eeu.": 0,
    CENTRE: 9,
    "eeu.ru.10100000.": 8,
    HOUSE: 8,
    POINT: 6,
    "eeu.ru.10100000.10130000.10130020.": 2,
    TULA: 1,
    "eeu.am.": 1,
    "eeu.am.05100000.": 1,
    "eeu.am.05100000.05100010.": 1,
}


@pytest.fixture
def filled(app: Flask, tmp_path: Path) -> Flask:
    """Both states have imported at their centres."""
    past.taken(app, CENTRE, past.csv(tmp_path))
    past.taken(app, "eeu.am.", past.csv(tmp_path, past.ARMENIAN, "am.csv"))
    return app


@pytest.mark.parametrize("path", AUTHORITIES)
def test_each_scope_counts_its_own_rows_and_no_others(filled: Flask, path: str) -> None:
    with filled.app_context(), acting(path, "test", writes=False):
        assert history.count(EVERYTHING) == (SEEN[path], SEEN[path])
        assert history.totals().items == SEEN[path]
        seen = {row["declaration_id"] for row in history.sample(EVERYTHING)}
    assert len(seen) <= SEEN[path]
    assert ("A1" in seen) == path.startswith("eeu.am.")
    assert ("T1" in seen) == (path in (CENTRE, TULA))


def test_what_a_house_imports_its_neighbour_and_a_foreign_state_cannot_count(
    app: Flask, tmp_path: Path
) -> None:
    rows = [row for row in past.ROWS if row[0] in "WE"]
    past.taken(app, HOUSE, past.csv(tmp_path, rows))
    counted = {}
    for path in AUTHORITIES:
        with app.app_context(), acting(path, "test", writes=False):
            counted[path] = history.count(EVERYTHING)[1]
    assert counted == {
        path: 8
        if path in (CENTRE, "eeu.ru.10100000.", HOUSE)
        else SEEN[path]
        if path.startswith(HOUSE)
        else 0
        for path in AUTHORITIES
    }


def test_a_hit_is_counted_among_the_rows_of_the_scope(filled: Flask) -> None:
    for path, hit in ((CENTRE, 5), (HOUSE, 4), (POINT, 3), (TULA, 1), ("eeu.am.", 1)):
        with filled.app_context(), acting(path, "test", writes=False):
            assert history.count(FOOTWEAR) == (hit, SEEN[path])


def test_the_wall_holds_against_any_question_of_the_engine(filled: Flask) -> None:
    """Even a query that is always true, or reads every column, stays inside."""
    with filled.app_context(), acting(TULA, "test", writes=False), opened(history.source()) as engine:
        assert engine.execute(
            "SELECT declaration_id FROM past WHERE true OR authority_path <> ''"
        ).fetchall() == [("T1",)]
        assert "CANARY" not in str(engine.execute("FROM past").fetchall())
        with pytest.raises(duckdb.Error):
            engine.execute(f"SELECT * FROM read_csv('{__file__}')")


def test_the_union_is_given_no_file_at_all(filled: Flask) -> None:
    with filled.app_context(), acting("eeu.", "test", writes=False):
        assert history.source().paths == ()


def test_a_state_is_given_none_of_the_files_of_another(filled: Flask) -> None:
    with filled.app_context(), acting("eeu.am.", "test", writes=False):
        assert [file.parent.name for file in history.source().paths] == ["am"]


def test_without_an_acting_authority_there_is_no_history(filled: Flask) -> None:
    with filled.app_context():
        session().info.pop("scope", None)
        with pytest.raises(ScopeMissing):
            history.source()


def test_totals_tell_months_authorities_and_days(filled: Flask) -> None:
    with filled.app_context(), acting(HOUSE, "test", writes=False):
        totals = history.totals()
    assert (totals.items, totals.declarations) == (8, 7)
    assert (totals.first_day, totals.last_day) == (date(2025, 1, 10), date(2025, 2, 12))
    assert totals.by_month == {"2025-01": 3, "2025-02": 4}
    assert totals.by_authority == {"10130010": 5, "10130020": 2}


def test_days_narrow_the_history_with_both_ends(filled: Flask) -> None:
    with filled.app_context(), acting(CENTRE, "test", writes=False):
        assert history.totals(date(2025, 1, 15), date(2025, 2, 5)).items == 3


def test_an_empty_history_answers(app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "test", writes=False):
        assert history.count(EVERYTHING) == (0, 0)
        assert history.totals().by_month == {}
        assert history.sample(EVERYTHING) == []
        assert not history.has_outcomes()


def test_a_file_whose_import_was_rolled_back_is_not_read(app: Flask, tmp_path: Path) -> None:
    class Interrupted(Exception):
        pass

    def interrupted() -> None:
        with app.app_context(), acting(CENTRE, "test"):
            from portal.operations.importing import Delivery, take

            take(Delivery(past.csv(tmp_path), "past.csv"), CENTRE)
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted()
    with app.app_context(), acting(CENTRE, "test", writes=False):
        assert len(list(history.folder().rglob("*.parquet"))) == 1
        assert history.totals().items == 0
    past.taken(app, CENTRE, past.csv(tmp_path))
    with app.app_context(), acting(CENTRE, "test", writes=False):
        assert history.totals().items == 9


def test_every_stored_row_says_whose_it_is(filled: Flask) -> None:
    with filled.app_context():
        files = [str(file) for file in history.folder().rglob("*.parquet")]
    owners = duckdb.sql(
        f"SELECT DISTINCT authority, authority_path FROM read_parquet({files}, union_by_name = true)"
    )
    assert all(path.endswith(f".{code}.") for code, path in owners.fetchall())


def test_an_amount_is_read_back_exactly(filled: Flask) -> None:
    with filled.app_context(), acting(POINT, "test", writes=False):
        (row,) = [row for row in history.sample(FOOTWEAR) if row["declaration_id"] == "W2"]
    assert (str(row["item_price"]), str(row["net_mass_kg"])) == ("90", "20")
    assert not [name for name in row if name.startswith("aside.")]


def test_only_the_history_opens_its_files() -> None:
    """Nobody who works for an officer builds a source of his own; the pure rooms are given one."""
    portal = Path(__file__).parents[2] / "portal"
    rooms = ("store", "operations", "documents", "web", "blueprints", "jobs")
    builders = {
        str(file.relative_to(portal))
        for room in rooms
        for file in (portal / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Source"
    }
    assert builders == {"store/history.py"}

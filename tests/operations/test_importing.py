"""A file of past declarations comes in once, whole, at the right authorities, or tells why not."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from portal.screening.faults import MappingError, SourceError
from portal.store import history
from portal.store.session import acting
from tests import past
from tests.cast import CENTRE, HOUSE

MAPPING = """
[columns]
"Nr" = "declaration_id"
"Ort" = "authority"
"Ware" = "hs_code"
[constants]
direction = "import"
"""
SHARED = Path(os.environ.get("PORTAL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def items(app: Flask, path: str) -> int:
    with app.app_context(), acting(path, "test", writes=False):
        return history.totals().items


def faults(batch: object) -> list[tuple[int, str, str]]:
    return [(fault["row"], fault["column"], fault["value"]) for fault in batch.faults]  # type: ignore[attr-defined]


def test_a_good_file_is_stored_with_its_figures(app: Flask, tmp_path: Path) -> None:
    batch = past.taken(app, CENTRE, past.csv(tmp_path))
    assert (batch.items, batch.declarations, batch.refused, batch.faults) == (9, 8, 0, [])
    assert (str(batch.first_day), str(batch.last_day)) == ("2025-01-10", "2025-02-12")
    assert (batch.name, batch.officer_name) == ("past.csv", "Tester")


def test_the_same_file_is_the_same_batch_and_nothing_is_stored_twice(app: Flask, tmp_path: Path) -> None:
    first = past.taken(app, CENTRE, past.csv(tmp_path))
    again = past.taken(app, CENTRE, past.csv(tmp_path, name="other-name.csv"))
    assert (again.id, again.name) == (first.id, "past.csv")
    assert items(app, CENTRE) == 9


def test_mappings_that_mean_the_same_are_the_same(app: Flask, tmp_path: Path) -> None:
    file = past.csv(tmp_path, ["X1,10130010,6403"], header="Nr,Ort,Ware")
    first = past.taken(app, HOUSE, file, mapping=MAPPING)
    assert past.taken(app, HOUSE, file, mapping=f"# a remark\n{MAPPING}\n").id == first.id
    assert items(app, HOUSE) == 1


def test_items_in_the_history_are_told_by_row(app: Flask, tmp_path: Path) -> None:
    past.taken(app, CENTRE, past.csv(tmp_path))
    later = ["N1,1,2025-03-01,10130010,640399,CN,CN,I,1,1,0", past.ROWS[1], past.ROWS[8]]
    batch = past.taken(app, CENTRE, past.csv(tmp_path, later, "later.csv"))
    assert faults(batch) == [(2, "declaration_id", "W1, 2"), (3, "declaration_id", "T1, 1")]
    assert {fault["message"] for fault in batch.faults} == {"is in the history already"}
    assert (batch.items, batch.refused, items(app, CENTRE)) == (0, 2, 9)


def test_what_the_centre_holds_of_a_house_is_known_to_the_house(app: Flask, tmp_path: Path) -> None:
    past.taken(app, CENTRE, past.csv(tmp_path))
    assert past.taken(app, HOUSE, past.csv(tmp_path, past.ROWS[:1], "own.csv")).refused == 1


def test_a_declaration_of_another_house_is_not_told_to_be_known(app: Flask, tmp_path: Path) -> None:
    """The same number may stand at another authority; this one must not learn it."""
    past.taken(app, CENTRE, past.csv(tmp_path))
    row = "T1,1,2025-01-15,10130010,640399,CN,CN,I,10,41,1"
    assert past.taken(app, HOUSE, past.csv(tmp_path, [row], "own.csv")).items == 1


def test_an_authority_outside_the_subtree_is_a_fault(app: Flask, tmp_path: Path) -> None:
    batch = past.taken(app, HOUSE, past.csv(tmp_path))
    assert faults(batch) == [(9, "authority", "10110000")]
    assert (batch.items, batch.stored_as, items(app, HOUSE)) == (0, "", 0)
    foreign = past.taken(app, HOUSE, past.csv(tmp_path, past.ARMENIAN, "am.csv"))
    absent = past.taken(app, HOUSE, past.csv(tmp_path, ["W9,1,2025-01-10,,640399,CN,CN,I,1,1,0"], "none.csv"))
    assert faults(foreign) == [(1, "authority", "05100010")]
    assert faults(absent) == [(1, "authority", "")]


def test_good_rows_are_stored_when_the_faulty_are_to_be_skipped(app: Flask, tmp_path: Path) -> None:
    first = past.taken(app, HOUSE, past.csv(tmp_path))
    again = past.taken(app, HOUSE, past.csv(tmp_path), skip_faulty=True)
    assert again.id == first.id, "the batch that told the faults is the one that is filled"
    assert (again.items, again.refused, items(app, HOUSE)) == (8, 1, 8)
    assert faults(again) == [(9, "authority", "10110000")]


def test_rows_are_counted_in_the_file_as_it_was_sent(app: Flask, tmp_path: Path) -> None:
    """Rows refused at each of the three gates, and good ones between them."""
    past.taken(app, CENTRE, past.csv(tmp_path))
    rows = [
        "N1,1,2025-03-01,10130010,640399,CN,CN,I,1,1,0",
        "N2,1,2025-03-99,10130010,640399,CN,CN,I,1,1,0",
        "N3,1,2025-03-01,10130010,640399,CN,CN,I,heavy,1,0",
        "N4,1,2025-03-01,99999999,640399,CN,CN,I,1,1,0",
        past.ROWS[0],
        "N5,1,2025-03-01,10130010,640399,CN",
        "N6,1,2025-03-01,99999999,640399,CN,CN,I,1,1,0",
    ]
    batch = past.taken(app, CENTRE, past.csv(tmp_path, rows, "mixed.csv"), skip_faulty=True)
    assert [(row, column) for row, column, _ in faults(batch)] == [
        (2, "date"),
        (3, "net_mass_kg"),
        (4, "authority"),
        (5, "declaration_id"),
        (6, ""),
        (7, "authority"),
    ]
    assert (batch.items, batch.refused) == (1, 6)


def test_a_file_of_short_codes_belongs_whole_to_who_imports_it(app: Flask, tmp_path: Path) -> None:
    file = past.csv(tmp_path, ["X1,30,6403", "X2,40,6404"], header="Nr,Ort,Ware")
    assert past.taken(app, CENTRE, file, mapping=MAPPING).refused == 2
    batch = past.taken(app, CENTRE, file, mapping=MAPPING, whole=True)
    assert (batch.items, items(app, CENTRE), items(app, HOUSE)) == (2, 2, 0)
    with app.app_context(), acting(CENTRE, "test", writes=False):
        assert history.totals().by_authority == {"30": 1, "40": 1}


def test_the_outcome_may_have_any_name(app: Flask, tmp_path: Path) -> None:
    file = past.csv(tmp_path, ["X1,10130010,6403,1"], header='Nr,Ort,Ware,"Un ""fraude"""')
    with pytest.raises(SourceError, match="kept aside"):
        past.taken(app, HOUSE, file, mapping=MAPPING, outcome="Fraud")
    past.taken(app, HOUSE, file, mapping=MAPPING, outcome='Un "fraude"')
    with app.app_context(), acting(HOUSE, "test", writes=False):
        assert history.has_outcomes()


def test_parquet_comes_in_like_csv(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "past.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{past.csv(tmp_path)}', all_varchar = true)) TO '{target}'")
    assert past.taken(app, CENTRE, target).items == 9


def test_a_file_that_cannot_be_used_stores_nothing(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(MappingError):
        past.taken(app, CENTRE, past.csv(tmp_path), mapping='[columns]\n"Nope" = "declaration_id"')
    with pytest.raises(SourceError):
        past.taken(app, CENTRE, past.csv(tmp_path, ["\xff"], "empty.csv", header=""))
    assert items(app, CENTRE) == 0


def test_a_thousand_faults_are_listed_and_all_are_counted(app: Flask, tmp_path: Path) -> None:
    rows = [
        f"N{n},1,2025-03-01,{'' if n % 2 else '10130010'},640399,CN,CN,I,{'x' if n % 3 else '1'},1,0"
        for n in range(3000)
    ]
    batch = past.taken(app, CENTRE, past.csv(tmp_path, rows), skip_faulty=True)
    assert len(batch.faults) == 1000
    assert [fault["row"] for fault in batch.faults] == sorted(fault["row"] for fault in batch.faults)
    good = [n for n in range(3000) if not n % 2 and not n % 3]
    assert (batch.items, batch.refused) == (len(good), 3000 - len(good))


@pytest.mark.shared
def test_the_public_set_comes_in_whole(app: Flask) -> None:
    file = SHARED / "declarations-2020.csv"
    if not file.exists():
        pytest.skip(f"{file} is absent; the public set was NOT imported")
    mapping = (Path(__file__).parents[2] / "docs" / "mappings" / "declarations-2020.toml").read_text("utf-8")
    batch = past.taken(app, CENTRE, file, mapping=mapping, whole=True, outcome="Fraud")
    assert (batch.items, batch.declarations, batch.refused) == (37385, 37385, 0)

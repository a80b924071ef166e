"""The reference, the single path and the batch path give the same items for the same condition."""

from collections.abc import Iterator, Sequence

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.screening.area import Area, Group
from portal.screening.batch import sql
from portal.screening.engine import connect
from portal.screening.normalise import stored_columns
from portal.screening.reference import Item, holds
from portal.screening.single import Screener
from portal.screening.tree import Node, Not
from portal.screening.vocabulary import STORED
from tests.screening.generated_conditions import items, leaf_conditions, numeric_conditions, trees, weighed

NAMES = [field.name for field in STORED]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in stored_columns().items())
        connection.execute(f"CREATE TEMP TABLE past (row_no INTEGER, {columns})")
        yield connection


def fill(engine: duckdb.DuckDBPyConnection, rows: Sequence[Item]) -> None:
    engine.execute("DELETE FROM past")
    if not rows:
        return
    row = ", ".join(["?", *(f"CAST(? AS {stored_columns()[name]})" for name in NAMES), "fold_case(?)"])
    values: list[object] = []
    for number, item in enumerate(rows):
        texts = [None if item.get(name) is None else str(item.get(name)) for name in NAMES]
        values += [number, *texts, item.get("goods_description")]
    engine.execute(f"INSERT INTO past VALUES {', '.join([f'({row})'] * len(rows))}", values)


def in_batch(engine: duckdb.DuckDBPyConnection, node: Node) -> set[int]:
    return {row for (row,) in engine.execute(f"SELECT row_no FROM past WHERE {sql(node)}").fetchall()}


def judged_false(engine: duckdb.DuckDBPyConnection, node: Node) -> set[int]:
    """Rows where the expression is false; with `in_batch` it must cover all rows, or it is not two-valued."""
    return {
        row for (row,) in engine.execute(f"SELECT row_no FROM past WHERE ({sql(node)}) = false").fetchall()
    }


def one_by_one(node: Node, rows: Sequence[Item]) -> set[int]:
    screener = Screener({"profile": Area((Group(node),))})
    return {number for number, item in enumerate(rows) if screener.screen({}, [{"item_no": 1, **item}])}


SLOW_ENGINE = settings(
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@SLOW_ENGINE
@given(rows=st.lists(items, min_size=1, max_size=5), nodes=st.lists(trees, min_size=1, max_size=6))
def test_three_evaluators_agree(
    engine: duckdb.DuckDBPyConnection, rows: list[Item], nodes: list[Node]
) -> None:
    numbered = [{**item, "item_no": item.get("item_no") or 1} for item in rows]
    fill(engine, numbered)
    for node in nodes:
        plainly = {number for number, item in enumerate(numbered) if holds(node, item)}
        assert one_by_one(node, numbered) == plainly
        assert in_batch(engine, node) == plainly
        assert judged_false(engine, node) == set(range(len(numbered))) - plainly


@SLOW_ENGINE
@given(
    rows=st.lists(items, min_size=1, max_size=4), leaves=st.lists(leaf_conditions, min_size=4, max_size=12)
)
def test_every_leaf_and_its_negation_part_the_items(
    engine: duckdb.DuckDBPyConnection, rows: list[Item], leaves: list[Node]
) -> None:
    fill(engine, rows)
    for leaf in leaves:
        assert in_batch(engine, leaf) | in_batch(engine, Not(leaf)) == set(range(len(rows)))
        assert not in_batch(engine, leaf) & in_batch(engine, Not(leaf))


@SLOW_ENGINE
@given(
    rows=st.lists(weighed, min_size=4, max_size=8),
    nodes=st.lists(numeric_conditions, min_size=4, max_size=12),
)
def test_numbers_at_their_limits_agree(
    engine: duckdb.DuckDBPyConnection, rows: list[Item], nodes: list[Node]
) -> None:
    fill(engine, rows)
    for node in nodes:
        plainly = {number for number, item in enumerate(rows) if holds(node, item)}
        assert one_by_one(node, rows) == plainly
        assert in_batch(engine, node) == plainly


@SLOW_ENGINE
@given(rows=st.lists(items, max_size=4), conditions=st.lists(trees, min_size=2, max_size=8), exception=trees)
def test_many_profiles_at_once_are_as_many_apart(
    rows: list[Item], conditions: list[Node], exception: Node
) -> None:
    areas = {
        index: Area((Group(node, exception if index % 2 else None),)) for index, node in enumerate(conditions)
    }
    numbered = [{**item, "item_no": number} for number, item in enumerate(rows, 1)]
    hits = {hit.profile: [each.item_no for each in hit.items] for hit in Screener(areas).screen({}, numbered)}
    expected = {
        index: hit
        for index, area in areas.items()
        if (hit := [number for number, item in enumerate(numbered, 1) if holds(area.groups[0].node, item)])
    }
    assert hits == expected

"""One back-test from Parquet, beside the SQL that one would write by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench import Case
from portal.screening import backtest, conditions, normalise
from portal.screening.past import Source

ROWS = 1_000_000
CONDITION = {
    "all": [
        {"field": "hs_code", "op": "starts_with", "value": ["61", "62", "64"]},
        {"field": "departure_country", "op": "differs_from", "other": "origin_country"},
    ]
}
BY_HAND = """
SELECT count(*) FROM read_parquet(?) WHERE
  (starts_with(hs_code, '61') OR starts_with(hs_code, '62') OR starts_with(hs_code, '64'))
  AND departure_country <> origin_country
"""


def _file(folder: Path) -> Path:
    """A million made-up items, taken in as the portal takes in any file."""
    given, stored = folder / "given.parquet", folder / "stored.parquet"
    duckdb.sql(
        f"""COPY (SELECT 'D' || range AS declaration_id, (DATE '2025-01-01' + (range % 365)::INT)::VARCHAR AS date,
        lpad((hash(range) % 9700 + 100)::VARCHAR, 4, '0') || '10' AS hs_code,
        ['CN', 'DE', 'TR', 'RU'][(1 + hash(range + 1) % 4)::INT] AS origin_country,
        ['CN', 'DE', 'TR', 'RU'][(1 + hash(range + 2) % 4)::INT] AS departure_country,
        '10130010' AS authority, (hash(range + 3) % 100000)::VARCHAR AS item_price
        FROM range({ROWS})) TO '{given}' (FORMAT parquet)"""
    )
    return normalise.normalise(given, stored).path


def cases() -> Iterator[Case]:
    with tempfile.TemporaryDirectory() as folder:
        stored = _file(Path(folder))
        node = conditions.parse(CONDITION)
        yield (
            f"one back-test with all its figures, {ROWS:,} items; peer: a bare count by hand-written SQL",
            lambda: backtest.run(node, Source((stored,))).hit_items,
            lambda: duckdb.execute(BY_HAND, [str(stored)]).fetchone()[0],
        )

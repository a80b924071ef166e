"""Runs a condition over past declarations and measures what it would have hit."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import duckdb

from portal.levels.words import N_
from portal.screening.batch import sql
from portal.screening.faults import Fault, SourceError
from portal.screening.normalise import ASIDE
from portal.screening.past import Source, columns, opened
from portal.screening.tree import Node
from portal.screening.values import EXACT

ENGINE = "duckdb"
NO_OUTCOME = N_("the declarations have no column %(name)s")

_OUTCOME = """
CREATE TEMP VIEW judged AS SELECT declaration_id, CASE WHEN told IS NOT NULL THEN
lower(told) IN ('1', '2', 'true', 'yes') OR coalesce(TRY_CAST(told AS DECIMAL(18, 4)) IN (1, 2), false) END AS violation
FROM (SELECT declaration_id, nullif(trim(CAST({column} AS VARCHAR)), '') AS told FROM past)
"""
_TOTALS = "SELECT count(*), count(DISTINCT declaration_id) FROM {table}"
_OUTCOMES = """
SELECT count(DISTINCT declaration_id) FILTER (violation IS NOT NULL), count(DISTINCT declaration_id) FILTER (violation)
FROM judged
"""
_HIT_OUTCOMES = f"{_OUTCOMES} WHERE declaration_id IN (SELECT declaration_id FROM hit)"  # noqa: S608 - constants
_PRICE = """
SELECT coalesce(sum(CAST(trunc(item_price) AS DECIMAL(38, 0))), 0), coalesce(sum(item_price - trunc(item_price)), 0)
FROM hit
"""
_HIT = (
    "CREATE TEMP TABLE hit AS SELECT declaration_id, authority, date, item_price FROM past WHERE {condition}"
)
_GROUPED = "SELECT {key} AS key, count(DISTINCT declaration_id) FROM hit GROUP BY key ORDER BY key"
_AUTHORITY = "coalesce(authority, '')"
_MONTH = "coalesce(strftime(date, '%Y-%m'), '')"


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a condition would have hit (conditions, "Result of a back-test").

    Violations are counted by declaration: it has an outcome when one of its items has, and is a violation when
    one of its items is. The empty key of `by_authority` and `by_month` stands for declarations without one.
    """

    declarations: int
    items: int
    hit_declarations: int
    hit_items: int
    with_outcome: int
    violations: int
    hit_with_outcome: int
    violations_hit: int
    item_price_hit: Decimal
    by_authority: Mapping[str, int]
    by_month: Mapping[str, int]
    seconds: float
    engine: str = ENGINE

    @property
    def precision(self) -> Decimal | None:
        """The share of violations among the hit declarations whose outcome is known."""
        return _ratio(self.violations_hit, self.hit_with_outcome)

    @property
    def recall(self) -> Decimal | None:
        """The share of all violations that was hit."""
        return _ratio(self.violations_hit, self.violations)

    @property
    def lift(self) -> Decimal | None:
        """The precision over the share of violations among all known outcomes."""
        return _ratio(self.violations_hit * self.with_outcome, self.hit_with_outcome * self.violations)

    def to_json(self) -> dict[str, Any]:
        """Return the object that `flask backtest --json` prints; ratios and amounts are texts or None."""
        return {
            "declarations": self.declarations,
            "items": self.items,
            "hit_declarations": self.hit_declarations,
            "hit_items": self.hit_items,
            "with_outcome": self.with_outcome,
            "violations": self.violations,
            "violations_hit": self.violations_hit,
            "precision": _rounded(self.precision, 6),
            "recall": _rounded(self.recall, 6),
            "lift": _rounded(self.lift, 4),
            "item_price_hit": _rounded(self.item_price_hit, 2),
            "by_authority": dict(self.by_authority),
            "by_month": dict(self.by_month),
            "engine": self.engine,
            "seconds": round(self.seconds, 3),
        }


def _ratio(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def _rounded(value: Decimal | None, places: int) -> str | None:
    if value is None:
        return None
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, EXACT):f}"


def run(node: Node, source: Source, outcome: str | None = None) -> BackTest:
    """Run a condition over `source`; `outcome` names a column kept aside by its source name.

    Raises SourceError when a file cannot be read or has no such column.
    """
    began = time.perf_counter()
    with opened(source) as connection:
        connection.execute(_HIT.format(condition=sql(node)))
        items, declarations = _row(connection, _TOTALS.format(table="past"))
        hit_items, hit_declarations = _row(connection, _TOTALS.format(table="hit"))
        known, violations, hit_known, violations_hit = _outcomes(connection, source, outcome)
        whole, broken = _row(connection, _PRICE)
        return BackTest(
            declarations=declarations,
            items=items,
            hit_declarations=hit_declarations,
            hit_items=hit_items,
            with_outcome=known,
            violations=violations,
            hit_with_outcome=hit_known,
            violations_hit=violations_hit,
            item_price_hit=EXACT.add(Decimal(whole), Decimal(broken)),
            by_authority=_grouped(connection, _AUTHORITY),
            by_month=_grouped(connection, _MONTH),
            seconds=time.perf_counter() - began,
        )


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchall()[0]


def _grouped(connection: duckdb.DuckDBPyConnection, key: str) -> dict[str, int]:
    return dict(connection.execute(_GROUPED.format(key=key)).fetchall())


def _outcomes(
    connection: duckdb.DuckDBPyConnection, source: Source, outcome: str | None
) -> tuple[int, int, int, int]:
    """Count declarations with an outcome and violations, in all and among those hit."""
    if outcome is None or not source.paths:
        return 0, 0, 0, 0
    if ASIDE + outcome not in columns(connection):
        raise SourceError([Fault("", NO_OUTCOME, {"name": outcome})])
    column = '"' + (ASIDE + outcome).replace('"', '""') + '"'
    connection.execute(_OUTCOME.format(column=column))
    known, violations = _row(connection, _OUTCOMES)
    return known, violations, *_row(connection, _HIT_OUTCOMES)

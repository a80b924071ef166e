"""What a condition would have hit, by figures worked out by hand and by a plain loop over the public file."""

import csv
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.screening import mapping
from portal.screening.backtest import run
from portal.screening.conditions import parse
from portal.screening.contribution import Contribution, Overlap, contributions, overlaps, without
from portal.screening.faults import SourceError
from portal.screening.normalise import normalise
from portal.screening.past import Source, Within
from portal.screening.tree import All, Any_, Missing, Not

ROOT = Path(__file__).parents[2]
PUBLIC = Path(os.environ.get("PORTAL_SHARED_DATA", ROOT.parent / "shared" / "data")) / "declarations-2020.csv"

# A has a hit item that is clean and a violation on the other; B is hit twice; C is missed; D is hit, unknown; E clean.
HISTORY = """declaration_id,item_no,date,authority,hs_code,item_price,Fraud
A,1,2020-01-31,10130010,6101,100.10,0
A,2,2020-01-31,10130010,0910,7,1
B,1,2020-02-01,10130010,6201,0.2,0
B,2,2020-02-01,10130010,6202,0.1,
C,1,2020-02-01,10130020,0910,50,yes
D,1,2020-02-29,10140010,6109,,
E,1,,,0910,5,no
F,1,2020-03-01,10140010,0101,5,TRUE
"""
CLOTHES = parse({"field": "hs_code", "op": "starts_with", "value": ["61", "62"]})


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    (folder / "history.csv").write_text(HISTORY)
    return normalise(folder / "history.csv", folder / "history.parquet").path


def measured(*paths: Path, outcome: str | None = "Fraud", **options: Any) -> dict[str, Any]:
    result = run(CLOTHES, Source(paths, **options), outcome).to_json()
    assert result.pop("engine") == "duckdb"
    assert result.pop("seconds") >= 0
    return result


def test_every_figure_by_hand(history: Path) -> None:
    assert measured(history) == {
        "declarations": 6,
        "items": 8,
        "hit_declarations": 3,
        "hit_items": 4,
        "with_outcome": 5,
        "violations": 3,
        "violations_hit": 1,
        "precision": "0.500000",
        "recall": "0.333333",
        "lift": "0.8333",
        "item_price_hit": "100.40",
        "by_authority": {"10130010": 2, "10140010": 1},
        "by_month": {"2020-01": 1, "2020-02": 2},
    }


def test_without_an_outcome_there_are_no_ratios(history: Path) -> None:
    result = measured(history, outcome=None)
    assert [result[name] for name in ("with_outcome", "violations", "violations_hit")] == [0, 0, 0]
    assert [result[name] for name in ("precision", "recall", "lift")] == [None, None, None]


def test_both_days_of_the_period_are_included(history: Path) -> None:
    result = measured(history, start=date(2020, 1, 31), end=date(2020, 2, 1))
    assert (result["declarations"], result["items"], result["hit_declarations"]) == (3, 5, 2)
    assert measured(history, start=date(2020, 2, 2))["declarations"] == 2


@pytest.mark.parametrize(
    ("wall", "declarations"),
    [
        (Within("authority", prefixes=("1013",)), 3),
        (Within("authority", values=frozenset({"10140010"})), 2),
        (Within("authority", frozenset({"10140010"}), ("1013",)), 5),
        (Within("authority", prefixes=("101300_0",)), 0),
        (Within("authority", values=frozenset({"' OR true --"})), 0),
        (Within("authority"), 0),
    ],
)
def test_only_rows_inside_the_walls_count(history: Path, wall: Within, declarations: int) -> None:
    assert measured(history, within=(wall,))["declarations"] == declarations


def test_every_wall_counts(history: Path) -> None:
    walls = (Within("authority", prefixes=("1013",)), Within("hs_code", prefixes=("09",)))
    assert measured(history, within=walls)["items"] == 2


def test_a_wall_on_a_column_that_is_not_there_lets_nothing_through(history: Path) -> None:
    with pytest.raises(SourceError):
        run(CLOTHES, Source((history,), (Within("authority_path", prefixes=("eeu.",)),)))


def test_several_files_are_one_history(history: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("declaration_id,hs_code,item_price,Note\nG,62,1,x\n")
    more = normalise(tmp_path / "more.csv", tmp_path / "more.parquet").path
    result = measured(history, more)
    assert (result["declarations"], result["hit_declarations"], result["with_outcome"]) == (7, 4, 5)
    assert result["by_authority"][""] == 1


def test_no_history_gives_zeros() -> None:
    result = measured()
    assert (result["declarations"], result["hit_items"], result["item_price_hit"]) == (0, 0, "0.00")


def test_an_unknown_outcome_and_a_bad_file_are_refused(history: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no column Fraud2"):
        run(CLOTHES, Source((history,)), "Fraud2")
    with pytest.raises(SourceError):
        run(CLOTHES, Source((tmp_path / "nothing.parquet",)))


def test_the_largest_prices_are_added_exactly(tmp_path: Path) -> None:
    price = "99999999999999.999999999999999999"
    rows = "".join(f"{number},61,{price}\n" for number in range(1200))
    (tmp_path / "dear.csv").write_text("declaration_id,hs_code,item_price\n" + rows)
    dear = normalise(tmp_path / "dear.csv", tmp_path / "dear.parquet").path
    result = run(CLOTHES, Source((dear,)))
    assert result.item_price_hit == Decimal("119999999999999999.9999999999999988")
    assert result.to_json()["item_price_hit"] == "120000000000000000.00"


def test_each_indicator_is_weighed(history: Path) -> None:
    dear = parse({"field": "item_price", "op": ">", "value": "1"})
    assert contributions(All((CLOTHES, dear)), Source((history,))) == (
        Contribution("all[0]", alone=4, without=5),
        Contribution("all[1]", alone=5, without=4),
    )


def test_overlaps_are_counted_by_declaration(history: Path) -> None:
    spice = parse({"field": "hs_code", "op": "in", "value": ["0910"]})
    assert overlaps(CLOTHES, {"spice": spice, "same": CLOTHES}, Source((history,))) == {
        "spice": Overlap(hit=3, shared=1),
        "same": Overlap(hit=3, shared=3),
    }


def test_a_part_is_left_out_with_what_it_leaves_empty() -> None:
    one, two = Missing("hs_code"), Missing("date")
    tree = All((Any_((one, two)), Not(one)))
    assert without(tree, "all[0].any[1]") == All((Any_((one,)), Not(one)))
    assert without(tree, "all[1].not") == All((Any_((one, two)),))
    assert without(Not(one), "not") is None
    assert without(one, "") is None


DOCUMENTED = {
    "all": [
        {"field": "hs_code", "op": "starts_with", "value": ["61", "62", "64"]},
        {"field": "departure_country", "op": "differs_from", "other": "origin_country"},
    ]
}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not PUBLIC.exists():
        pytest.skip(f"the public data set is not at {PUBLIC}; these figures were NOT tested")
    chosen = mapping.parse((ROOT / "docs/mappings/declarations-2020.toml").read_text())
    target = tmp_path_factory.mktemp("public") / "public.parquet"
    result = normalise(PUBLIC, target, chosen)
    assert (result.items, result.faults) == (37_385, ())
    return result.path


@pytest.mark.shared
def test_the_documented_figures_of_the_public_file(public: Path) -> None:
    result = run(parse(json.dumps(DOCUMENTED)), Source((public,)), "Fraud").to_json()
    assert {
        name: value for name, value in result.items() if name not in ("by_authority", "by_month", "seconds")
    } == {
        "declarations": 37385,
        "items": 37385,
        "hit_declarations": 780,
        "hit_items": 780,
        "with_outcome": 37385,
        "violations": 8114,
        "violations_hit": 304,
        "precision": "0.389744",
        "recall": "0.037466",
        "lift": "1.7957",
        "item_price_hit": "8211612.24",
        "engine": "duckdb",
    }
    assert (result["by_authority"]["30"], result["by_authority"]["40"], result["by_month"]["2020-01"]) == (
        127,
        307,
        74,
    )
    assert sum(result["by_authority"].values()) == sum(result["by_month"].values()) == 780


def rows() -> list[dict[str, str]]:
    with PUBLIC.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
@pytest.mark.parametrize("limit", ["0.6", "2.5", "13.6"])
def test_ratios_on_the_public_file_as_a_plain_loop_counts_them(public: Path, limit: str) -> None:
    expected = [
        row
        for row in rows()
        if Decimal(row["Net Mass"]) > 0
        and Decimal(row["Item Price"]) <= Decimal(limit) * Decimal(row["Net Mass"])
        and row["Courier ID"] == ""
    ]
    condition = {
        "all": [
            {"field": "value_per_kg", "op": "<=", "value": limit},
            {"field": "courier_id", "op": "missing"},
        ]
    }
    result = run(parse(condition), Source((public,)), "Critical Fraud")
    assert result.hit_items == len(expected)
    assert result.violations_hit == sum(row["Critical Fraud"] in ("1", "2") for row in expected)


@pytest.mark.shared
def test_negation_counts_missing_sellers_on_the_public_file(public: Path) -> None:
    sellers = [row["Seller ID"] for row in rows()]
    commonest = "3EVLVZQ"
    node = Not(parse({"field": "exporter_id", "op": "in", "value": [commonest]}))
    assert run(node, Source((public,))).hit_items == sum(seller != commonest for seller in sellers)
    assert "" in sellers

"""Exact decimals and missing values, worked out by hand, in every evaluator."""

import json
from datetime import date
from decimal import Decimal

import pytest

from portal.screening.area import Area, Group
from portal.screening.batch import sql
from portal.screening.conditions import parse
from portal.screening.engine import connect
from portal.screening.normalise import stored_columns
from portal.screening.reference import Item, holds
from portal.screening.single import Screener

D = Decimal
LIGHT = {"item_price": D(3000), "net_mass_kg": D(5000)}
FLOAT_NOISE = {"item_price": D("0.6000000000000001"), "net_mass_kg": D(1)}
THIRD = {"item_price": D(1), "net_mass_kg": D(3)}
NO_MASS = {"item_price": D(10), "net_mass_kg": D(0)}
LARGEST = {"item_price": D("99999999999999.999999999999999999"), "net_mass_kg": D("999999999999.999999")}


def ratio(op: str, value: object) -> dict[str, object]:
    return {"field": "value_per_kg", "op": op, "value": value}


CASES = [
    (ratio("<=", "0.6"), LIGHT, True),
    (ratio("<", "0.6"), LIGHT, False),
    (ratio(">=", "0.6"), LIGHT, True),
    (ratio("between", ["0.6", "0.6"]), LIGHT, True),
    (ratio("<=", "0.6"), FLOAT_NOISE, False),
    (ratio("<=", "0.333333"), THIRD, False),
    (ratio("<", "0.333334"), THIRD, True),
    (ratio("<", "99999999999999.999999"), LARGEST, True),
    (ratio(">", "-99999999999999.999999"), LARGEST, True),
    (ratio("<", "99999999.999999"), LARGEST, True),
    (ratio(">", "-99999999.999999"), LARGEST, True),
    (ratio(">", "100.000001"), LARGEST, False),
    (ratio(">", "99.999999"), LARGEST, True),
    (
        {"field": "gross_to_net", "op": "<=", "value": "99999999999999.999999"},
        {"gross_mass_kg": LARGEST["net_mass_kg"], "net_mass_kg": LARGEST["net_mass_kg"]},
        True,
    ),
    (
        {"field": "gross_to_net", "op": "equals_field", "other": "tax_rate"},
        {"gross_mass_kg": D(1), "net_mass_kg": LARGEST["net_mass_kg"], "tax_rate": LARGEST["net_mass_kg"]},
        False,
    ),
    (
        {"field": "value_per_kg", "op": "equals_field", "other": "tax_rate"},
        {**LARGEST, "tax_rate": LARGEST["net_mass_kg"]},
        False,
    ),
    (
        {"field": "gross_to_net", "op": "equals_field", "other": "item_price"},
        {
            "gross_mass_kg": D("0.000001"),
            "net_mass_kg": D("999999999999.999999"),
            "item_price": D("-99999999999999.999999999999999999"),
        },
        False,
    ),
    (ratio("<", "100"), NO_MASS, False),
    ({"not": ratio("<", "100")}, NO_MASS, True),
    ({"field": "value_per_kg", "op": "missing"}, NO_MASS, True),
    ({"field": "value_per_kg", "op": "missing"}, {"net_mass_kg": D(1)}, True),
    ({"field": "value_per_kg", "op": "missing"}, THIRD, False),
    (
        {"field": "gross_to_net", "op": ">", "value": "1.1"},
        {"gross_mass_kg": D("1.1"), "net_mass_kg": D(1)},
        False,
    ),
    (
        {"field": "value_per_kg", "op": "equals_field", "other": "customs_value"},
        {**LIGHT, "customs_value": D("0.6")},
        True,
    ),
    ({"field": "value_per_kg", "op": "differs_from", "other": "customs_value"}, LIGHT, False),
    (
        {"field": "value_per_kg", "op": "equals_field", "other": "customs_value"},
        {**THIRD, "customs_value": D("0.333333333333333333")},
        False,
    ),
    (
        {"field": "value_per_kg", "op": "differs_from", "other": "payments"},
        {**LARGEST, "payments": D("-99999999999999")},
        True,
    ),
    (
        {"field": "value_per_kg", "op": "equals_field", "other": "gross_to_net"},
        {**LIGHT, "gross_mass_kg": D(3000)},
        True,
    ),
    (
        {"field": "gross_to_net", "op": "equals_field", "other": "item_price"},
        {
            "gross_mass_kg": D("499999999999.500001"),
            "net_mass_kg": D("499999999999.5"),
            "item_price": D("1.000000000000000002"),  # times the net mass: 499999999999.500000999999999999
        },
        False,
    ),
    ({"field": "tax_rate", "op": ">=", "value": 6.5}, {"tax_rate": D("6.5")}, True),
    ({"field": "tax_rate", "op": "<", "value": "6.500001"}, {"tax_rate": D("6.5")}, True),
    ({"field": "origin_country", "op": "in", "value": ["NA"]}, {"origin_country": "NA"}, True),
    ({"field": "origin_country", "op": "missing"}, {"origin_country": "NA"}, False),
    ({"field": "origin_country", "op": "missing"}, {"origin_country": None}, True),
    ({"not": {"field": "origin_country", "op": "in", "value": ["CN"]}}, {}, True),
    (
        {"field": "departure_country", "op": "differs_from", "other": "origin_country"},
        {"origin_country": "CN"},
        False,
    ),
    (
        {"not": {"field": "departure_country", "op": "equals_field", "other": "origin_country"}},
        {"origin_country": "CN"},
        True,
    ),
    ({"field": "hs_code", "op": "starts_with", "value": ["910"]}, {"hs_code": "0910"}, False),
    ({"field": "hs_code", "op": "in", "value": ["0910"]}, {"hs_code": "0910"}, True),
    ({"field": "importer_id", "op": "in", "value": ["e\u0301"]}, {"importer_id": "\u00e9"}, False),
    (
        {"field": "goods_description", "op": "contains", "value": ["STRASSE"]},
        {"goods_description": "Straße"},
        True,
    ),
    (
        {"field": "goods_description", "op": "contains", "value": ["обувь"]},
        {"goods_description": "ОБУВЬ"},
        True,
    ),
    ({"field": "vehicle_id", "op": "contains", "value": ["σ"]}, {"vehicle_id": "ΟΔΟΣ"}, True),
    ({"field": "trader_risk", "op": "in", "value": ["unknown"]}, {}, True),
    ({"field": "trader_risk", "op": "missing"}, {}, False),
    (
        {"field": "date", "op": "between", "value": ["2020-02-29", "2020-02-29"]},
        {"date": date(2020, 2, 29)},
        True,
    ),
    ({"field": "item_no", "op": ">=", "value": 2}, {"item_no": 1}, False),
]


def in_batch(document: object, item: Item) -> bool:
    columns = stored_columns()
    given = ", ".join(
        f'CAST({"NULL" if item.get(name) is None else "?"} AS {kind}) AS "{name}"'
        for name, kind in columns.items()
        if name != "goods_description_folded"
    )
    values = [str(item[name]) for name in columns if item.get(name) is not None]
    with connect() as connection:
        [(held,)] = connection.execute(
            f"SELECT {sql(parse(document))} FROM (SELECT *, fold_case(goods_description) AS goods_description_folded "
            f"FROM (SELECT {given}))",
            values,
        ).fetchall()
    return bool(held)


@pytest.mark.parametrize(("document", "item", "expected"), CASES)
def test_the_answer_is_the_one_worked_out_by_hand(document: object, item: Item, expected: bool) -> None:
    document = json.dumps(document)  # so that a bare number arrives as the decimal that was written
    assert holds(parse(document), item) is expected
    assert bool(Screener({1: Area((Group(parse(document)),))}).screen({}, [item])) is expected
    assert in_batch(document, item) is expected

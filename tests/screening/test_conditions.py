"""The parser takes what the language says, and names the place of everything else."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from portal.screening.conditions import parse, to_json
from portal.screening.faults import ConditionError
from portal.screening.tree import (
    All,
    Any_,
    Between,
    Compare,
    FieldsDiffer,
    In,
    InList,
    Missing,
    Node,
    Not,
    StartsWith,
    leaves,
)
from tests.screening.generated_conditions import trees

EXAMPLE = """{"all": [
  {"field": "hs_code", "op": "starts_with", "value": ["61", "62", "64"]},
  {"field": "departure_country", "op": "differs_from", "other": "origin_country"},
  {"not": {"field": "importer_id", "op": "in", "value": {"list": "trusted-importers"}}},
  {"any": [
    {"field": "value_per_kg", "op": "<", "value": "2.50"},
    {"field": "tax_rate", "op": "between", "value": ["6.5", "8"]}
  ]}
]}"""
TRUSTED = frozenset({"A1", "B2"})


def faults(document: object, **lists: frozenset[str]) -> set[tuple[str, str]]:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(ConditionError) as refused:
        parse(text, lists)
    return {(fault.place, fault.text) for fault in refused.value.faults}


def places(document: object) -> set[str]:
    return {place for place, _ in faults(document)}


def test_the_documented_example_becomes_its_tree() -> None:
    assert parse(EXAMPLE, {"trusted-importers": TRUSTED}) == All(
        (
            StartsWith("hs_code", ("61", "62", "64")),
            FieldsDiffer("departure_country", "origin_country"),
            Not(InList("importer_id", "trusted-importers", TRUSTED)),
            Any_(
                (
                    Compare("value_per_kg", "<", Decimal("2.5")),
                    Between("tax_rate", Decimal("6.5"), Decimal(8)),
                )
            ),
        )
    )


@given(trees)
def test_a_tree_survives_being_written_and_read(node: Node) -> None:
    lists = {leaf.name: leaf.members for _, leaf in leaves(node) if isinstance(leaf, InList)}
    same_name = [leaf.members for _, leaf in leaves(node) if isinstance(leaf, InList)]
    if len(set(same_name)) <= 1:
        assert parse(json.dumps(to_json(node)), lists) == node
        assert parse(to_json(node), lists) == node


def test_equal_numbers_are_written_alike() -> None:
    def written(number: str) -> Any:
        return to_json(parse(f'{{"field": "tax_rate", "op": "<", "value": {number}}}'))["value"]

    assert [written(number) for number in ('"2.50"', "2.50", "25e-1", '"100"', "1E2", '"-0.0"')] == [
        "2.5",
        "2.5",
        "2.5",
        "100",
        "100",
        "0",
    ]


def test_repeated_values_are_kept_once_in_their_order() -> None:
    node = parse({"field": "hs_code", "op": "in", "value": ["62", "61", "62"]})
    assert node == In("hs_code", ("62", "61"))


LEAF = {"field": "hs_code", "op": "missing"}
REFUSED = [
    ("[]", ""),
    ("null", ""),
    ("{}", ""),
    ('"61"', ""),
    ("{", ""),
    ("", ""),
    ('{"all": [], "all": []}', ""),
    ({"all": []}, "all"),
    ({"any": []}, "any"),
    ({"any": {}}, "any"),
    ({"not": []}, "not"),
    ({"not": None}, "not"),
    ({"all": [LEAF], "any": [LEAF]}, ""),
    ({"all": [LEAF, 5]}, "all[1]"),
    ({"all": [LEAF, {"any": [LEAF, {"field": "hs", "op": "missing"}]}]}, "all[1].any[1].field"),
    ({"field": "hs_code"}, ""),
    ({"op": "missing"}, ""),
    ({"field": 5, "op": "missing"}, "field"),
    ({"field": "hs_code", "op": "like", "value": ["6"]}, "op"),
    ({"field": "hs_code", "op": ["in"], "value": ["6"]}, "op"),
    ({"field": "hs_code", "op": "<", "value": "6"}, "op"),
    ({"field": "tax_rate", "op": "in", "value": ["6"]}, "op"),
    ({"field": "date", "op": "starts_with", "value": ["2020"]}, "op"),
    ({"field": "hs_code", "op": "missing", "value": 1}, ""),
    ({"field": "hs_code", "op": "in"}, ""),
    ({"field": "hs_code", "op": "in", "value": []}, "value"),
    ({"field": "hs_code", "op": "in", "value": "61"}, "value"),
    ({"field": "hs_code", "op": "in", "value": ["61", 62]}, "value[1]"),
    ({"field": "hs_code", "op": "in", "value": ["61", ""]}, "value[1]"),
    ({"field": "hs_code", "op": "in", "value": [None]}, "value[0]"),
    ({"field": "importer_id", "op": "in", "value": ["a\0b"]}, "value[0]"),
    ({"field": "importer_id", "op": "contains", "value": ["\ud800"]}, "value[0]"),
    ({"field": "importer_id", "op": "in", "value": ["x" * 1001]}, "value[0]"),
    ({"field": "stage", "op": "in", "value": ["arrival"]}, "value[0]"),
    ({"field": "importer_id", "op": "in", "value": {"list": "nobody"}}, "value.list"),
    ({"field": "importer_id", "op": "in", "value": {"list": 5}}, "value.list"),
    ({"field": "importer_id", "op": "in", "value": {"list": "known", "version": 2}}, "value"),
    ({"field": "item_no", "op": "in", "value": {"list": "known"}}, "value"),
    ({"field": "item_no", "op": "in", "value": [True]}, "value[0]"),
    ({"field": "item_no", "op": "<", "value": False}, "value"),
    ({"field": "item_no", "op": "<", "value": "1.5"}, "value"),
    ({"field": "item_no", "op": "<", "value": 10**12}, "value"),
    ({"field": "tax_rate", "op": "<", "value": True}, "value"),
    ({"field": "tax_rate", "op": "<", "value": None}, "value"),
    ({"field": "tax_rate", "op": "<", "value": ["1"]}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "six"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "1e2"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": " 1"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "1\n"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "1_0"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "\u0661"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "NaN"}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "1" * 15}, "value"),
    ({"field": "tax_rate", "op": "<", "value": "0.1234567"}, "value"),
    ('{"field": "tax_rate", "op": "<", "value": NaN}', ""),
    ('{"field": "tax_rate", "op": "<", "value": -Infinity}', ""),
    ('{"field": "tax_rate", "op": "<", "value": 1e999999999}', "value"),
    ('{"field": "tax_rate", "op": "<", "value": 1e-999999999}', "value"),
    ('{"field": "tax_rate", "op": "<", "value": ' + "9" * 5000 + "}", ""),
    ({"field": "tax_rate", "op": "between", "value": ["8", "6.5"]}, "value"),
    ({"field": "tax_rate", "op": "between", "value": ["8"]}, "value"),
    ({"field": "tax_rate", "op": "between", "value": ["8", "x"]}, "value[1]"),
    ({"field": "date", "op": "<", "value": "2020-02-30"}, "value"),
    ({"field": "date", "op": "<", "value": "20200201"}, "value"),
    ({"field": "date", "op": "<", "value": "2020-W01-1"}, "value"),
    ({"field": "date", "op": "<", "value": "0000-01-01"}, "value"),
    ({"field": "date", "op": "<", "value": 20200201}, "value"),
    ({"field": "hs_code", "op": "differs_from", "other": "hs_code"}, "other"),
    ({"field": "hs_code", "op": "differs_from", "other": "tax_rate"}, "other"),
    ({"field": "hs_code", "op": "differs_from", "other": "nothing"}, "other"),
    ({"field": "hs_code", "op": "equals_field"}, ""),
    ({"field": "hs_code", "op": "equals_field", "value": "origin_country"}, ""),
]


@pytest.mark.parametrize(("document", "place"), REFUSED)
def test_a_fault_is_refused_at_its_place(document: object, place: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(ConditionError) as refused:
        parse(text, {"known": frozenset({"A"})})
    assert {fault.place for fault in refused.value.faults} == {place}
    assert all(fault.text for fault in refused.value.faults)


def test_every_fault_is_told_at_once() -> None:
    document = {
        "all": [{"field": "x", "op": "y"}, {"any": []}, {"not": {"field": "date", "op": "<", "value": "?"}}]
    }
    assert places(document) == {"all[0].field", "all[0].op", "all[1].any", "all[2].not.value"}


def test_a_binary_float_is_refused() -> None:
    with pytest.raises(ConditionError, match="binary float"):
        parse({"field": "tax_rate", "op": "<", "value": 0.6})


def nested(depth: int) -> str:
    return '{"not": ' * (depth - 1) + json.dumps(LEAF) + "}" * (depth - 1)


def test_depth_ends_at_32() -> None:
    parse(nested(32))
    assert faults(nested(33)) == {(".".join(["not"] * 32), "is nested deeper than 32 levels")}


@pytest.mark.parametrize("hostile", ['{"not": ' * 100_000, "[" * 100_000, nested(100_000)])
def test_hostile_depth_is_refused(hostile: str) -> None:
    with pytest.raises(ConditionError):
        parse(hostile)


def test_a_tree_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["not"] = loop
    with pytest.raises(ConditionError, match="deeper than 32"):
        parse(loop)


def test_leaves_end_at_10_000() -> None:
    parse({"all": [LEAF] * 10_000})
    assert faults({"all": [{"any": [LEAF] * 5_000}, {"any": [LEAF] * 5_001}]}) == {
        ("", "has more than 10000 comparisons")
    }


def test_values_end_at_100_000() -> None:
    def document(count: int) -> dict[str, Any]:
        return {"field": "importer_id", "op": "in", "value": [f"T{index}" for index in range(count)]}

    parse(document(100_000))
    assert faults(document(100_001)) == {("", "has more than 100000 values")}


def test_members_of_a_maintained_list_end_at_100_000() -> None:
    document = {"field": "importer_id", "op": "in", "value": {"list": "big"}}
    members = frozenset(f"T{index}" for index in range(100_001))
    parse(document, {"big": members - {"T0"}})
    with pytest.raises(ConditionError, match="more than 100000 values"):
        parse(document, {"big": members})


def test_missing_takes_every_field_and_no_value() -> None:
    assert parse({"field": "gross_to_net", "op": "missing"}) == Missing("gross_to_net")

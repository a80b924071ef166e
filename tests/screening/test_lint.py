"""What is probably a mistake is found, and what is called certain is certain."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.screening.conditions import parse
from portal.screening.implication import excludes, implies
from portal.screening.lint import constant, lint
from portal.screening.reference import Item, holds
from portal.screening.tree import Node, Not
from tests.screening.generated_conditions import items, leaf_conditions, trees


def starts(*values: str) -> dict[str, Any]:
    return {"field": "hs_code", "op": "starts_with", "value": list(values)}


def rate(op: str, value: Any) -> dict[str, Any]:
    return {"field": "tax_rate", "op": op, "value": value}


def country(*values: str) -> dict[str, Any]:
    return {"field": "origin_country", "op": "in", "value": list(values)}


NO_COUNTRY = {"field": "origin_country", "op": "missing"}

CLEAN = [
    {"all": [starts("61"), country("CN"), {"not": {"field": "importer_id", "op": "in", "value": ["A"]}}]},
    {"any": [starts("61"), starts("62")]},
    {"all": [rate(">=", "5"), rate("<=", "5")]},
    country("CN"),
]

FOUND = [
    (
        {"all": [rate("<", "5"), rate(">", "6")]},
        {("", "can never hold"), ("all[1]", "contradicts all[0], so that both never hold together")},
    ),
    (
        {"all": [rate("<", "5"), rate(">=", "5")]},
        {("", "can never hold"), ("all[1]", "contradicts all[0], so that both never hold together")},
    ),
    (
        {"all": [country("CN"), country("KG")]},
        {("", "can never hold"), ("all[1]", "contradicts all[0], so that both never hold together")},
    ),
    (
        {"all": [starts("61"), starts("62", "63")]},
        {("", "can never hold"), ("all[1]", "contradicts all[0], so that both never hold together")},
    ),
    (
        {"all": [country("CN"), NO_COUNTRY]},
        {("", "can never hold"), ("all[1]", "contradicts all[0], so that both never hold together")},
    ),
    ({"any": [country("CN"), {"not": country("CN")}]}, {("", "matches everything")}),
    (
        {"any": [country("CN"), {"not": country("CN", "KG")}, starts("61")]},
        {("", "names only what is left out, so that it matches nearly everything")},
    ),
    ({"any": [{"not": country("CN")}, country("CN", "KG")]}, {("", "matches everything")}),
    ({"all": [starts("61"), starts("6109")]}, {("all[0]", "adds nothing: all[1] already demands it")}),
    (
        {"any": [starts("61"), starts("6109")]},
        {("any[1]", "adds nothing: whatever it matches, any[0] matches already")},
    ),
    (
        {"any": [rate("<", "5"), rate("<=", "5")]},
        {("any[0]", "adds nothing: whatever it matches, any[1] matches already")},
    ),
    ({"all": [country("CN"), starts("61"), country("CN")]}, {("all[2]", "says the same as all[0]")}),
    (starts("61", "6109"), {("", "the beginning 6109 adds nothing beside 61")}),
    (
        {"field": "goods_description", "op": "contains", "value": ["Shoes", "shoe"]},
        {("", "the word Shoes adds nothing beside shoe")},
    ),
    ({"all": [country("CN")]}, {("", "is a group of one")}),
    (country("cn", "CN"), {("", "cn is not a code that this field can hold")}),
    (starts("61", "09-10"), {("", "no code that this field can hold begins with 09-10")}),
    (starts("6", "0123456789"), set()),
    (
        {"field": "origin_country", "op": "starts_with", "value": ["C", "c"]},
        {("", "no code that this field can hold begins with c")},
    ),
    (
        {"field": "direction", "op": "starts_with", "value": ["im", "x"]},
        {("", "no code that this field can hold begins with x")},
    ),
    (
        starts("01234567890"),
        {("", "can never hold"), ("", "no code that this field can hold begins with 01234567890")},
    ),
    (
        {"field": "importer_id", "op": "in", "value": ["A "]},
        {("", "'A ' begins or ends with a blank, which is never stored")},
    ),
    ({"not": country("CN")}, {("", "names only what is left out, so that it matches nearly everything")}),
    (
        {"all": [{"not": country("CN")}, {"not": starts("61")}]},
        {("", "names only what is left out, so that it matches nearly everything")},
    ),
    ({"field": "net_mass_kg", "op": "<", "value": "0"}, {("", "can never hold")}),
    ({"field": "item_no", "op": ">", "value": 999}, {("", "can never hold")}),
    ({"field": "trader_risk", "op": "missing"}, {("", "can never hold")}),
]


@pytest.mark.parametrize("document", CLEAN)
def test_a_sound_condition_gets_no_remark(document: dict[str, Any]) -> None:
    assert lint(parse(document)) == ()


@pytest.mark.parametrize(("document", "expected"), FOUND)
def test_a_mistake_is_found_at_its_place(document: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert {(finding.place, finding.text) for finding in lint(parse(document))} == expected


def test_an_empty_list_is_told() -> None:
    node = parse({"field": "importer_id", "op": "in", "value": {"list": "none"}}, {"none": frozenset()})
    assert {finding.text for finding in lint(node)} == {"can never hold", "the list none has no members"}


@settings(deadline=None, max_examples=300)
@given(trees, st.lists(items, max_size=6))
def test_what_is_called_constant_is_constant(node: Node, rows: list[Item]) -> None:
    verdict = constant(node)
    if verdict is not None:
        assert all(holds(node, item) is verdict for item in rows)


maybe_negated = st.one_of(leaf_conditions, leaf_conditions.map(Not))


@settings(deadline=None, max_examples=400)
@given(maybe_negated, maybe_negated, st.lists(items, max_size=8))
def test_implications_and_exclusions_hold_on_every_item(one: Node, other: Node, rows: list[Item]) -> None:
    for item in rows:
        if implies(one, other):
            assert not holds(one, item) or holds(other, item)
        if excludes(one, other):
            assert not (holds(one, item) and holds(other, item))

"""Groups of indicators can be laid out line by line, carried by a form, and read back as the same condition."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.screening import sketch as sketches
from portal.screening.conditions import parse, to_json
from portal.screening.reference import holds
from portal.screening.sketch import (
    Block,
    Card,
    Line,
    NotASketch,
    divided,
    from_groups,
    from_text,
    joined,
    to_text,
)
from portal.screening.written import read

LISTS = {"trusted": frozenset({"X1"})}
LEAVES = (
    {"field": "hs_code", "op": "starts_with", "value": ["61", "6403"]},
    {
        "field": "goods_description",
        "op": "contains",
        "value": ['real "leather", new', "shoe; boot", " edge "],
    },
    {"field": "origin_country", "op": "in", "value": ["NA", "CN"]},
    {"field": "importer_id", "op": "in", "value": {"list": "trusted"}},
    {"field": "direction", "op": "in", "value": ["import", "transit"]},
    {"field": "item_no", "op": "in", "value": [1, 2]},
    {"field": "value_per_kg", "op": "<", "value": "2.5"},
    {"field": "tax_rate", "op": "between", "value": ["6.5", "8"]},
    {"field": "date", "op": ">=", "value": "2025-03-01"},
    {"field": "currency", "op": "missing"},
    {"field": "departure_country", "op": "differs_from", "other": "origin_country"},
    {"field": "net_mass_kg", "op": "equals_field", "other": "gross_mass_kg"},
)
ITEMS = (
    {},
    {
        "hs_code": "640399",
        "origin_country": "CN",
        "departure_country": "TR",
        "direction": "import",
        "item_no": 1,
    },
    {"importer_id": "X1", "goods_description": "SHOE; BOOT", "origin_country": "NA", "currency": "EUR"},
    {
        "hs_code": "850910",
        "direction": "export",
        "departure_country": "CN",
        "origin_country": "CN",
        "item_no": 3,
    },
)


def conditions() -> st.SearchStrategy[dict[str, object]]:
    return st.recursive(
        st.sampled_from(LEAVES),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=8,
    )


@given(conditions(), st.none() | conditions())
def test_laying_out_and_reading_back_keeps_the_meaning(
    condition: dict[str, object], exceptions: dict[str, object] | None
) -> None:
    sketch = from_groups([{"name": "One", "condition": condition, "exceptions": exceptions}])
    assert from_text(to_text(sketch)) == sketch
    written = read(sketch, LISTS)
    assert written.faults == ()
    (group,) = written.groups
    for before, after in ((condition, group["condition"]), (exceptions, group["exceptions"])):
        assert (before is None) == (after is None)
        if before is not None:
            old, new = parse(before, LISTS), parse(after, LISTS)
            assert [holds(old, item) for item in ITEMS] == [holds(new, item) for item in ITEMS]


@given(conditions())
def test_what_was_kept_is_laid_out_and_kept_again_unchanged(condition: dict[str, object]) -> None:
    """Opening the builder and keeping changes nothing: a signature would lapse."""
    once = read(from_groups([{"name": "", "condition": condition, "exceptions": None}]), LISTS).groups
    assert read(from_groups(once), LISTS).groups == once


@pytest.mark.parametrize("leaf", LEAVES)
def test_every_kind_of_line_comes_back_as_it_was(leaf: dict[str, object]) -> None:
    canonical = to_json(parse({"all": [leaf]}, LISTS))
    (group,) = read(from_groups([{"name": "", "condition": {"all": [leaf]}}]), LISTS).groups
    assert group == {"name": "", "condition": canonical, "exceptions": None}


@given(st.lists(st.text(min_size=1).filter(lambda text: "\x00" not in text), min_size=1))
def test_values_joined_in_one_text_are_divided_again(values: list[str]) -> None:
    assert divided(joined(values)) == tuple(values)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("61, 62,64", ("61", "62", "64")),
        (" 61\n62 ; 64\r\n", ("61", "62", "64")),
        ('"leather, real", shoe', ("leather, real", "shoe")),
        ('say ""quoted""', ('say ""quoted""',)),
        ('"never closed, still one', ("never closed, still one",)),
        (",,;\n", ()),
        ("", ()),
        ('12" disc', ('12" disc',)),
    ],
)
def test_what_people_type_is_divided_as_they_mean_it(typed: str, values: tuple[str, ...]) -> None:
    assert divided(typed) == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "{}",
        "[1]",
        '[["n",["all",[]]]]',
        '[["n",["some",[]],null]]',
        '[["n",["hs_code","in",[1]],null]]',
        '[["n",["hs_code","in",["1"]],null]]',
        "[" * 100_000,
        json.dumps([["", ["all", [["hs_code", "in", ["1"]]] * 201], None]]),
        json.dumps([["", ["all", [["hs_code", "in", ["1" * 200_000]]]], None]]),
    ],
)
def test_a_form_made_by_hand_is_refused(text: str) -> None:
    with pytest.raises(NotASketch):
        from_text(text)


def test_a_deep_or_long_area_is_not_laid_out() -> None:
    deep: dict[str, object] = dict(LEAVES[0])
    for _ in range(20):
        deep = {"any": [deep]}
    for condition in (deep, {"all": [LEAVES[0]] * 201}):
        with pytest.raises(NotASketch):
            from_groups([{"condition": condition}])


def test_random_texts_never_break_the_reader() -> None:
    chance = random.Random(7)
    whole = to_text((Card("n", Block("all", (Line("hs_code", "in", ("61",)), Block("any", (Line(),))))),))
    for _ in range(2_000):
        cut = list(whole)
        cut[chance.randrange(len(cut))] = chance.choice('[]",{}0n')
        try:
            assert isinstance(from_text("".join(cut)), tuple)
        except sketches.NotASketch:
            continue

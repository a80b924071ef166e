"""A sketch is read as a condition, or every line at fault is told at its own place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.screening.sketch import Block, Card, Line, Sketch
from portal.screening.vocabulary import FIELDS
from portal.screening.written import fitted, others, read, relations, unfolded

HS = Line("hs_code", "starts_with", ("61",))


def one(*parts: Line | Block, takes: str = "all") -> Sketch:
    return (Card("n", Block(takes, parts)),)


def told(sketch: Sketch) -> list[tuple[str, str]]:
    return [(remark.place, remark.severity) for remark in read(sketch, {}).remarks]


@pytest.mark.parametrize(
    "line",
    [
        Line(),
        Line("hs_code"),
        Line("nonsense", "in", ("1",)),
        Line("hs_code", "between", ("1", "2")),
        Line("hs_code", "in", (" , ",)),
        Line("hs_code", "in", ()),
        Line("tax_rate", "between", ("1", " ")),
        Line("tax_rate", "<", ("",)),
        Line("departure_country", "differs_from", ("",)),
        Line("importer_id", "in_list", ("",)),
        Line("direction", "in", ()),
    ],
)
def test_an_incomplete_line_tells_that_and_nothing_else(line: Line) -> None:
    assert told(one(HS, line)) == [("0.condition.1", "incomplete")]


def values(relation: str, typed: str) -> list[str]:
    (group,) = read(one(Line("hs_code", relation, (typed,))), {}).groups
    found: list[str] = group["condition"]["all"][0]["value"]
    return found


@pytest.mark.parametrize(
    ("typed", "stands_for"),
    [
        ("6401–6405", ["6401", "6402", "6403", "6404", "6405"]),
        ("6401-6405, 61", ["6401", "6402", "6403", "6404", "6405", "61"]),
        ("6400 — 6499", ["64"]),
        ("640198–640211", ["640198", "640199", "64020", "640210", "640211"]),
        ("00–09", ["0"]),
        ("0–9", ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        ("61–61", ["61"]),
        ("6402 91 000 0; 6402.99", ["6402910000", "640299"]),
        ("6402.91.00, 6402 91 00 10, 6402\u00a091\u00a0000", ["64029100", "6402910010", "640291000"]),
        ("61 62 64", ["61 62 64"]),
        ("6403 6404", ["6403 6404"]),
    ],
)
def test_commodity_codes_are_written_as_offices_write_them(typed: str, stands_for: list[str]) -> None:
    assert values("starts_with", typed) == stands_for


def test_a_code_is_one_of_whole_codes_however_they_are_parted() -> None:
    assert values("in", "6402 91 000 0, 6403") == ["6402910000", "6403"]


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), *[st.integers(0, 10**n - 1)] * 2)))
def test_a_range_is_unfolded_to_its_codes_and_no_others(drawn: tuple[int, int, int]) -> None:
    digits, low, high = drawn[0], *sorted(drawn[1:])
    found = unfolded(f"{low:0{digits}}–{high:0{digits}}")
    assert found is not None
    codes = (f"{code:0{digits}}" for code in range(10**digits))
    assert [code for code in codes if code.startswith(found)] == [
        f"{code:0{digits}}" for code in range(low, high + 1)
    ]
    assert sum(10 ** (digits - len(each)) for each in found) == high - low + 1, "none is said twice"


@pytest.mark.parametrize("typed", ["6405–6401", "64–6405", "61, 6401-64051"])
def test_a_range_that_is_none_is_told_at_its_line(typed: str) -> None:
    (remark,) = read(one(HS, Line("hs_code", "starts_with", (typed,))), {}).remarks
    assert (remark.place, remark.severity) == ("0.condition.1", "fault")
    assert "as many digits" in remark.message


def test_only_codes_have_ranges() -> None:
    sketch = one(HS, Line("vehicle_id", "starts_with", ("10-20",)))
    (group,) = read(sketch, {}).groups
    assert group["condition"]["all"][1]["value"] == ["10-20"]


@pytest.mark.parametrize(
    "line",
    [
        Line("tax_rate", "<", ("abc",)),
        Line("tax_rate", "<", ("1,234",)),
        Line("tax_rate", "between", ("8", "6.5")),
        Line("date", "<", ("30.04.2025",)),
        Line("item_no", "in", ("1, x",)),
        Line("departure_country", "differs_from", ("departure_country",)),
        Line("departure_country", "differs_from", ("tax_rate",)),
        Line("importer_id", "in_list", ("unknown",)),
        Line("direction", "in", ("sideways",)),
    ],
)
def test_a_wrong_line_is_a_fault_at_its_place(line: Line) -> None:
    sketch = (Card("n", Block("any", (HS, Block("none", (HS, line)), HS)), Block("any", (HS, line))),)
    assert told(sketch) == [("0.condition.1.1", "fault"), ("0.exceptions.1", "fault")]


def test_an_empty_block_is_told() -> None:
    assert told(one(HS, Block("any", ()))) == [("0.condition.1", "incomplete")]
    assert told(one()) == [("0.condition", "incomplete")]


def test_all_faults_are_told_together() -> None:
    found = told(one(Line(), Line("tax_rate", "<", ("x",)), Block("none", ())))
    assert sorted(found) == [
        ("0.condition.0", "incomplete"),
        ("0.condition.1", "fault"),
        ("0.condition.2", "incomplete"),
    ]


def test_doubts_are_told_at_the_line_with_the_line_they_mean() -> None:
    sketch = one(HS, Block("any", (Line("tax_rate", ">", ("9",)), Line("tax_rate", ">", ("8",)))))
    (remark,) = read(sketch, {}).remarks
    assert (remark.place, remark.severity, remark.params["other"]) == (
        "0.condition.1.0",
        "warning",
        "0.condition.1.1",
    )


def test_a_contradiction_is_an_error_of_sense_and_does_not_stop_keeping() -> None:
    written = read(one(Line("tax_rate", ">", ("9",)), Line("tax_rate", "<", ("8",))), {})
    assert "error" in {remark.severity for remark in written.remarks}
    assert written.faults == ()
    assert written.groups


def test_the_frame_of_one_line_is_no_doubt() -> None:
    assert told(one(HS)) == []


@pytest.mark.parametrize(
    ("takes", "parts", "condition"),
    [
        ("all", 2, {"all": ["leaf", "leaf"]}),
        ("any", 2, {"any": ["leaf", "leaf"]}),
        ("none", 2, {"not": {"any": ["leaf", "leaf"]}}),
        ("none", 1, {"not": "leaf"}),
        ("not_all", 2, {"not": {"all": ["leaf", "leaf"]}}),
    ],
)
def test_what_each_block_means(takes: str, parts: int, condition: dict[str, object]) -> None:
    leaf = {"field": "hs_code", "op": "starts_with", "value": ["61"]}

    def filled(shape: object) -> object:
        if isinstance(shape, dict):
            return {key: filled(value) for key, value in shape.items()}
        return [filled(each) for each in shape] if isinstance(shape, list) else leaf

    assert read(one(*(HS,) * parts, takes=takes), {}).groups[0]["condition"] == filled(condition)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2,5", "2.5"), ("1 234,50", "1234.5"), ("12 000", "12000"), ("2.50", "2.5"), ("-3", "-3")],
)
def test_numbers_are_taken_as_people_write_them(typed: str, kept: str) -> None:
    (group,) = read(one(Line("tax_rate", "<", (typed,))), {}).groups
    assert group["condition"] == {"all": [{"field": "tax_rate", "op": "<", "value": kept}]}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_offers_relations_that_the_language_takes(field: str) -> None:
    assert relations(field)
    assert field not in others(field)
    assert fitted(Line(field, "nonsense")).relation == relations(field)[0]
    for relation in relations(field):
        assert fitted(Line(field, relation, ("1",))) == Line(field, relation, ("1",))
        wrong = [r.message for r in read(one(Line(field, relation, ("1", "2"))), {"1": frozenset()}).remarks]
        assert not [words for words in wrong if "operator" in words or "cannot be used" in words]


def test_an_empty_sketch_is_an_area_without_groups() -> None:
    written = read((), {})
    assert (written.groups, written.faults) == ((), ())
    assert written.area is not None

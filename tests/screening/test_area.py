"""A risk area: groups with exceptions, and questions."""

import pytest
from hypothesis import given

from portal.screening.area import Area, Group, area_to_json, combined, parse_area
from portal.screening.faults import ConditionError
from portal.screening.reference import Item, holds
from portal.screening.tree import Missing, Node
from tests.screening.generated_conditions import items, trees

NO_CODE = {"field": "hs_code", "op": "missing"}
NO_ORIGIN = {"field": "origin_country", "op": "missing"}


def test_an_area_is_read_and_written() -> None:
    document = {"groups": [{"condition": NO_CODE, "exception": NO_ORIGIN}], "questions": ["Is it new?"]}
    area = parse_area(document)
    assert area == Area((Group(Missing("hs_code"), Missing("origin_country")),), ("Is it new?",))
    assert area_to_json(area) == document


@given(trees, trees, trees, items)
def test_any_group_hits_unless_its_own_exception_does(
    one: Node, other: Node, exception: Node, item: Item
) -> None:
    groups = (Group(one, exception), Group(other))
    expected = (holds(one, item) and not holds(exception, item)) or holds(other, item)
    assert holds(combined(groups), item) is expected


def test_an_area_without_groups_has_no_condition() -> None:
    with pytest.raises(ValueError, match="without groups"):
        combined(())


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], ""),
        ({}, ""),
        ({"groups": {}}, "groups"),
        ({"groups": [{}]}, "groups[0]"),
        ({"groups": [NO_CODE]}, "groups[0]"),
        ({"groups": [{"condition": NO_CODE, "exceptions": NO_CODE}]}, "groups[0]"),
        ({"groups": [{"condition": {"all": []}}]}, "groups[0].condition.all"),
        ({"groups": [{"condition": "{}"}]}, "groups[0].condition"),
        (
            {"groups": [{"condition": NO_CODE, "exception": {"any": [NO_CODE, 1]}}]},
            "groups[0].exception.any[1]",
        ),
        ({"groups": [{"condition": NO_CODE}] * 101}, "groups"),
        ({"questions": "why"}, "questions"),
        ({"questions": ["ok", ""]}, "questions[1]"),
        ({"questions": ["ok"], "notes": []}, ""),
    ],
)
def test_a_fault_is_refused_at_its_place(document: object, place: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_area(document)
    assert {fault.place for fault in refused.value.faults} == {place}

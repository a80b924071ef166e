"""The published JSON Schema takes and refuses what the parser does."""

import json
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import portal.screening
from portal.screening.conditions import OPERATORS, parse, to_json
from portal.screening.faults import ConditionError
from portal.screening.tree import InList, Node, leaves
from portal.screening.vocabulary import FIELDS
from tests.screening.generated_conditions import trees

SCHEMA = json.loads((Path(portal.screening.__file__).parent / "condition.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
LISTS = {"known": frozenset({"A"})}

values = st.one_of(
    st.sampled_from(
        ["61", "", "low", "import", "release", "2020-01-01", "2020-13", "6.5", "-3", "1.1234567", "x"]
    ),
    st.sampled_from(
        [0, 7, -5, True, None, 10**15, {"list": "known"}, {"list": "known", "a": 1}, {"list": 1}, {}, []]
    ),
    st.lists(
        st.sampled_from(
            ["61", "", "low", "high", "import", "2020-01-01", "2020-01-02", "6.5", "7", "8", 3, None]
        ),
        max_size=3,
    ),
)
words = st.sampled_from([*OPERATORS, "like", "", 5])
names = st.sampled_from([*FIELDS, "nothing", 7])
keys = st.sampled_from(["value", "other", "extra"])


@st.composite
def raw_leaves(draw: st.DrawFn) -> dict[str, Any]:
    """Leaves that are right, nearly right or wrong."""
    leaf: dict[str, Any] = {"field": draw(names), "op": draw(words)}
    if leaf["op"] in ("differs_from", "equals_field"):
        leaf["other"] = draw(names)
    elif leaf["op"] != "missing":
        leaf["value"] = draw(values)
    if draw(st.integers(0, 9)) == 0:
        leaf[draw(keys)] = draw(values)
    if draw(st.integers(0, 9)) == 0:
        leaf.pop(draw(st.sampled_from(sorted(leaf))))
    return leaf


raw_conditions = st.recursive(
    raw_leaves(),
    lambda inner: st.one_of(
        st.builds(
            lambda parts, word: {word: parts}, st.lists(inner, max_size=3), st.sampled_from(["all", "any"])
        ),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda part: {"not": part, "all": [part]}, inner),
    ),
    max_leaves=4,
)


def beyond_a_schema(document: Any) -> bool:
    """Tell what only the parser refuses: a range upside down, and a field beside itself."""
    if isinstance(document, list):
        return any(map(beyond_a_schema, document))
    if not isinstance(document, dict):
        return False
    ends = document.get("value")
    upside_down = document.get("op") == "between" and isinstance(ends, list) and len(ends) == 2
    itself = "other" in document and document.get("other") == document.get("field")
    return upside_down or itself or any(map(beyond_a_schema, document.values()))


def parses(document: Any) -> bool:
    try:
        parse(json.dumps(document), LISTS)
    except ConditionError:
        return False
    return True


@settings(deadline=None, max_examples=400)
@given(raw_conditions)
def test_schema_and_parser_agree(document: dict[str, Any]) -> None:
    assume(not beyond_a_schema(document))
    assert VALIDATOR.is_valid(document) == parses(document)


@settings(deadline=None, max_examples=150)
@given(trees)
def test_the_schema_takes_every_condition(node: Node) -> None:
    assume(not any(isinstance(leaf, InList) and leaf.field == "item_no" for _, leaf in leaves(node)))
    VALIDATOR.validate(to_json(node))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_knows_every_field() -> None:
    assert SCHEMA["$defs"]["missing"]["properties"]["field"]["enum"] == list(FIELDS)

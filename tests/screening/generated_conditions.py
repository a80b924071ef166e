"""Hypothesis strategies for conditions and for the items that they judge."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from portal.screening.reference import Item
from portal.screening.tree import (
    All,
    Any_,
    Between,
    Compare,
    Contains,
    FieldsDiffer,
    FieldsEqual,
    In,
    InList,
    Missing,
    Node,
    Not,
    StartsWith,
)
from portal.screening.vocabulary import FIELDS, STORED, Kind, of_kind

HOSTILE = (
    "'",
    "''",
    "\\",
    '"',
    "%",
    "_",
    "a\nb",
    "\x1f",
    "é",
    "e\u0301",
    "ß",
    "SS",
    "ς",
    "Σ",
    "İ",
    "😀",
    "NA",
    "0910",
)
HS_CODES = ("61", "610910", "6109100000", "62", "0910", "091011", "64")
COUNTRIES = ("NA", "KG", "KZ", "CN")

free_texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1, max_size=4),
)


def texts_of(name: str) -> st.SearchStrategy[str]:
    field = FIELDS[name]
    if field.choices:
        return st.sampled_from(field.choices)
    if name == "hs_code":
        return st.sampled_from(HS_CODES)
    if name.endswith("_country"):
        return st.sampled_from(COUNTRIES)
    return st.sampled_from(("USD", "EUR")) if name == "currency" else free_texts


def decimals_of(whole_digits: int, places: int, *, negative: bool) -> st.SearchStrategy[Decimal]:
    """Small numbers that meet each other, and the largest and smallest that fit."""
    largest = Decimal(f"{'9' * whole_digits}.{'9' * places}")
    edges = [largest, Decimal(1).scaleb(-places), Decimal(0), Decimal(3000), Decimal(5000), Decimal("0.6")]
    ends = edges + ([edge.copy_negate() for edge in edges] if negative else [])
    near = st.decimals(-3 if negative else 0, 3, places=1)
    return st.one_of(st.sampled_from(ends), near)


dates = st.dates(date(2020, 1, 1), date(2020, 1, 4)) | st.sampled_from([date(1, 1, 1), date(9999, 12, 31)])


def values_of(name: str) -> st.SearchStrategy[Any]:
    field = FIELDS[name]
    if field.kind is Kind.DECIMAL:
        return decimals_of(field.whole_digits, field.decimals, negative=field.may_be_negative)
    if field.kind is Kind.INTEGER:
        return st.integers(1, 999) | st.integers(1, 3)
    return dates if field.kind is Kind.DATE else texts_of(name)


def thresholds_of(name: str) -> st.SearchStrategy[Any]:
    if FIELDS[name].kind is Kind.DECIMAL:
        return decimals_of(14, 6, negative=True)
    return st.integers(-1, 4) | st.integers(998, 1000) if name == "item_no" else dates


items: st.SearchStrategy[Item] = st.fixed_dictionaries(
    {}, optional={field.name: st.none() | values_of(field.name) for field in STORED}
)
weighed: st.SearchStrategy[Item] = st.fixed_dictionaries(
    {field.name: st.none() | values_of(field.name) for field in STORED if field.kind is Kind.DECIMAL}
)
"""Items that have most of their numbers, the largest among them."""


def _fields(*kinds: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from(of_kind(*kinds))


def _some(name: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(texts_of(name), min_size=1, max_size=12, unique=True).map(tuple)


def _prefixes(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    cut = texts_of(name).flatmap(lambda text: st.integers(1, len(text)).map(lambda end: text[:end]))
    return st.lists(cut, min_size=1, max_size=12, unique=True).map(tuple)


def _between(name: str) -> st.SearchStrategy[Node]:
    ends = st.tuples(thresholds_of(name), thresholds_of(name)).map(sorted)
    return ends.map(lambda pair: Between(name, *pair))


def _pairs(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])


_ORDERED = (Kind.DECIMAL, Kind.INTEGER, Kind.DATE)
_members = st.frozensets(free_texts, max_size=6)

leaf_conditions: st.SearchStrategy[Node] = st.one_of(
    _fields(Kind.TEXT).flatmap(lambda name: st.builds(In, st.just(name), _some(name))),
    st.builds(In, st.just("item_no"), st.lists(st.integers(1, 4), min_size=1, unique=True).map(tuple)),
    st.builds(InList, _fields(Kind.TEXT), st.just("a list"), _members),
    _fields(Kind.TEXT).flatmap(lambda name: st.builds(StartsWith, st.just(name), _prefixes(name))),
    st.sampled_from(("goods_description", "vehicle_id")).flatmap(
        lambda name: st.builds(Contains, st.just(name), _some(name))
    ),
    _fields(*_ORDERED).flatmap(
        lambda name: st.builds(
            Compare, st.just(name), st.sampled_from(("<", "<=", ">", ">=")), thresholds_of(name)
        )
    ),
    _fields(*_ORDERED).flatmap(_between),
    st.builds(Missing, st.sampled_from(tuple(FIELDS))),
    (_pairs(of_kind(Kind.DECIMAL)) | _pairs(("origin_country", "departure_country", "importer_id"))).flatmap(
        lambda pair: st.sampled_from((FieldsDiffer(*pair), FieldsEqual(*pair)))
    ),
)

numeric_conditions: st.SearchStrategy[Node] = st.one_of(
    _fields(Kind.DECIMAL).flatmap(_between),
    _fields(Kind.DECIMAL).flatmap(
        lambda name: st.builds(
            Compare, st.just(name), st.sampled_from(("<", "<=", ">", ">=")), thresholds_of(name)
        )
    ),
    _pairs(of_kind(Kind.DECIMAL)).flatmap(
        lambda pair: st.sampled_from((FieldsDiffer(*pair), FieldsEqual(*pair)))
    ),
)

trees: st.SearchStrategy[Node] = st.recursive(
    leaf_conditions,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: Any_(tuple(parts))),
    ),
    max_leaves=8,
)

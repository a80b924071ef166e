"""Turns each leaf of a condition into one fast function of an item's values."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from portal.screening.reference import COMPARISONS, Item
from portal.screening.tree import (
    Between,
    Compare,
    Contains,
    FieldsDiffer,
    FieldsEqual,
    In,
    InList,
    Leaf,
    Missing,
    Number,
    StartsWith,
)
from portal.screening.values import EXACT
from portal.screening.vocabulary import DIVISOR, FIELDS

Values = dict[str, Any]
"""The values of one item that are not missing."""

Predicate = Callable[[Values], bool]

_FOLDED = "folded "
_ABSENT = tuple((field.name, field.absent_as) for field in FIELDS.values() if field.absent_as is not None)


def values_of(header: Item, item: Item) -> Values:
    """Join header and item, drop what is missing, and put in what stands for absence."""
    values: Values = {
        name: value for name, value in {**header, **item}.items() if value is not None and value != ""
    }
    for name, absent in _ABSENT:
        values.setdefault(name, absent)
    return values


def predicate(leaf: Leaf) -> Predicate:
    """Return the function that judges `leaf`, two-valued and exact."""
    match leaf:
        case In(name, values):
            return _member(name, frozenset(values))
        case InList(name, _, members):
            return _member(name, members)
        case StartsWith(name, prefixes):
            return lambda values: name in values and values[name].startswith(prefixes)
        case Contains(name, words):
            return _contains(name, tuple(word.casefold() for word in words))
        case Compare(name, op, threshold):
            return _compared(name, op, threshold)
        case Between(name, low, high):
            above, below = _compared(name, ">=", low), _compared(name, "<=", high)
            return lambda values: above(values) and below(values)
        case Missing(name):
            present = _present(name)
            return lambda values: not present(values)
        case FieldsEqual(name, other):
            return _same(name, other, equal=True)
        case FieldsDiffer(name, other):
            return _same(name, other, equal=False)


def _member(name: str, members: frozenset[Any]) -> Predicate:
    return lambda values: values.get(name) in members


def _contains(name: str, words: tuple[str, ...]) -> Predicate:
    folded = _FOLDED + name

    def judge(values: Values) -> bool:
        if name not in values:
            return False
        text = values.get(folded)
        if text is None:
            text = values[folded] = values[name].casefold()
        return any(word in text for word in words)

    return judge


def _present(name: str) -> Predicate:
    numerator = FIELDS[name].numerator
    if not numerator:
        return lambda values: name in values
    return lambda values: numerator in values and values.get(DIVISOR, 0) > 0


def _compared(name: str, op: str, threshold: Number) -> Predicate:
    compare = COMPARISONS[op]
    numerator = FIELDS[name].numerator
    if not numerator or not isinstance(threshold, Decimal):
        return lambda values: name in values and compare(values[name], threshold)
    present = _present(name)
    return lambda values: (
        present(values) and compare(values[numerator], EXACT.multiply(threshold, values[DIVISOR]))
    )


def _same(name: str, other: str, *, equal: bool) -> Predicate:
    left, right = _present(name), _present(other)

    def judge(values: Values) -> bool:
        if not (left(values) and right(values)):
            return False
        return (_scaled(values, name, other) == _scaled(values, other, name)) is equal

    return judge


def _scaled(values: Values, name: str, beside: str) -> Decimal | str | int | date:
    """Return a field as it is, or multiplied so that a ratio beside it needs no quotient."""
    numerator = FIELDS[name].numerator
    value: Decimal | str | int | date = values[numerator or name]
    if not numerator and FIELDS[beside].numerator and isinstance(value, Decimal):
        return EXACT.multiply(value, values[DIVISOR])
    return value

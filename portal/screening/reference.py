"""Judges one item by a condition in the plainest way that is right; the other evaluators are held to it."""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

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
from portal.screening.values import ItemValue
from portal.screening.vocabulary import DIVISOR, FIELDS

Item = Mapping[str, ItemValue]
"""Field name to value; an absent name, None and an empty text all mean that there is no value."""

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(node: Node, item: Item) -> bool:
    """Tell whether `item` satisfies the condition: two-valued, and exact for ratios."""
    match node:
        case All(parts):
            return all(holds(part, item) for part in parts)
        case Any_(parts):
            return any(holds(part, item) for part in parts)
        case Not(part):
            return not holds(part, item)
        case Missing(field):
            return value_of(field, item) is None
        case FieldsDiffer(field, other):
            left, right = value_of(field, item), value_of(other, item)
            return left is not None and right is not None and left != right
        case FieldsEqual(field, other):
            left, right = value_of(field, item), value_of(other, item)
            return left is not None and right is not None and left == right
    value: Any = value_of(node.field, item)
    if value is None:
        return False
    match node:
        case In(_, values):
            return value in values
        case InList(_, _, members):
            return value in members
        case StartsWith(_, values):
            return any(value.startswith(prefix) for prefix in values)
        case Contains(_, words):
            return any(word.casefold() in value.casefold() for word in words)
        case Compare(_, op, threshold):
            return COMPARISONS[op](value, threshold)
        case Between(_, low, high):
            return bool(low <= value <= high)


def value_of(name: str, item: Item) -> str | int | date | Decimal | Fraction | None:
    """Return the value of a field, a ratio as an exact fraction; None when it is missing (rule 1 and 2)."""
    field = FIELDS[name]
    if field.numerator:
        dividend, divisor = item.get(field.numerator), item.get(DIVISOR)
        if not isinstance(dividend, Decimal) or not isinstance(divisor, Decimal) or divisor <= 0:
            return None
        return Fraction(dividend) / Fraction(divisor)
    value = item.get(name)
    return field.absent_as if value is None or value == "" else value

"""Tells what can be seen of two parts of a condition without any data: which demands, excludes or undoes which."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from portal.screening.tree import (
    Between,
    Compare,
    FieldsDiffer,
    FieldsEqual,
    In,
    InList,
    Leaf,
    Missing,
    Node,
    Not,
    StartsWith,
    fields_of,
)
from portal.screening.vocabulary import FIELDS, Field, Kind

Range = tuple[Any, bool, Any, bool]
"""Lower end, whether it is included, upper end, whether it is included; None is no end."""

_LOWEST: dict[str, Any] = {"item_no": 1}
_HIGHEST: dict[str, Any] = {"item_no": 999}


def never(leaf: Leaf) -> bool:
    """Tell whether no item can satisfy the leaf."""
    field = FIELDS[leaf.field]
    match leaf:
        case In(_, values):
            return not any(_possible(field, value) for value in values)
        case InList(_, _, members):
            return not members
        case Missing():
            return field.absent_as is not None
        case StartsWith(_, values):
            return not any(field.begins(value) for value in values)
        case Compare() | Between():
            return not _overlap(_range(leaf), _limits(field))
    return False


def opposite(one: Node, other: Node) -> bool:
    """Tell whether one part is the plain negation of the other."""
    return (isinstance(one, Not) and one.part == other) or (isinstance(other, Not) and other.part == one)


def excludes(one: Node, other: Node) -> bool:
    """Tell whether no item can satisfy both parts."""
    if opposite(one, other):
        return True
    if isinstance(one, Not) and _is_leaf(other):
        return implies(other, one.part)
    if isinstance(other, Not) and _is_leaf(one):
        return implies(one, other.part)
    if not (_is_leaf(one) and _is_leaf(other)):
        return False
    return _excludes(one, other) or _excludes(other, one)


def _excludes(one: Any, other: Any) -> bool:
    match one, other:
        case Missing(field), _:
            return not isinstance(other, Missing) and _needs(other, field)
        case (FieldsDiffer(), FieldsEqual()):
            return {one.field, one.other} == {other.field, other.other}
        case (Compare() | Between(), Compare() | Between()) if one.field == other.field:
            return not _overlap(_range(one), _range(other))
        case (In(field, values), In(same, others)) if field == same:
            return not set(values) & set(others)
        case (In(field, values), StartsWith(same, prefixes)) if field == same:
            return not any(_begins(values, prefixes))
        case (StartsWith(field, prefixes), StartsWith(same, others)) if field == same:
            return not any(_begins(prefixes, others)) and not any(_begins(others, prefixes))
    return False


def implies(one: Node, other: Node) -> bool:
    """Tell whether every item that satisfies `one` satisfies `other`."""
    if one == other:
        return True
    match one, other:
        case Not(part), Not(whole):
            return implies(whole, part)
        case _, Not(whole):
            return _is_leaf(one) and _is_leaf(whole) and excludes(one, whole)
        case (Compare() | Between(), Compare() | Between()) if one.field == other.field:
            return _within(_range(one), _range(other))
        case (In(field, values), In(same, others)) if field == same:
            return set(values) <= set(others)
        case (In(field, values), StartsWith(same, prefixes)) if field == same:
            return all(_begins(values, prefixes))
        case (In(field, values), InList(same, _, members)) if field == same:
            return set(values) <= members
        case (StartsWith(field, prefixes), StartsWith(same, others)) if field == same:
            return all(_begins(prefixes, others))
    return False


def _begins(texts: Iterable[str | int], prefixes: Iterable[str]) -> Iterator[bool]:
    """Tell of each text whether it begins with one of the prefixes."""
    known = frozenset(prefixes)
    lengths = {len(prefix) for prefix in known}
    return (any(str(text)[:length] in known for length in lengths) for text in texts)


def _is_leaf(node: Node) -> bool:
    return isinstance(node, Leaf)


def _needs(leaf: Leaf, name: str) -> bool:
    """Tell whether the leaf is false when the field `name` has no value."""
    return name in {needed for field in fields_of(leaf) for needed in (field, FIELDS[field].numerator)}


def _possible(field: Field, value: str | int) -> bool:
    if isinstance(value, int):
        return _overlap((value, True, value, True), _limits(field))
    return field.fits(value)


def _limits(field: Field) -> Range:
    """Return the values that a field can have at all."""
    if field.kind is Kind.DECIMAL and (field.numerator == "gross_mass_kg" or not field.may_be_negative):
        return Decimal(0), True, None, False
    return _LOWEST.get(field.name), True, _HIGHEST.get(field.name), True


def _range(leaf: Compare | Between) -> Range:
    if isinstance(leaf, Between):
        return leaf.low, True, leaf.high, True
    included = leaf.op in ("<=", ">=")
    return (
        (None, False, leaf.value, included) if leaf.op in ("<", "<=") else (leaf.value, included, None, False)
    )


def _overlap(one: Range, other: Range) -> bool:
    return not (_below(one, other) or _below(other, one))


def _below(one: Range, other: Range) -> bool:
    """Tell whether all of `one` lies under `other`."""
    _, _, top, top_included = one
    bottom, bottom_included, _, _ = other
    if top is None or bottom is None:
        return False
    return bool(top < bottom or (top == bottom and not (top_included and bottom_included)))


def _within(inner: Range, outer: Range) -> bool:
    low, low_in, high, high_in = inner
    out_low, out_low_in, out_high, out_high_in = outer
    low_fits = out_low is None or (
        low is not None and (low > out_low or (low == out_low and (out_low_in or not low_in)))
    )
    high_fits = out_high is None or (
        high is not None and (high < out_high or (high == out_high and (out_high_in or not high_in)))
    )
    return low_fits and high_fits

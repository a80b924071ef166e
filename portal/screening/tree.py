"""The frozen tree that a condition is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Number = Decimal | int | date
"""A threshold: `Decimal` for a decimal field, `int` for an integer field, `date` for a date field."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; never empty."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - `Any` is typing's word
    """At least one part holds; never empty."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """The field equals one of the values."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InList:
    """The field is a member of a maintained list, as the list stood when the condition was parsed."""

    field: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class StartsWith:
    """The text begins with one of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """The text contains one of the words, both case folded (`str.casefold`)."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """The value stands on one side of a threshold; `op` is `<`, `<=`, `>` or `>=`."""

    field: str
    op: str
    value: Number


@dataclass(frozen=True, slots=True)
class Between:
    """The value lies from `low` to `high`, both ends included."""

    field: str
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class Missing:
    """The field has no value."""

    field: str


@dataclass(frozen=True, slots=True)
class FieldsDiffer:
    """Both fields have a value, and the values differ."""

    field: str
    other: str


@dataclass(frozen=True, slots=True)
class FieldsEqual:
    """Both fields have a value, and the values are the same."""

    field: str
    other: str


Leaf = In | InList | StartsWith | Contains | Compare | Between | Missing | FieldsDiffer | FieldsEqual
Node = All | Any_ | Not | Leaf


def children(node: Node, place: str = "") -> Iterator[tuple[str, Node]]:
    """Yield the parts of a group or negation with their places, such as `all[2]`; a leaf has none."""
    dot = "." if place else ""
    match node:
        case All(parts):
            yield from ((f"{place}{dot}all[{index}]", part) for index, part in enumerate(parts))
        case Any_(parts):
            yield from ((f"{place}{dot}any[{index}]", part) for index, part in enumerate(parts))
        case Not(part):
            yield f"{place}{dot}not", part


def leaves(node: Node, place: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield every leaf under `node` with its place, from left to right."""
    if not isinstance(node, All | Any_ | Not):
        yield place, node
        return
    for where, part in children(node, place):
        yield from leaves(part, where)


def fields_of(leaf: Leaf) -> tuple[str, ...]:
    """Return the field that a leaf judges, or the two that it compares."""
    if isinstance(leaf, FieldsDiffer | FieldsEqual):
        return (leaf.field, leaf.other)
    return (leaf.field,)

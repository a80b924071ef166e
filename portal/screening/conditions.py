"""Reads the JSON of a condition into its frozen tree, and writes it back."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.levels.words import N_
from portal.screening.faults import ConditionError, Fault
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
    Number,
    StartsWith,
)
from portal.screening.values import code, storable, threshold
from portal.screening.vocabulary import FIELDS, Field, Kind

DEEPEST = 32
MOST_LEAVES = 10_000
MOST_MEMBERS = 100_000

Lists = Mapping[str, frozenset[str]]
Json = dict[str, Any] | list[Any] | str | int | Decimal | bool | None

TEXTS = (Kind.TEXT,)
ORDERED = (Kind.DECIMAL, Kind.INTEGER, Kind.DATE)
OPERATORS: Mapping[str, tuple[Kind, ...]] = {
    "in": (Kind.TEXT, Kind.INTEGER),
    "starts_with": TEXTS,
    "contains": TEXTS,
    "<": ORDERED,
    "<=": ORDERED,
    ">": ORDERED,
    ">=": ORDERED,
    "between": ORDERED,
    "missing": tuple(Kind),
    "differs_from": tuple(Kind),
    "equals_field": tuple(Kind),
}
_GROUPS = ("all", "any", "not")

NOT_JSON = N_("is not JSON: %(reason)s")
NOT_AN_OBJECT = N_("needs an object with `all`, `any`, `not` or `field`")
EMPTY_GROUP = N_("needs at least one condition")
TOO_DEEP = N_("is nested deeper than %(limit)d levels")
TOO_MANY_LEAVES = N_("has more than %(limit)d comparisons")
TOO_MANY_MEMBERS = N_("has more than %(limit)d values")
UNKNOWN_KEY = N_("is not a part of such a condition: %(key)s")
LACKS = N_("lacks `%(key)s`")
UNKNOWN_FIELD = N_("is not a field of a declaration: %(name)s")
UNKNOWN_OPERATOR = N_("is not an operator: %(name)s")
WRONG_OPERATOR = N_("cannot be used on %(field)s, which holds %(kind)s")
NEEDS_VALUES = N_("needs a list of one or more values")
UNKNOWN_LIST = N_("is not a maintained list: %(name)s")
LIST_OF_TEXTS = N_("a maintained list holds texts, and this field does not")
NEEDS_TWO = N_("needs two values, the lower and the upper")
IMPOSSIBLE_RANGE = N_("is impossible: the lower end %(low)s is above the upper end %(high)s")
ITSELF = N_("compares a field with itself")
OTHER_KIND = N_("holds %(other)s, while %(field)s holds %(kind)s")


def parse(document: object, lists: Lists | None = None) -> Node:
    """Read a condition, given as JSON text or as parsed JSON, and resolve its maintained lists by name.

    Raises ConditionError with every fault found and its place.
    """
    reader = _Reader(lists or {})
    raw = load(document) if isinstance(document, str | bytes) else document
    node = reader.node(raw, "", 1)
    if node is None or reader.faults:
        raise ConditionError(reader.faults)
    return node


def load(text: str | bytes) -> Json:
    """Parse JSON without binary floats, repeated keys or non-finite numbers.

    Raises ConditionError when the text is not such JSON.
    """
    try:
        return json.loads(  # type: ignore[no-any-return]
            text, parse_float=Decimal, parse_int=_whole, parse_constant=_refuse, object_pairs_hook=_once
        )
    except RecursionError:
        raise ConditionError([Fault("", TOO_DEEP, {"limit": DEEPEST})]) from None
    except (ValueError, ArithmeticError) as reason:
        raise ConditionError([Fault("", NOT_JSON, {"reason": reason})]) from None


def _whole(digits: str) -> int:
    if len(digits) > 40:
        raise ValueError("a number has more than 40 digits")
    return int(digits)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is repeated in one object")
    return found


def shown(value: object) -> str:
    """Quote what somebody wrote, short enough for a message."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


class _Reader:
    """Walks one document, gathers its faults, and counts towards the limits."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.faults: list[Fault] = []
        self.leaves = 0
        self.members = 0
        self.reported: set[str] = set()

    def fault(self, place: str, message: str, **params: object) -> None:
        self.faults.append(Fault(place, message, params))

    def fault_once(self, message: str, limit: int) -> None:
        if message not in self.reported:
            self.reported.add(message)
            self.fault("", message, limit=limit)

    def node(self, raw: object, place: str, depth: int) -> Node | None:
        if self.leaves > MOST_LEAVES:
            return None
        if depth > DEEPEST:
            self.fault(place, TOO_DEEP, limit=DEEPEST)
            return None
        if not isinstance(raw, dict):
            self.fault(place, NOT_AN_OBJECT)
            return None
        group = next((key for key in _GROUPS if key in raw), None)
        if group:
            self.only(raw, (group,), place)
            return self.group(group, raw[group], _at(place, group), depth)
        if "field" in raw or "op" in raw:
            return self.leaf(raw, place)
        self.fault(place, NOT_AN_OBJECT)
        return None

    def only(self, raw: dict[Any, Any], keys: tuple[str, ...], place: str) -> None:
        for key in raw:
            if key not in keys:
                self.fault(place, UNKNOWN_KEY, key=shown(key))
        for key in keys:
            if key not in raw:
                self.fault(place, LACKS, key=key)

    def group(self, word: str, raw: object, place: str, depth: int) -> Node | None:
        if word == "not":
            part = self.node(raw, place, depth + 1)
            return Not(part) if part else None
        if not isinstance(raw, list) or not raw:
            self.fault(place, EMPTY_GROUP)
            return None
        if len(raw) > MOST_LEAVES:
            self.fault_once(TOO_MANY_LEAVES, MOST_LEAVES)
            return None
        read = [self.node(part, f"{place}[{index}]", depth + 1) for index, part in enumerate(raw)]
        parts = tuple(part for part in read if part is not None)
        return All(parts) if word == "all" else Any_(parts)

    def leaf(self, raw: dict[Any, Any], place: str) -> Node | None:
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            self.fault_once(TOO_MANY_LEAVES, MOST_LEAVES)
            return None
        field = self.field(raw, "field", place)
        op = self.operator(raw, field, place)
        if field is None or op is None:
            return None
        operand = {"missing": (), "differs_from": ("other",), "equals_field": ("other",)}.get(op, ("value",))
        before = len(self.faults)
        self.only(raw, ("field", "op", *operand), place)
        return self.judged(field, op, raw, place) if len(self.faults) == before else None

    def field(self, raw: dict[Any, Any], key: str, place: str) -> Field | None:
        name = raw.get(key)
        known = FIELDS.get(name) if isinstance(name, str) else None
        if known is None and key in raw:
            self.fault(_at(place, key), UNKNOWN_FIELD, name=shown(name))
        elif known is None:
            self.fault(place, LACKS, key=key)
        return known

    def operator(self, raw: dict[Any, Any], field: Field | None, place: str) -> str | None:
        op = raw.get("op")
        where = _at(place, "op")
        if "op" not in raw:
            self.fault(place, LACKS, key="op")
            return None
        if not isinstance(op, str) or op not in OPERATORS:
            self.fault(where, UNKNOWN_OPERATOR, name=shown(op))
            return None
        if field and field.kind not in OPERATORS[op]:
            self.fault(where, WRONG_OPERATOR, field=field.name, kind=field.kind.value)
            return None
        return op

    def judged(self, field: Field, op: str, raw: dict[Any, Any], place: str) -> Node | None:
        where = _at(place, "value")
        match op:
            case "missing":
                return Missing(field.name)
            case "differs_from" | "equals_field":
                return self.pair(field, op, raw, place)
            case "in":
                return self.membership(field, raw["value"], where)
            case "starts_with" | "contains":
                return self.texts(field, op, raw["value"], where)
            case "between":
                return self.between(field, raw["value"], where)
        value = self.read(threshold(field, raw["value"], where))
        return None if value is None else Compare(field.name, op, value)

    def read(self, value: Any) -> Any:
        if isinstance(value, Fault):
            self.faults.append(value)
            return None
        return value

    def pair(self, field: Field, op: str, raw: dict[Any, Any], place: str) -> Node | None:
        other = self.field(raw, "other", place)
        if other is None:
            return None
        where = _at(place, "other")
        if other is field:
            self.fault(where, ITSELF)
        elif other.kind is not field.kind:
            self.fault(where, OTHER_KIND, other=other.kind.value, field=field.name, kind=field.kind.value)
        return (FieldsDiffer if op == "differs_from" else FieldsEqual)(field.name, other.name)

    def membership(self, field: Field, raw: object, where: str) -> Node | None:
        if isinstance(raw, dict):
            return self.maintained(field, raw, where)
        one: Callable[..., object] = threshold if field.kind is Kind.INTEGER else code
        values = self.values(field, raw, where, one)
        return In(field.name, values) if values else None

    def maintained(self, field: Field, raw: dict[Any, Any], where: str) -> Node | None:
        self.only(raw, ("list",), where)
        name = raw.get("list")
        if not isinstance(name, str) or name not in self.lists:
            self.fault(f"{where}.list", UNKNOWN_LIST, name=shown(name))
            return None
        if field.kind is not Kind.TEXT:
            self.fault(where, LIST_OF_TEXTS)
        if len(self.lists[name]) > MOST_MEMBERS:
            self.fault(where, TOO_MANY_MEMBERS, limit=MOST_MEMBERS)
            return None
        members = frozenset(self.lists[name])
        unfit = next((fault for member in members if (fault := storable(member, where))), None)
        return self.read(unfit) or InList(field.name, name, members)

    def texts(self, field: Field, op: str, raw: object, where: str) -> Node | None:
        values = self.values(field, raw, where, _any_text)
        if not values:
            return None
        return StartsWith(field.name, values) if op == "starts_with" else Contains(field.name, values)

    def values(self, field: Field, raw: object, where: str, one: Callable[..., object]) -> tuple[Any, ...]:
        if not isinstance(raw, list) or not raw:
            self.fault(where, NEEDS_VALUES)
            return ()
        self.members += len(raw)
        if self.members > MOST_MEMBERS:
            self.fault_once(TOO_MANY_MEMBERS, MOST_MEMBERS)
            return ()
        read = [self.read(one(field, value, f"{where}[{index}]")) for index, value in enumerate(raw)]
        return tuple(dict.fromkeys(value for value in read if value is not None))

    def between(self, field: Field, raw: object, where: str) -> Node | None:
        if not isinstance(raw, list) or len(raw) != 2:
            self.fault(where, NEEDS_TWO)
            return None
        low, high = (self.read(threshold(field, raw[end], f"{where}[{end}]")) for end in (0, 1))
        if low is None or high is None:
            return None
        if low > high:
            self.fault(where, IMPOSSIBLE_RANGE, low=low, high=high)
        return Between(field.name, low, high)


def _at(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _any_text(_field: Field, raw: object, place: str) -> object:
    return storable(raw, place) or raw


def to_json(node: Node) -> dict[str, Any]:
    """Write a tree as JSON-ready data: equal trees give equal data, and decimals and dates are texts."""
    match node:
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case Any_(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case Missing(field):
            return {"field": field, "op": "missing"}
        case FieldsDiffer(field, other):
            return {"field": field, "op": "differs_from", "other": other}
        case FieldsEqual(field, other):
            return {"field": field, "op": "equals_field", "other": other}
        case In(field, values):
            return {"field": field, "op": "in", "value": list(values)}
        case InList(field, name):
            return {"field": field, "op": "in", "value": {"list": name}}
        case StartsWith(field, values):
            return {"field": field, "op": "starts_with", "value": list(values)}
        case Contains(field, words):
            return {"field": field, "op": "contains", "value": list(words)}
        case Compare(field, op, value):
            return {"field": field, "op": op, "value": _written(value)}
        case Between(field, low, high):
            return {"field": field, "op": "between", "value": [_written(low), _written(high)]}


def _written(value: Number) -> str | int:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value

"""Judges one declaration by the areas of many profiles at once."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from portal.screening.area import Area, Group
from portal.screening.predicates import Predicate, Values, predicate, values_of
from portal.screening.reference import Item
from portal.screening.tree import All, Any_, In, InList, Leaf, Node, Not, StartsWith, children, leaves
from portal.screening.vocabulary import FIELDS

Key = TypeVar("Key", bound=Hashable)
Anchor = In | InList | StartsWith

# The narrower the field, the fewer conditions an item wakes.
_NARROW = (
    "declaration_id",
    "importer_id",
    "exporter_id",
    "declarant_id",
    "carrier_id",
    "vehicle_id",
    "hs_code",
)


@dataclass(frozen=True, slots=True)
class ItemHit:
    """An item that a group hits, and the places of the indicators that fired, such as
    `groups[0].condition.all[1]`; a negation that held is named as a whole."""

    item_no: int
    group: int
    fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Key]):
    """A profile that hits a declaration, with every item and group that did."""

    profile: Key
    items: tuple[ItemHit, ...]


@dataclass(slots=True)
class _Index:
    """Which groups an item's values may satisfy: by an equal value, by a prefix, by a list, or always."""

    equal: dict[str, dict[object, list[int]]] = field(default_factory=dict)
    prefix: dict[str, dict[int, dict[str, list[int]]]] = field(default_factory=dict)
    listed: dict[str, dict[frozenset[str], list[int]]] = field(default_factory=dict)
    always: list[int] = field(default_factory=list)

    def add(self, group: int, anchors: Sequence[Anchor] | None) -> None:
        if anchors is None:
            self.always.append(group)
        for anchor in anchors or ():
            match anchor:
                case In(name, values):
                    for value in values:
                        self.equal.setdefault(name, {}).setdefault(value, []).append(group)
                case InList(name, _, members):
                    self.listed.setdefault(name, {}).setdefault(members, []).append(group)
                case StartsWith(name, prefixes):
                    for each in prefixes:
                        by_length = self.prefix.setdefault(name, {}).setdefault(len(each), {})
                        by_length.setdefault(each, []).append(group)

    def candidates(self, values: Values) -> set[int]:
        found = set(self.always)
        for name, by_value in self.equal.items():
            found.update(by_value.get(values.get(name), ()))
        for name, by_length in self.prefix.items():
            text = values.get(name, "")
            for length, by_prefix in by_length.items():
                found.update(by_prefix.get(text[:length], ()))
        for name, by_members in self.listed.items():
            for members, groups in by_members.items():
                if values.get(name) in members:
                    found.update(groups)
        return found


class Screener(Generic[Key]):
    """Profiles made ready once, to judge many declarations.

    Each distinct leaf is judged at most once per item, and only groups whose anchor holds are looked at.
    """

    def __init__(self, profiles: Mapping[Key, Area]) -> None:
        self._keys = tuple(profiles)
        self._index = _Index()
        self._groups: list[tuple[int, int, Group]] = []
        self._numbers: dict[int, int] = {}
        self._predicates: list[Predicate] = []
        distinct: dict[Leaf, int] = {}
        for order, area in enumerate(profiles.values()):
            for number, group in enumerate(area.groups):
                self._index.add(len(self._groups), _anchors(group.condition))
                self._groups.append((order, number, group))
                self._enter(group.condition, distinct)
                if group.exception:
                    self._enter(group.exception, distinct)

    def screen(self, header: Item, items: Sequence[Item]) -> tuple[Hit[Key], ...]:
        """Return the profiles that hit, in their given order; an item without a number has its place, from 1."""
        hits: dict[int, list[ItemHit]] = {}
        for position, item in enumerate(items, 1):
            values = values_of(header, item)
            item_no = int(values.setdefault("item_no", position))
            state = _State(self, values)
            for index in sorted(self._index.candidates(values)):
                order, number, group = self._groups[index]
                if state.holds(group.condition) and not (group.exception and state.holds(group.exception)):
                    fired = tuple(state.fired(group.condition, f"groups[{number}].condition"))
                    hits.setdefault(order, []).append(ItemHit(item_no, number, fired))
        return tuple(Hit(self._keys[order], tuple(hits[order])) for order in sorted(hits))

    def _enter(self, node: Node, distinct: dict[Leaf, int]) -> None:
        for _, leaf in leaves(node):
            number = distinct.setdefault(leaf, len(distinct))
            if number == len(self._predicates):
                self._predicates.append(predicate(leaf))
            self._numbers[id(leaf)] = number

    def judge(self, leaf: Leaf, values: Values, known: dict[int, bool]) -> bool:
        """Judge a leaf of these profiles, or recall how the same leaf was judged for this item."""
        number = self._numbers[id(leaf)]
        held = known.get(number)
        if held is None:
            held = known[number] = self._predicates[number](values)
        return held


class _State:
    """One item while it is judged."""

    __slots__ = ("known", "screener", "values")

    def __init__(self, screener: Screener[Any], values: Values) -> None:
        self.screener = screener
        self.values = values
        self.known: dict[int, bool] = {}

    def holds(self, node: Node) -> bool:
        if isinstance(node, All):
            return all(self.holds(part) for part in node.parts)
        if isinstance(node, Any_):
            return any(self.holds(part) for part in node.parts)
        if isinstance(node, Not):
            return not self.holds(node.part)
        return self.screener.judge(node, self.values, self.known)

    def fired(self, node: Node, place: str) -> Iterator[str]:
        """Yield the places of what made a node hold; the node itself holds."""
        if isinstance(node, Not):
            yield f"{place}.not"
        elif isinstance(node, All | Any_):
            for where, part in children(node, place):
                if self.holds(part):
                    yield from self.fired(part, where)
        else:
            yield place


def _anchors(node: Node) -> tuple[Anchor, ...] | None:
    """Return leaves of which one must hold for the node to hold, the narrowest choice; None if there are none."""
    if isinstance(node, In | InList | StartsWith):
        return None if FIELDS[node.field].absent_as else (node,)
    if isinstance(node, Any_):
        chosen = [_anchors(part) for part in node.parts]
        return None if None in chosen else tuple(anchor for each in chosen for anchor in each or ())
    if isinstance(node, All):
        found = [anchors for part in node.parts if (anchors := _anchors(part)) is not None]
        return min(found, key=_width, default=None)
    return None


def _width(anchors: tuple[Anchor, ...]) -> tuple[int, int]:
    """Rank anchors: fewer on wide fields first, then fewer in all."""
    return sum(anchor.field not in _NARROW for anchor in anchors), len(anchors)

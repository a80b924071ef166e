"""Looks for what is probably a mistake in a condition that is well formed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portal.levels.words import N_
from portal.screening.faults import Params
from portal.screening.implication import excludes, implies, never, opposite
from portal.screening.tree import (
    All,
    Any_,
    Contains,
    In,
    InList,
    Leaf,
    Node,
    Not,
    StartsWith,
    children,
    fields_of,
    leaves,
)
from portal.screening.values import BLANKS
from portal.screening.vocabulary import FIELDS

NEVER = N_("can never hold")
ALWAYS = N_("matches everything")
CONTRADICTION = N_("contradicts %(other)s, so that both never hold together")
REPEATED = N_("says the same as %(other)s")
SUPERFLUOUS = N_("adds nothing: %(other)s already demands it")
DEAD_BRANCH = N_("adds nothing: whatever it matches, %(other)s matches already")
SINGLE = N_("is a group of one")
ONLY_EXCLUDES = N_("names only what is left out, so that it matches nearly everything")
OVERLAPPING = N_("the beginning %(longer)s adds nothing beside %(shorter)s")
OVERLAPPING_WORD = N_("the word %(longer)s adds nothing beside %(shorter)s")
NO_SUCH_CODE = N_("%(value)s is not a code that this field can hold")
NO_SUCH_BEGINNING = N_("no code that this field can hold begins with %(value)s")
BLANKS_AROUND = N_("%(value)s begins or ends with a blank, which is never stored")
EMPTY_LIST = N_("the list %(name)s has no members")


class Severity(StrEnum):
    """`error` when the part cannot mean what it says; `warning` when it is only doubtful."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: the place in the tree, an English msgid and its holes."""

    place: str
    message: str
    params: Params = field(default_factory=dict)
    severity: Severity = Severity.WARNING

    @property
    def text(self) -> str:
        """The message in English with its holes filled."""
        return self.message % self.params


# Comparing siblings takes time by the square of their number.
_MOST_SIBLINGS = 50


def lint(node: Node) -> tuple[Finding, ...]:
    """Return what is doubtful, in the order of the tree."""
    known: dict[int, bool | None] = {}
    found = list(_inside(node, "", known))
    verdict = constant(node, known)
    if verdict is not None:
        found.insert(0, Finding("", ALWAYS if verdict else NEVER, severity=Severity.ERROR))
    elif _only_excludes(node):
        found.insert(0, Finding("", ONLY_EXCLUDES))
    return tuple(found)


def constant(node: Node, known: dict[int, bool | None] | None = None) -> bool | None:
    """Return True if a node is seen to hold for every item, False if for none, None if neither is seen.

    `known` keeps the verdicts of parts by identity, so that no part is judged twice.
    """
    known = {} if known is None else known
    if id(node) not in known:
        known[id(node)] = _constant(node, known)
    return known[id(node)]


def _constant(node: Node, known: dict[int, bool | None]) -> bool | None:
    if isinstance(node, Not):
        inner = constant(node.part, known)
        return None if inner is None else not inner
    if not isinstance(node, All | Any_):
        return False if never(node) else None
    decisive = isinstance(node, Any_)
    verdicts = [constant(part, known) for part in node.parts]
    if decisive in verdicts or _settled(node):
        return decisive
    return (not decisive) if all(verdict is (not decisive) for verdict in verdicts) else None


def _settled(group: All | Any_) -> bool:
    """Tell whether two parts exclude each other (all) or leave nothing between them (any)."""
    parts = _flat(group)[:_MOST_SIBLINGS]
    for index, part in enumerate(parts):
        for other in parts[:index]:
            if opposite(part, other) or (isinstance(group, All) and excludes(part, other)):
                return True
            if isinstance(group, Any_) and excludes(_negated(part), _negated(other)):
                return True
    return False


def _flat(group: All | Any_) -> list[Node]:
    """Return the parts, with those of nested groups of the same kind."""
    parts: list[Node] = []
    for part in group.parts:
        parts += _flat(part) if isinstance(part, All | Any_) and type(part) is type(group) else [part]
    return parts


def _negated(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def _inside(node: Node, place: str, known: dict[int, bool | None]) -> Iterator[Finding]:
    if isinstance(node, All | Any_):
        yield from _siblings(node, list(children(node, place)))
        if len(node.parts) == 1:
            yield Finding(place, SINGLE)
    elif not isinstance(node, Not):
        yield from _leaf(node, place)
    for where, part in children(node, place):
        verdict = constant(part, known)
        if verdict is not None:
            yield Finding(where, ALWAYS if verdict else NEVER, severity=Severity.ERROR)
        yield from _inside(part, where, known)


def _siblings(group: All | Any_, parts: Sequence[tuple[str, Node]]) -> Iterator[Finding]:
    compared = parts[:_MOST_SIBLINGS]
    for index, (place, part) in enumerate(compared):
        for other_place, other in compared[:index]:
            finding = _pair(group, place, part, other_place, other)
            if finding:
                yield finding
                break


def _pair(group: All | Any_, place: str, part: Node, other_place: str, other: Node) -> Finding | None:
    if part == other:
        return Finding(place, REPEATED, {"other": other_place})
    if isinstance(group, All) and (opposite(part, other) or excludes(part, other)):
        return Finding(place, CONTRADICTION, {"other": other_place}, Severity.ERROR)
    message = SUPERFLUOUS if isinstance(group, All) else DEAD_BRANCH
    if implies(part, other):
        weaker, stronger = (other_place, place) if isinstance(group, All) else (place, other_place)
        return Finding(weaker, message, {"other": stronger})
    if implies(other, part):
        weaker, stronger = (place, other_place) if isinstance(group, All) else (other_place, place)
        return Finding(weaker, message, {"other": stronger})
    return None


def _leaf(leaf: Leaf, place: str) -> Iterator[Finding]:
    known = FIELDS[fields_of(leaf)[0]]
    match leaf:
        case In(_, values):
            for value in values:
                if isinstance(value, str) and not known.fits(value):
                    yield Finding(place, NO_SUCH_CODE, {"value": value})
        case InList(_, name, members) if not members:
            yield Finding(place, EMPTY_LIST, {"name": name})
        case StartsWith(_, values):
            yield from _overlaps(values, place)
            for value in values:
                if not known.begins(value):
                    yield Finding(place, NO_SUCH_BEGINNING, {"value": value})
        case Contains(_, words):
            yield from _overlapping_words(words, place)
    if isinstance(leaf, In | StartsWith):
        for value in leaf.values:
            if isinstance(value, str) and value != value.strip(BLANKS):
                yield Finding(place, BLANKS_AROUND, {"value": repr(value)})


def _overlaps(prefixes: Sequence[str], place: str) -> Iterator[Finding]:
    known = frozenset(prefixes)
    for longer in prefixes:
        shorter = next((longer[:end] for end in range(1, len(longer)) if longer[:end] in known), None)
        if shorter:
            yield Finding(place, OVERLAPPING, {"longer": longer, "shorter": shorter})


def _overlapping_words(words: Sequence[str], place: str) -> Iterator[Finding]:
    folded = [word.casefold() for word in words[:_MOST_SIBLINGS]]
    for index, word in enumerate(folded):
        shorter = next((other for at, other in enumerate(folded) if at != index and other in word), None)
        if shorter is not None and (shorter != word or folded.index(word) < index):
            yield Finding(place, OVERLAPPING_WORD, {"longer": words[index], "shorter": shorter})


def _only_excludes(node: Node) -> bool:
    """Tell whether every leaf stands under a negation, so that nothing is named that must be there."""
    if isinstance(node, Not):
        return any(True for _ in leaves(node.part)) and not isinstance(node.part, Not)
    if isinstance(node, All):
        return all(_only_excludes(part) for part in node.parts)
    return isinstance(node, Any_) and any(_only_excludes(part) for part in node.parts)

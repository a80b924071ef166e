"""Reads a condition aloud: the sentence that the signatory sees."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.screening.area import Area
from portal.screening.english import English
from portal.screening.grammar import Grammar, capital
from portal.screening.russian import Russian
from portal.screening.tree import All, Any_, Leaf, Node, Not, children

LANGUAGES: dict[str, Callable[[int], Grammar]] = {"en": English, "ru": Russian}
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an outline: a phrase, or a heading over the lines beneath it; `place` is where it stands."""

    text: str
    place: str
    lines: tuple["Line", ...] = ()


def sentence(node: Node, language: str, most_values: int = MOST_VALUES) -> str:
    """Read a condition as one sentence in `en` or `ru`; other languages are read in English."""
    return f"{capital(_phrase(node, _grammar(language, most_values), top=True))}."


def area_sentence(area: Area, language: str, most_values: int = MOST_VALUES) -> str:
    """Read a risk area: its groups with their exceptions, then what the officer answers."""
    grammar = _grammar(language, most_values)
    several = len(area.groups) > 1
    said = []
    for number, group in enumerate(area.groups, 1):
        condition = _phrase(group.condition, grammar, top=True)
        said.append(grammar.group(number, condition) if several else f"{capital(condition)}.")
        if group.exception is not None:
            said.append(grammar.exception(_phrase(group.exception, grammar, top=True)))
    if several:
        said.append(grammar.one_group_is_enough())
    if area.questions:
        said.append(grammar.questions(area.questions))
    return " ".join(said)


def outline(node: Node, language: str, place: str = "", most_values: int = MOST_VALUES) -> Line:
    """Read a condition as nested lines, for trees too big for a sentence."""
    return _line(node, place, _grammar(language, most_values))


def _grammar(language: str, most_values: int) -> Grammar:
    return LANGUAGES.get(language, English)(most_values)


def _phrase(node: Node, grammar: Grammar, *, top: bool = False) -> str:
    """Say a node; a group inside another stands in brackets, so that the sentence has one meaning."""
    positive, node = _without_negations(node)
    if not isinstance(node, All | Any_):
        return grammar.leaf(node, negated=not positive)
    if len(node.parts) == 1:
        return _phrase(node.parts[0] if positive else Not(node.parts[0]), grammar, top=top)
    parts = [_phrase(part, grammar) for part in node.parts]
    if not positive:
        return (grammar.not_every if isinstance(node, All) else grammar.not_some)(parts)
    said = (grammar.every if isinstance(node, All) else grammar.some)(parts)
    return said if top else f"({said})"


def _without_negations(node: Node) -> tuple[bool, All | Any_ | Leaf]:
    positive = True
    while isinstance(node, Not):
        positive, node = not positive, node.part
    return positive, node


def _line(node: Node, place: str, grammar: Grammar) -> Line:
    positive, inner, where = True, node, place
    while isinstance(inner, Not):
        positive, inner, where = not positive, inner.part, f"{where}.not" if where else "not"
    if not isinstance(inner, All | Any_):
        return Line(grammar.leaf(inner, negated=not positive), place)
    word = {
        (True, True): "every",
        (True, False): "some",
        (False, True): "not_every",
        (False, False): "not_some",
    }[positive, isinstance(inner, All)]
    lines = tuple(_line(part, spot, grammar) for spot, part in children(inner, where))
    return Line(grammar.heading(word), place, lines)

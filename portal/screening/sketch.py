"""Groups of indicators while they are being written: lines that may still be empty or wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.screening.vocabulary import FIELDS

MOST_LINES = 200
"""What a form can carry and a person can read; a larger area is edited as JSON."""

_DEEPEST = 16
_LONGEST = 100_000

TAKES = ("all", "any", "none", "not_all")
"""What a block asks of its parts."""

LISTED = ("in", "starts_with", "contains")
PAIRED = ("differs_from", "equals_field")


class NotASketch(ValueError):
    """What should be a sketch is none, or is too big to be written line by line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison as it was typed.

    `relation` is an operator of the language, or `in_list` for a member of a maintained list. `values` are texts:
    two for `between`, one for each ticked code, the other field, the name of the list, or one text with all
    values of a list.
    """

    field: str = ""
    relation: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Parts of which `takes` says how many must hold."""

    takes: str = "all"
    parts: tuple["Part", ...] = ()


Part = Line | Block


@dataclass(frozen=True, slots=True)
class Card:
    """A group of indicators with its exceptions."""

    name: str = ""
    condition: Block = Block(parts=(Line(),))
    exceptions: Block | None = None


Sketch = tuple[Card, ...]


def from_groups(groups: Sequence[Mapping[str, Any]]) -> Sketch:
    """Lay out the groups of a text for writing.

    Raises NotASketch when they cannot be shown line by line.
    """
    cards = tuple(
        Card(
            str(group.get("name") or ""),
            _root(group.get("condition")),
            _root(group["exceptions"]) if group.get("exceptions") else None,
        )
        for group in groups
    )
    return _bounded(cards)


def _bounded(cards: Sketch) -> Sketch:
    if sum(1 for _ in lines(cards)) > MOST_LINES:
        raise NotASketch("too many lines")
    return cards


def _root(raw: object) -> Block:
    part = _part(raw, 1)
    return part if isinstance(part, Block) else Block("all", (part,))


def _part(raw: object, depth: int) -> Part:
    if not isinstance(raw, Mapping) or depth > _DEEPEST:
        raise NotASketch("not a condition")
    for takes in ("all", "any"):
        if takes in raw:
            return Block(takes, _parts(raw[takes], depth))
    if "not" not in raw:
        return _line(raw)
    inner = raw["not"]
    if isinstance(inner, Mapping) and "all" in inner:
        return Block("not_all", _parts(inner["all"], depth))
    if isinstance(inner, Mapping) and "any" in inner:
        return Block("none", _parts(inner["any"], depth))
    return Block("none", (_part(inner, depth + 1),))


def _parts(raw: object, depth: int) -> tuple[Part, ...]:
    if not isinstance(raw, list):
        raise NotASketch("not a list of conditions")
    return tuple(_part(each, depth + 1) for each in raw)


def _line(raw: Mapping[str, Any]) -> Line:
    field, relation = str(raw.get("field", "")), str(raw.get("op", ""))
    if relation in PAIRED:
        return Line(field, relation, (str(raw.get("other", "")),))
    value = raw.get("value")
    if isinstance(value, Mapping):
        return Line(field, "in_list", (str(value.get("list", "")),))
    if not isinstance(value, list):
        return Line(field, relation, () if value is None else (str(value),))
    texts = tuple(str(each) for each in value)
    closed = field in FIELDS and bool(FIELDS[field].choices)
    if relation not in LISTED or (relation == "in" and closed):
        return Line(field, relation, texts)
    return Line(field, relation, (joined(texts),))


def joined(values: Sequence[str]) -> str:
    """Write values in one text, with commas between them; `divided` reads it back."""
    return ", ".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    plain = value == value.strip() and value and not any(sign in value for sign in ',;"\n\r')
    return value if plain else '"' + value.replace('"', '""') + '"'


def divided(text: str) -> tuple[str, ...]:
    """Read the values of one text: between commas, semicolons or ends of lines; quotation marks hold one together."""
    found: list[str] = []
    value, quoted, closed = "", False, False
    for sign in text:
        if quoted and sign == '"':
            quoted, closed = False, True
        elif quoted:
            value += sign
        elif sign == '"' and closed:
            value, quoted, closed = value + '"', True, False
        elif sign == '"' and not value.strip():
            value, quoted = "", True
        elif sign in ",;\n\r":
            found.append(value if closed else value.strip())
            value, closed = "", False
        elif not closed:
            value += sign
    found.append(value if closed or quoted else value.strip())
    return tuple(each for each in found if each)


def lines(sketch: Sketch) -> Iterator[tuple[str, Line]]:
    """Yield every line with its place, such as `0.condition.1`, from top to bottom."""
    for place, part in parts(sketch):
        if isinstance(part, Line):
            yield place, part


def parts(sketch: Sketch) -> Iterator[tuple[str, Part]]:
    """Yield every block and line with its place, a block before what it holds."""
    for number, card in enumerate(sketch):
        yield from _inside(card.condition, f"{number}.condition")
        if card.exceptions is not None:
            yield from _inside(card.exceptions, f"{number}.exceptions")


def _inside(part: Part, place: str) -> Iterator[tuple[str, Part]]:
    yield place, part
    if isinstance(part, Block):
        for number, each in enumerate(part.parts):
            yield from _inside(each, f"{place}.{number}")


def to_text(sketch: Sketch) -> str:
    """Write a sketch as the JSON that a form carries."""
    return json.dumps([_card_json(card) for card in sketch], ensure_ascii=False, separators=(",", ":"))


def _card_json(card: Card) -> list[Any]:
    return [card.name, _json(card.condition), _json(card.exceptions) if card.exceptions else None]


def _json(part: Part) -> list[Any]:
    if isinstance(part, Line):
        return [part.field, part.relation, list(part.values)]
    return [part.takes, [_json(each) for each in part.parts]]


def from_text(text: str) -> Sketch:
    """Read what `to_text` wrote and a form carried.

    Raises NotASketch for anything else, however it was made.
    """
    if len(text) > _LONGEST:
        raise NotASketch("too long")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise NotASketch("not JSON") from None
    if not isinstance(raw, list):
        raise NotASketch("not a list of groups")
    return _bounded(tuple(_card(each) for each in raw))


def _card(raw: object) -> Card:
    match raw:
        case [str(name), list(condition), exceptions]:
            left_out = None if exceptions is None else _block(exceptions, 1)
            return Card(name, _block(condition, 1), left_out)
    raise NotASketch("not a group")


def _block(raw: object, depth: int) -> Block:
    part = _read(raw, depth)
    if isinstance(part, Block):
        return part
    raise NotASketch("not a block")


def _read(raw: object, depth: int) -> Part:
    if depth > _DEEPEST:
        raise NotASketch("too deep")
    match raw:
        case [str(takes), list(inner)] if takes in TAKES:
            return Block(takes, tuple(_read(each, depth + 1) for each in inner))
        case [str(field), str(relation), list(values)] if all(isinstance(value, str) for value in values):
            return Line(field, relation, tuple(values))
    raise NotASketch("not a part of a condition")

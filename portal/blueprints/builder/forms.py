"""Reads the builder's form: the sketch that it carried, what was typed over it, and the act that was chosen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.screening.editing import NoSuchPlace, act
from portal.screening.sketch import (
    LISTED,
    PAIRED,
    TAKES,
    Block,
    Card,
    Line,
    NotASketch,
    Part,
    Sketch,
    from_text,
    to_text,
)
from portal.screening.vocabulary import FIELDS
from portal.screening.written import fitted

MOST_STEPS = 20
_LONGEST_PAST = 200_000
_LONGEST_VALUE = 20_000

Form = MultiDict[str, str]


@dataclass(frozen=True)
class Typed:
    """What the officer sent.

    Attributes:
        sketch: with everything that he typed.
        shown: the sketch as the page had shown it.
        past: earlier sketches as texts, the last one the latest.
        act, place: the button that he pressed; "refresh" when there was none.
    """

    sketch: Sketch
    shown: Sketch
    past: tuple[str, ...]
    act: str
    place: str


def element(place: str) -> str:
    """The id of a part's element, and the beginning of the names of its controls."""
    return "p-" + place.replace(".", "-")


def read(form: Form) -> Typed:
    """Read a form.

    Raises:
        NotASketch: it carries no sketch; it was not made by the page.
    """
    shown = from_text(form.get("sketch", ""))
    name, _, place = form.get("do", "").partition("@")
    typed = tuple(_card(number, card, form) for number, card in enumerate(shown))
    return Typed(typed, shown, _past(form.get("past", "")), name or "refresh", place)


def _past(text: str) -> tuple[str, ...]:
    try:
        steps = json.loads(text[:_LONGEST_PAST]) if text else []
    except (ValueError, RecursionError):
        return ()
    return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else ()


def _card(number: int, card: Card, form: Form) -> Card:
    name = form.get(f"{element(str(number))}-name", card.name)
    condition = _block(card.condition, f"{number}.condition", form)
    exceptions = card.exceptions and _block(card.exceptions, f"{number}.exceptions", form)
    return Card(name[:_LONGEST_VALUE], condition, exceptions)


def _block(block: Block, place: str, form: Form) -> Block:
    takes = form.get(f"{element(place)}-takes", block.takes)
    parts = tuple(_part(part, f"{place}.{number}", form) for number, part in enumerate(block.parts))
    return Block(takes if takes in TAKES else block.takes, parts)


def _part(part: Part, place: str, form: Form) -> Part:
    return _block(part, place, form) if isinstance(part, Block) else _line(part, place, form)


def _line(line: Line, place: str, form: Form) -> Line:
    name = element(place)
    if f"{name}-field" not in form:
        return line
    field = form.get(f"{name}-field", "")
    relation = form.get(f"{name}-relation", line.relation)
    values = tuple(value[:_LONGEST_VALUE] for value in form.getlist(f"{name}-value"))
    values = values if any(values) else ()
    asked = fitted(Line(field, relation, values))
    if field == line.field and control(asked) == control(line):
        return asked
    return replace(asked, values=_carried_over(line, asked, values))


def _carried_over(line: Line, asked: Line, values: tuple[str, ...]) -> tuple[str, ...]:
    """What of the typed values still means something under another field or relation."""
    if line.field != asked.field:
        return ()
    before, after = control(line), control(asked)
    return values[:1] if {before, after} == {"one", "both"} else ()


def control(line: Line) -> str:
    """The kind of control that a line's value needs."""
    match line.relation:
        case "between":
            return "both"
        case "in_list":
            return "list"
        case "missing" | "":
            return "none"
    if line.relation in PAIRED:
        return "field"
    if line.relation not in LISTED:
        return "one"
    return "ticks" if line.field in FIELDS and FIELDS[line.field].choices else "texts"


def done(typed: Typed, stored: Sketch) -> tuple[Sketch, tuple[str, ...], str]:
    """Do the act: the sketch that it leaves, the steps behind it, and the place where the work goes on.

    Raises:
        NotASketch: the act names a place that is not there.
    """
    past = _pushed(typed.past, typed.shown) if typed.sketch != typed.shown else typed.past
    if typed.act in ("refresh", "save"):
        return typed.sketch, past, ""
    if typed.act == "undo":
        return _undone(typed, past)
    if typed.act == "reset":
        return stored, _pushed(past, typed.sketch), ""
    try:
        sketch, place = act(typed.sketch, typed.act, typed.place)
        sketch = from_text(to_text(sketch))
    except NoSuchPlace as error:
        raise NotASketch(str(error)) from error
    return sketch, _pushed(past, typed.sketch) if sketch != typed.sketch else past, place


def _undone(typed: Typed, past: tuple[str, ...]) -> tuple[Sketch, tuple[str, ...], str]:
    if not past:
        return typed.sketch, past, ""
    return from_text(past[-1]), past[:-1], ""


def _pushed(past: tuple[str, ...], sketch: Sketch) -> tuple[str, ...]:
    steps = (*past, to_text(sketch))[-MOST_STEPS:]
    while sum(len(step) for step in steps) > _LONGEST_PAST // 4:
        steps = steps[1:]
    return steps

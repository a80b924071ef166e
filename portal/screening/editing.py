"""The acts with which an officer writes groups of indicators: add, remove, wrap, move."""

from collections.abc import Callable
from dataclasses import replace

from portal.screening.sketch import Block, Card, Line, Part, Sketch

Step = tuple[Sketch, str]
"""What an act leaves: the sketch, and the place where work goes on."""


class NoSuchPlace(ValueError):
    """An act names a place that the sketch does not have."""


def act(sketch: Sketch, name: str, place: str) -> Step:
    """Do what a button says at a place, such as `0.condition.1`; acts on a whole group name its number.

    Raises NoSuchPlace when there is no such act or place, as when a form was changed by hand.
    """
    if name == "add_card":
        return (*sketch, Card()), f"{len(sketch)}.condition.0"
    number, branch, path = _parsed(place)
    if number >= len(sketch):
        raise NoSuchPlace(place)
    if not branch:
        return _on_card(sketch, name, number)
    return _on_part(sketch, name, number, branch, path)


def _parsed(place: str) -> tuple[int, str, tuple[int, ...]]:
    number, *rest = place.split(".")
    branch, path = (rest[0], rest[1:]) if rest else ("", [])
    whole = all(step.isascii() and step.isdigit() and len(step) < 6 for step in (number, *path))
    if not whole or branch not in ("", "condition", "exceptions"):
        raise NoSuchPlace(place)
    return int(number), branch, tuple(int(step) for step in path)


def _on_card(sketch: Sketch, name: str, number: int) -> Step:
    card, others = sketch[number], (*sketch[:number], *sketch[number + 1 :])
    match name:
        case "remove":
            left = min(number, len(others) - 1)
            return others, f"{left}" if others else ""
        case "up" | "down":
            target = min(max(number + (1 if name == "down" else -1), 0), len(others))
            return (*others[:target], card, *others[target:]), f"{target}"
        case "add_exceptions" if card.exceptions is None:
            changed = replace(card, exceptions=Block("any", (Line(),)))
            return _put(sketch, number, changed), f"{number}.exceptions.0"
        case "copy":
            return (*sketch[: number + 1], card, *sketch[number + 1 :]), f"{number + 1}"
    raise NoSuchPlace(name)


def _on_part(sketch: Sketch, name: str, number: int, branch: str, path: tuple[int, ...]) -> Step:
    card = sketch[number]
    root = card.condition if branch == "condition" else card.exceptions
    if root is None:
        raise NoSuchPlace(branch)
    if not path and name == "remove" and branch == "exceptions":
        return _put(sketch, number, replace(card, exceptions=None)), f"{number}"
    changed, left = _at(root, path, name)
    if not isinstance(changed, Block):
        raise NoSuchPlace(name)
    if branch == "condition":
        card = replace(card, condition=changed)
    else:
        card = replace(card, exceptions=changed if changed.parts else None)
    place = ".".join((str(number), branch, *(str(step) for step in left)))
    return _put(sketch, number, card), place if branch == "condition" or changed.parts else f"{number}"


def _put(sketch: Sketch, number: int, card: Card) -> Sketch:
    return (*sketch[:number], card, *sketch[number + 1 :])


def _at(part: Part, path: tuple[int, ...], name: str) -> tuple[Part, tuple[int, ...]]:
    """Change the part under `part` that `path` leads to, and tell where the work goes on."""
    if len(path) > 1 or (path and name in _INSIDE):
        block, step = _holds(part, path[0])
        inner, left = _at(block.parts[step], path[1:], name)
        return replace(block, parts=(*block.parts[:step], inner, *block.parts[step + 1 :])), (step, *left)
    if not path:
        if name in _INSIDE:
            return _INSIDE[name](part)
        raise NoSuchPlace(name)
    block, step = _holds(part, path[0])
    if name not in _AMONG:
        raise NoSuchPlace(name)
    return _AMONG[name](block, step)


def _holds(part: Part, step: int) -> tuple[Block, int]:
    if not isinstance(part, Block) or step >= len(part.parts):
        raise NoSuchPlace(str(step))
    return part, step


def _add_line(part: Part) -> tuple[Part, tuple[int, ...]]:
    block, _ = _as_block(part)
    return replace(block, parts=(*block.parts, Line())), (len(block.parts),)


def _add_block(part: Part) -> tuple[Part, tuple[int, ...]]:
    block, _ = _as_block(part)
    takes = "any" if block.takes == "all" else "all"
    return replace(block, parts=(*block.parts, Block(takes, (Line(),)))), (len(block.parts), 0)


def _wrap(part: Part) -> tuple[Part, tuple[int, ...]]:
    """Put a part under "none of", where it is left out."""
    return Block("none", (part,)), (0,)


def _as_block(part: Part) -> tuple[Block, int]:
    if not isinstance(part, Block):
        raise NoSuchPlace("a line holds nothing")
    return part, len(part.parts)


def _add_after(block: Block, step: int) -> tuple[Block, tuple[int, ...]]:
    return replace(block, parts=(*block.parts[: step + 1], Line(), *block.parts[step + 1 :])), (step + 1,)


def _remove(block: Block, step: int) -> tuple[Block, tuple[int, ...]]:
    kept = (*block.parts[:step], *block.parts[step + 1 :])
    return replace(block, parts=kept), (min(step, len(kept) - 1),) if kept else ()


def _up(block: Block, step: int) -> tuple[Block, tuple[int, ...]]:
    return _moved(block, step, max(step - 1, 0))


def _down(block: Block, step: int) -> tuple[Block, tuple[int, ...]]:
    return _moved(block, step, min(step + 1, len(block.parts) - 1))


def _moved(block: Block, step: int, target: int) -> tuple[Block, tuple[int, ...]]:
    others = (*block.parts[:step], *block.parts[step + 1 :])
    return replace(block, parts=(*others[:target], block.parts[step], *others[target:])), (target,)


def _dissolve(block: Block, step: int) -> tuple[Block, tuple[int, ...]]:
    """Let the parts of an inner block take its place."""
    inner = block.parts[step]
    if not isinstance(inner, Block):
        raise NoSuchPlace("a line holds nothing")
    return replace(block, parts=(*block.parts[:step], *inner.parts, *block.parts[step + 1 :])), (step,)


_INSIDE: dict[str, Callable[[Part], tuple[Part, tuple[int, ...]]]] = {
    "add_line": _add_line,
    "add_block": _add_block,
    "wrap": _wrap,
}
_AMONG: dict[str, Callable[[Block, int], tuple[Block, tuple[int, ...]]]] = {
    "add_after": _add_after,
    "remove": _remove,
    "up": _up,
    "down": _down,
    "dissolve": _dissolve,
}

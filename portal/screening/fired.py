"""Reads aloud the indicators of a risk area that fired."""

from collections.abc import Iterable, Iterator

from portal.screening.area import Area
from portal.screening.reading import sentence
from portal.screening.tree import Node, Not, children


def fired_sentences(area: Area, places: Iterable[str], language: str) -> tuple[str, ...]:
    """Return one sentence for each distinct place of `single.ItemHit.fired`, in the order given.

    Places that the area does not have are passed over.
    """
    nodes: dict[str, Node] = {}
    for number, group in enumerate(area.groups):
        nodes.update(_nodes(group.condition, f"groups[{number}].condition"))
    found = [nodes[place] for place in dict.fromkeys(places) if place in nodes]
    return tuple(sentence(node, language) for node in found)


def _nodes(node: Node, place: str) -> Iterator[tuple[str, Node]]:
    """Yield every node with its place; a negation stands at the place that `single` gives it when it held."""
    yield (f"{place}.not" if isinstance(node, Not) else place), node
    if not isinstance(node, Not):
        for where, part in children(node, place):
            yield from _nodes(part, where)

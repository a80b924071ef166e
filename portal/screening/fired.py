"""Reads aloud the indicators of a risk area that fired."""

from collections.abc import Iterable, Iterator

from portal.screening.area import Area
from portal.screening.reading import sentence
from portal.screening.tree import Node, Not, children


def fired_sentences(area: Area, places: Iterable[str], language: str) -> dict[str, str]:
    """Return the sentence of each place of `single.ItemHit.fired`; places that the area has not are passed over."""
    nodes: dict[str, Node] = {}
    for number, group in enumerate(area.groups):
        nodes.update(_nodes(group.condition, f"groups[{number}].condition"))
    return {place: sentence(nodes[place], language) for place in dict.fromkeys(places) if place in nodes}


def _nodes(node: Node, place: str) -> Iterator[tuple[str, Node]]:
    """Yield every node with its place; a negation stands at the place that `single` gives it when it held."""
    yield (f"{place}.not" if isinstance(node, Not) else place), node
    if not isinstance(node, Not):
        for where, part in children(node, place):
            yield from _nodes(part, where)

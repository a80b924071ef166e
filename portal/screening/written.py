"""Reads a sketch of groups as the language of conditions, and says what is wrong or doubtful at which line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.levels.words import N_
from portal.screening.area import Area, Group, parse_area
from portal.screening.conditions import OPERATORS, Lists, to_json
from portal.screening.faults import ConditionError, Params
from portal.screening.lint import SINGLE, Severity, lint
from portal.screening.sketch import LISTED, PAIRED, Block, Card, Line, Part, Sketch, divided
from portal.screening.tree import Node
from portal.screening.vocabulary import FIELDS, Kind

CHOOSE_FIELD = N_("Choose a field")
CHOOSE_RELATION = N_("Choose a relation that fits the field")
GIVE_VALUE = N_("Give a value")
GIVE_BOTH = N_("Give both ends")
MEND_RANGE = N_("Write as many digits at both ends of a range, the smaller first, such as 6401–6405")
CHOOSE_OTHER = N_("Choose the field to compare with")
CHOOSE_LIST = N_("Choose a list")
EMPTY_BLOCK = N_("Add a line, or remove this group")
NAMED_TWICE = N_("another group has this name")

_STAND_IN: dict[str, Any] = {"field": "declaration_id", "op": "missing"}
_LONGEST_NAME = 200
#: A commodity code as it is printed, in groups of 4, 2, 3 and 1 or of 4, 2, 2 and 2 digits.
_GROUPED = re.compile(
    r"[0-9]{4}[ .\u00a0][0-9]{2}([ .\u00a0]([0-9]{3}([ .\u00a0][0-9])?|[0-9]{2}([ .\u00a0][0-9]{2})?))?"
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to mend or to think over at a place of the sketch.

    A part that is `incomplete` or a `fault` stands against keeping the sketch; an `error` of sense and a
    `warning` do not. The parameter `other` of a remark is the place of another part.
    """

    place: str
    message: str
    params: Params = field(default_factory=dict)
    severity: str = "fault"


@dataclass(frozen=True, slots=True)
class Written:
    """What a sketch says: its area and the canonical groups of a text, unless something is at fault."""

    area: Area | None
    groups: tuple[dict[str, Any], ...]
    remarks: tuple[Remark, ...]

    @property
    def faults(self) -> tuple[Remark, ...]:
        """What stands against keeping it."""
        return tuple(remark for remark in self.remarks if remark.severity in ("incomplete", "fault"))


def relations(name: str) -> tuple[str, ...]:
    """Return the relations that fit a field, those of its kind first, in the order in which they are offered.

    A commodity code is mostly named by its first digits: compared whole, a heading of four finds nothing.
    """
    known = FIELDS.get(name)
    if known is None:
        return ()
    fitting = tuple(op for op, kinds in OPERATORS.items() if known.kind in kinds)
    if known.choices:
        fitting = tuple(op for op in fitting if op not in ("starts_with", "contains"))
    if known.kind is Kind.TEXT:
        fitting = tuple(each for op in fitting for each in ((op, "in_list") if op == "in" else (op,)))
    if name == "hs_code":
        fitting = tuple(sorted(fitting, key=lambda op: op != "starts_with"))
    return fitting if others(name) else tuple(op for op in fitting if op not in PAIRED)


def others(name: str) -> tuple[str, ...]:
    """Return the fields with which a field can be compared."""
    known = FIELDS[name]
    return tuple(each.name for each in FIELDS.values() if each.kind is known.kind and each is not known)


def fitted(line: Line) -> Line:
    """Return the line with a relation that its field allows, and no values of another relation's making."""
    allowed = relations(line.field)
    if not allowed or line.relation in allowed:
        return line
    return Line(line.field, allowed[0], ())


def read(sketch: Sketch, lists: Lists) -> Written:
    """Read a sketch; an empty one is an area without groups."""
    if not sketch:
        return Written(Area(), (), ())
    writer = _Writer()
    groups = [writer.group(number, card) for number, card in enumerate(sketch)]
    area, faults = _parsed(groups, lists, writer)
    if faults or area is None:
        return Written(None, (), tuple(faults))
    doubts = (doubt for number, group in enumerate(area.groups) for doubt in _doubts(number, group, writer))
    return Written(area, _stored(sketch, area), (*_twice(sketch), *doubts))


def _parsed(
    groups: list[dict[str, Any]], lists: Lists, writer: "_Writer"
) -> tuple[Area | None, list[Remark]]:
    """Read the area; a line that is not complete tells that and nothing else."""
    told_of = {fault.place for fault in writer.faults}
    try:
        area = parse_area({"groups": groups, "questions": []}, lists)
    except ConditionError as error:
        told = ((writer.place(fault.place), fault) for fault in error.faults)
        found = [Remark(place, fault.message, fault.params) for place, fault in told if place not in told_of]
        return None, [*writer.faults, *found]
    return area, writer.faults


class _Writer:
    """Writes a sketch as JSON and remembers which place of the JSON is which place of the sketch."""

    def __init__(self) -> None:
        self.faults: list[Remark] = []
        self._places: dict[str, str] = {}

    def group(self, number: int, card: Card) -> dict[str, Any]:
        there = f"groups[{number}]"
        self._places[there] = str(number)
        group = {"condition": self.part(card.condition, f"{number}.condition", f"{there}.condition")}
        if card.exceptions is not None:
            group["exception"] = self.part(card.exceptions, f"{number}.exceptions", f"{there}.exception")
        return group

    def part(self, part: Part, place: str, there: str) -> dict[str, Any]:
        self._places[there] = place
        return self.line(part, place) if isinstance(part, Line) else self.block(part, place, there)

    def block(self, block: Block, place: str, there: str) -> dict[str, Any]:
        if not block.parts:
            return self.incomplete(place, EMPTY_BLOCK)
        if block.takes == "none" and len(block.parts) == 1 and _negates(block.parts[0]):
            return {"not": self.part(block.parts[0], f"{place}.0", f"{there}.not")}
        word = {"all": "all", "not_all": "all"}.get(block.takes, "any")
        inner = there if block.takes in ("all", "any") else f"{there}.not"
        self._places[inner] = place
        parts = [
            self.part(each, f"{place}.{number}", f"{inner}.{word}[{number}]")
            for number, each in enumerate(block.parts)
        ]
        return {word: parts} if block.takes in ("all", "any") else {"not": {word: parts}}

    def line(self, line: Line, place: str) -> dict[str, Any]:
        if line.field not in FIELDS:
            return self.incomplete(place, CHOOSE_FIELD)
        if line.relation not in relations(line.field):
            return self.incomplete(place, CHOOSE_RELATION)
        if None in _codes(line):
            return self.refused(place, MEND_RANGE, "fault")
        wanted = _lacking(line)
        return self.incomplete(place, wanted) if wanted else _comparison(line)

    def incomplete(self, place: str, message: str) -> dict[str, Any]:
        return self.refused(place, message, "incomplete")

    def refused(self, place: str, message: str, severity: str) -> dict[str, Any]:
        self.faults.append(Remark(place, message, severity=severity))
        return _STAND_IN

    def place(self, there: str) -> str:
        """The place in the sketch of a place in the JSON, or of the nearest part around it."""
        while there and there not in self._places:
            there = there[: max(there.rfind("."), there.rfind("["), 0)]
        return self._places.get(there, "")


def _negates(part: Part) -> bool:
    """Whether a `not` directly before a part is read back as "none of" this one part."""
    return isinstance(part, Line) or part.takes in ("none", "not_all")


def _lacking(line: Line) -> str:
    given = [value for value in line.values if value.strip()]
    match line.relation:
        case "missing":
            return ""
        case "between":
            return "" if len(given) == 2 else GIVE_BOTH
        case "differs_from" | "equals_field":
            return "" if given else CHOOSE_OTHER
        case "in_list":
            return "" if given else CHOOSE_LIST
    return "" if _values(line) else GIVE_VALUE


def _values(line: Line) -> tuple[str, ...]:
    """The values of a list: the ticked codes, or those of the one text."""
    if line.relation == "in" and FIELDS[line.field].choices:
        return line.values
    if line.relation in LISTED and line.field == "hs_code":
        return tuple(each for found in _codes(line) for each in found or ())
    if line.relation in LISTED:
        return divided(line.values[0]) if line.values else ()
    return tuple(value for value in line.values if value.strip())


def _codes(line: Line) -> list[tuple[str, ...] | None]:
    """What each value of a line of commodity codes stands for; a range, as procedure 3.2 allows it, for several."""
    if line.field != "hs_code" or line.relation not in LISTED or not line.values:
        return []
    told = (
        re.sub(r"[ .\u00a0]", "", value) if _GROUPED.fullmatch(value) else value
        for value in divided(line.values[0])
    )
    return [unfolded(value) if line.relation == "starts_with" else (value,) for value in told]


def unfolded(value: str) -> tuple[str, ...] | None:
    """The fewest beginnings of codes that a range such as 6401–6405 stands for; any other value is its own.

    None for a range whose ends have not as many digits, or are in the wrong order.
    """
    found = re.fullmatch(r"([0-9]{1,10})\s*[-‐‑‒–—]\s*([0-9]{1,10})", value)
    if found is None:
        return (value,)
    low, high = found.groups()
    if len(low) != len(high) or low > high:
        return None
    return tuple(_beginnings(int(low), int(high), len(low)))


def _beginnings(low: int, high: int, digits: int) -> Iterator[str]:
    while low <= high:
        zeros = 0
        while low % 10 ** (zeros + 1) == 0 and low + 10 ** (zeros + 1) - 1 <= high and zeros + 1 < digits:
            zeros += 1
        yield f"{low:0{digits}}"[: digits - zeros]
        low += 10**zeros


def _comparison(line: Line) -> dict[str, Any]:
    said: dict[str, Any] = {"field": line.field, "op": line.relation}
    if line.relation == "missing":
        return said
    if line.relation == "in_list":
        return {"field": line.field, "op": "in", "value": {"list": line.values[0].strip()}}
    values = _values(line)
    if line.relation in PAIRED:
        return said | {"other": values[0]}
    numbers = [
        value if line.relation in LISTED else _plain(value, FIELDS[line.field].kind) for value in values
    ]
    return said | {"value": numbers if line.relation in (*LISTED, "between") else numbers[0]}


def _plain(typed: str, kind: Kind) -> str:
    """Write a number as the language wants it: without blanks, and with a point for a decimal comma.

    A comma before exactly three digits may stand for thousands; it is left, so that the number is refused.
    """
    bare = "".join(typed.split())
    whole, comma, broken = bare.partition(",")
    decimal = comma and broken.isdigit() and len(broken) != 3 and "." not in whole
    return f"{whole}.{broken}" if decimal and kind is Kind.DECIMAL else bare


def _doubts(number: int, group: Group, writer: _Writer) -> Iterator[Remark]:
    for branch, node in (("condition", group.condition), ("exception", group.exception)):
        if node is not None:
            yield from _linted(node, f"groups[{number}].{branch}", writer)


def _linted(node: Node, there: str, writer: _Writer) -> Iterator[Remark]:
    for finding in lint(node):
        if finding.message == SINGLE and not finding.place:
            continue  # the outermost block is the frame of the form, whatever it holds
        place = writer.place(f"{there}.{finding.place}" if finding.place else there)
        params = dict(finding.params)
        if "other" in params:
            params["other"] = writer.place(f"{there}.{params['other']}")
        severity = "error" if finding.severity is Severity.ERROR else "warning"
        yield Remark(place, finding.message, params, severity)


def _twice(sketch: Sketch) -> Iterator[Remark]:
    seen: set[str] = set()
    for number, card in enumerate(sketch):
        name = card.name.strip().casefold()
        if name and name in seen:
            yield Remark(str(number), NAMED_TWICE, severity="warning")
        seen.add(name)


def _stored(sketch: Sketch, area: Area) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": card.name.strip()[:_LONGEST_NAME],
            "condition": to_json(group.condition),
            "exceptions": to_json(group.exception) if group.exception else None,
        }
        for card, group in zip(sketch, area.groups, strict=True)
    )

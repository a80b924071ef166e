"""What the builder shows: cards, blocks and lines with their controls, the reading, the count, the remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext

from portal.blueprints.builder.forms import control, element
from portal.levels.words import N_
from portal.screening.area import combined
from portal.screening.faults import SourceError
from portal.screening.grammar import capital
from portal.screening.reading import area_sentence
from portal.screening.sketch import Block, Card, Line, Part, Sketch, lines
from portal.screening.vocabulary import FIELDS, HEADER_FIELDS, ITEM_FIELDS, Field, Kind, Unit
from portal.screening.written import Remark, Written, others, relations
from portal.store import history
from portal.web.hits import field_value

TAKES = {
    "all": N_("All of these"),
    "any": N_("Any of these"),
    "none": N_("None of these"),
    "not_all": N_("Not all of these together"),
}
RELATIONS = {
    "in": N_("is one of"),
    "in_list": N_("is in the list"),
    "starts_with": N_("begins with"),
    "contains": N_("contains"),
    "<": N_("is less than"),
    "<=": N_("is at most"),
    ">": N_("is more than"),
    ">=": N_("is at least"),
    "between": N_("is from … to"),
    "missing": N_("is not given"),
    "differs_from": N_("differs from"),
    "equals_field": N_("is the same as"),
}
_OF_DATES = {
    "<": N_("is before"),
    "<=": N_("is on or before"),
    ">": N_("is after"),
    ">=": N_("is on or after"),
}
_UNITS = {
    Unit.KILOGRAM: N_("kg"),
    Unit.PERCENT: "%",
    Unit.CURRENCY: N_("in its currency"),
    Unit.CURRENCY_PER_KILOGRAM: N_("per kg"),
    Unit.NATIONAL: N_("national currency"),
}
_EXAMPLES = {"hs_code": "6403190000", "currency": "USD, EUR"}
_WIDE = 0.01

Option = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """A remark in words, with the id of the part at which it is made."""

    at: str
    where: str
    words: str
    severity: str


@dataclass(frozen=True)
class LineView:
    """A line with its controls."""

    place: str
    id: str
    number: int
    field: str
    relation: str
    values: tuple[str, ...]
    control: str
    kind: str
    unit: str
    example: str
    relations: tuple[Option, ...]
    choices: tuple[Option, ...]
    remarks: tuple[Said, ...]
    is_line: bool = True

    @property
    def wrong(self) -> bool:
        return any(said.severity == "fault" for said in self.remarks)

    @property
    def text(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        return self.values[1] if len(self.values) > 1 else ""

    @property
    def rows(self) -> int:
        """As many rows as the values need, up to six."""
        return min(6, 1 + len(self.text) // 42 + self.text.count("\n"))


@dataclass(frozen=True)
class BlockView:
    """A block with what it holds."""

    place: str
    id: str
    takes: str
    parts: tuple[LineView | BlockView, ...]
    remarks: tuple[Said, ...]
    is_line: bool = False


@dataclass(frozen=True)
class CardView:
    """A group of indicators."""

    place: str
    id: str
    number: int
    name: str
    condition: BlockView
    exceptions: BlockView | None
    remarks: tuple[Said, ...]


@dataclass(frozen=True)
class Count:
    """What the area hits in the history of the acting authority."""

    hit: int
    items: int

    @property
    def share(self) -> float | None:
        return self.hit / self.items if self.items else None

    @property
    def wide(self) -> bool:
        return (self.share or 0) > _WIDE


class Shown:
    """A sketch as the page shows it."""

    def __init__(self, sketch: Sketch, written: Written, list_names: tuple[str, ...], strict: bool) -> None:
        self._written = written
        self._lists = list_names
        self._numbers = {place: number for number, place in enumerate(_numbered(sketch), 1)}
        self._sketch = sketch
        visible = [each for each in written.remarks if strict or each.severity != "incomplete"]
        self.remarks = tuple(self._said(remark) for remark in visible)
        self.incomplete = sum(each.severity == "incomplete" for each in written.remarks)
        self.cards = tuple(self._card(number, card) for number, card in enumerate(sketch))

    @property
    def faults(self) -> tuple[Said, ...]:
        return tuple(said for said in self.remarks if said.severity == "fault")

    @property
    def reading(self) -> str | None:
        """The area in words; None while something is at fault, empty without groups."""
        if self._written.area is None:
            return None
        return area_sentence(self._written.area, str(get_locale())) if self._written.area.groups else ""

    def count(self) -> Count | None:
        """Count over the history in scope; None when there is no condition, or no file can be read."""
        area = self._written.area
        if area is None or not area.groups:
            return None
        try:
            return Count(*history.count(combined(area.groups)))
        except SourceError:
            return None

    def _said(self, remark: Remark) -> Said:
        params = {name: self._param(name, value) for name, value in remark.params.items()}
        severity = "fault" if remark.severity == "incomplete" else remark.severity
        words = capital(gettext(remark.message) % params)
        return Said(element(remark.place), self._where(remark.place), words, severity)

    def _param(self, name: str, value: object) -> object:
        return self._where(str(value)) if name == "other" else value

    def _where(self, place: str) -> str:
        """How a person finds a part: by its line, or by the first line that it holds."""
        if place in self._numbers:
            return str(gettext("line %(number)s", number=self._numbers[place]))
        inside = [number for line, number in self._numbers.items() if line.startswith(f"{place}.")]
        if place.isdigit() or not inside:
            number = int(place.split(".")[0]) + 1 if place else 1
            return str(gettext("group %(number)s", number=number))
        return str(gettext("the block from line %(number)s", number=inside[0]))

    def _at(self, place: str) -> tuple[Said, ...]:
        return tuple(said for said in self.remarks if said.at == element(place))

    def _card(self, number: int, card: Card) -> CardView:
        place = str(number)
        exceptions = None if card.exceptions is None else self._block(card.exceptions, f"{place}.exceptions")
        condition = self._block(card.condition, f"{place}.condition")
        return CardView(place, element(place), number + 1, card.name, condition, exceptions, self._at(place))

    def _block(self, block: Block, place: str) -> BlockView:
        parts = tuple(self._part(part, f"{place}.{number}") for number, part in enumerate(block.parts))
        return BlockView(place, element(place), block.takes, parts, self._at(place))

    def _part(self, part: Part, place: str) -> LineView | BlockView:
        return self._line(part, place) if isinstance(part, Line) else self._block(part, place)

    def _line(self, line: Line, place: str) -> LineView:
        known = FIELDS.get(line.field)
        return LineView(
            place=place,
            id=element(place),
            number=self._numbers[place],
            field=line.field,
            relation=line.relation,
            values=line.values,
            control=control(line),
            kind=known.kind.value if known else "",
            unit=_unit(known),
            example=_example(known, line.relation),
            relations=tuple((op, _relation(op, known)) for op in relations(line.field)),
            choices=self._choices(line),
            remarks=self._at(place),
        )

    def _choices(self, line: Line) -> tuple[Option, ...]:
        match control(line):
            case "ticks":
                return tuple((code, field_value(line.field, code)) for code in FIELDS[line.field].choices)
            case "list":
                return tuple((name, name) for name in dict.fromkeys((*self._lists, *line.values)) if name)
            case "field":
                return tuple((name, _label(name)) for name in others(line.field))
        return ()


def _numbered(sketch: Sketch) -> Iterator[str]:
    return (place for place, _ in lines(sketch))


def fields() -> list[tuple[str, list[Option]]]:
    """The fields of a declaration under their two headings."""
    return [
        (gettext("Goods item"), [(name, _label(name)) for name in ITEM_FIELDS]),
        (gettext("Declaration"), [(name, _label(name)) for name in HEADER_FIELDS]),
    ]


def _label(name: str) -> str:
    return capital(gettext(FIELDS[name].label))


def _relation(op: str, known: Field | None) -> str:
    dated = known is not None and known.kind is Kind.DATE
    return str(gettext(_OF_DATES[op] if dated and op in _OF_DATES else RELATIONS[op]))


def _unit(known: Field | None) -> str:
    return gettext(_UNITS[known.unit]) if known and known.unit in _UNITS else ""


def _example(known: Field | None, relation: str) -> str:
    if relation == "starts_with" and known is not None and known.name == "hs_code":
        return "61, 6401–6405"
    if known is None or known.kind is not Kind.TEXT:
        return ""
    return "CN, TR" if known.name.endswith("_country") else _EXAMPLES.get(known.name, "")


def told(faults: Any) -> list[tuple[str, str]]:
    """Faults of a text that was pasted: their place and words."""
    return [(fault.place, capital(gettext(fault.message) % _texts(fault.params))) for fault in faults]


def _texts(params: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}

"""A declaration as it is presented: a header with its items, and its form in JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.screening.values import ItemValue, item_value, plain
from portal.screening.vocabulary import FIELDS, STAGES, STORED

Values = dict[str, ItemValue]

MOST_ITEMS = 999
_ABSENT = {field.name: field.absent_as for field in STORED if field.absent_as is not None}


@dataclass(frozen=True, slots=True)
class Presented:
    """One declaration: header fields and 1 to 999 items; a missing value has no entry.

    A header field that differs between the rows of a flat file stands on its items, so that each item is
    judged by its own row.
    """

    declaration_id: str
    header: Values
    items: tuple[Values, ...]

    @property
    def stage(self) -> str:
        """The stage; where the rows differ, that of the first."""
        return str(self.header.get("stage") or self.items[0].get("stage") or "registration")

    @property
    def day(self) -> date | None:
        """The registration date, when it was given."""
        given = self.header.get("date")
        return given if isinstance(given, date) else None


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs from the one given before; `item_no` is None for the header, a missing value empty."""

    item_no: int | None
    field: str
    before: str
    after: str

    def to_json(self) -> dict[str, Any]:
        return {"item_no": self.item_no, "field": self.field, "before": self.before, "after": self.after}


def from_rows(rows: Iterable[Mapping[str, ItemValue]]) -> tuple[Presented, ...]:
    """Gather the rows of a flat table into declarations, in the order in which each first appears."""
    gathered: dict[str, list[Values]] = {}
    for row in rows:
        values: Values = {
            name: value
            for name, value in row.items()
            if value is not None and value != "" and value != _ABSENT.get(name)
        }
        gathered.setdefault(str(values["declaration_id"]), []).append(values)
    return tuple(_gathered(name, given) for name, given in gathered.items())


def _gathered(declaration_id: str, rows: list[Values]) -> Presented:
    first = rows[0]
    shared = {
        name
        for name, value in first.items()
        if not FIELDS[name].per_item and all(row.get(name) == value for row in rows)
    }
    header = {name: first[name] for name in first if name in shared and name != "declaration_id"}
    items: list[Values] = []
    for position, row in enumerate(rows, 1):
        own = {name: value for name, value in row.items() if name not in shared and name != "declaration_id"}
        item: Values = {"item_no": position, **own}
        items.append(item)
    return Presented(declaration_id, header, tuple(items))


def to_json(values: Values) -> dict[str, str]:
    """Write values as texts: equal values give equal texts."""
    return {name: _written(value) for name, value in sorted(values.items()) if value is not None}


def from_json(texts: Mapping[str, str]) -> Values:
    """Read what `to_json` wrote."""
    return {name: item_value(FIELDS[name], text) for name, text in texts.items()}  # type: ignore[misc]


def _written(value: ItemValue) -> str:
    if isinstance(value, Decimal):
        return f"{plain(value):f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def later(stage: str, than: str) -> bool:
    """Tell whether a stage comes after another."""
    return STAGES.index(stage) > STAGES.index(than)


def completed(given: Presented, header: Mapping[str, str], items: Iterable[Mapping[str, str]]) -> Presented:
    """Fill what was not given again from what was given at an earlier stage (procedure §9, "one window")."""
    before = {int(item["item_no"]): from_json(item) for item in items}
    filled = tuple({**before.get(_number(item), {}), **item} for item in given.items)
    return Presented(given.declaration_id, {**from_json(header), **given.header}, filled)


def changes(
    given: Presented, header: Mapping[str, str], items: Iterable[Mapping[str, str]]
) -> tuple[Change, ...]:
    """Say what differs from a header and items written by `to_json`; a whole item, field by field."""
    before = {int(item["item_no"]): item for item in items}
    after = {_number(item): to_json(item) for item in given.items}
    found = list(_differences(None, header, to_json(given.header)))
    for number in sorted({*before, *after}):
        found += _differences(number, before.get(number, {}), after.get(number, {}))
    return tuple(found)


def _number(item: Values) -> int:
    number = item["item_no"]
    assert isinstance(number, int)  # every item is numbered when it is gathered
    return number


def _differences(number: int | None, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in FIELDS:
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Change(number, name, old, new)

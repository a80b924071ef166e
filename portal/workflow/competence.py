"""Which directions of activity a text touches: the units that must endorse it (procedure §5 A2, §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.levels.words import N_

DIRECTIONS: dict[int, str] = {
    1: N_("Goods nomenclature"),
    2: N_("Origin"),
    3: N_("Trade restrictions and export control"),
    4: N_("Intellectual property"),
    5: N_("Currency control"),
    6: N_("Customs value"),
    7: N_("Customs payments"),
    8: N_("Customs procedures and control"),
    9: N_("Fissile and radioactive materials"),
}

#: The direction in whose competence a field of a declaration lies (ours).
BY_FIELD: dict[str, int] = {
    "hs_code": 1,
    "goods_description": 1,
    "origin_country": 2,
    "origin_marking": 2,
    "preference": 2,
    "currency": 5,
    "payment_type": 5,
    "item_price": 6,
    "customs_value": 6,
    "value_per_kg": 6,
    "tax_rate": 7,
    "tax_type": 7,
    "payments": 7,
    "procedure": 8,
    "direction": 8,
    "import_type": 8,
    "import_use": 8,
}

#: The direction in whose competence a measure lies (ours).
BY_MEASURE: dict[str, int] = {"112": 4, "615": 6}


def fields_in(condition: object) -> Iterator[str]:
    """Every field that a condition names, in the order of the tree; parts that are no condition are passed over."""
    if isinstance(condition, Mapping):
        for key in ("field", "other"):
            if isinstance(condition.get(key), str):
                yield condition[key]
        for key in ("all", "any", "not"):
            yield from fields_in(condition.get(key))
    elif isinstance(condition, list):
        for part in condition:
            yield from fields_in(part)


def touched_directions(text: Mapping[str, Any]) -> frozenset[int]:
    """The directions of activity that the indicators, exceptions or measures of a text touch."""
    found: set[int] = set()
    for group in text.get("groups", ()):
        for part in (group.get("condition"), group.get("exceptions")):
            found.update(BY_FIELD[name] for name in fields_in(part) if name in BY_FIELD)
    for measure in text.get("measures", ()):
        if measure.get("code") in BY_MEASURE:
            found.add(BY_MEASURE[measure["code"]])
    return frozenset(found)


def touched_units(
    text: Mapping[str, Any], units: Mapping[int, frozenset[int]], own: int | None
) -> frozenset[int]:
    """Ids of the units, other than the unit `own`, in whose directions the text lies.

    Args:
        units: directions of activity by unit id; the coordination unit has none and is never touched.
    """
    touched = touched_directions(text)
    return frozenset(unit for unit, directions in units.items() if unit != own and directions & touched)

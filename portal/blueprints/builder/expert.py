"""Reads the groups of indicators that an expert wrote as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.levels.words import N_
from portal.screening.area import Area, parse_area
from portal.screening.conditions import UNKNOWN_KEY, Lists, load, shown, to_json
from portal.screening.faults import ConditionError, Fault

NOT_GROUPS = N_("needs a list of groups, each with `name`, `condition` and, if there are any, `exceptions`")
_KEYS = ("name", "condition", "exceptions")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Pasted:
    """What was pasted: its canonical groups, or its faults with their places in it."""

    area: Area | None
    groups: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]


def spelled(groups: Sequence[Any]) -> str:
    """Groups as a person reads JSON."""
    return json.dumps(list(groups), ensure_ascii=False, indent=2)


def read(text: str, lists: Lists) -> Pasted:
    """Read groups of indicators from JSON."""
    try:
        raw = load(text)
        if not isinstance(raw, list):
            return Pasted(None, (), (Fault("", NOT_GROUPS),))
        faults = [fault for number, group in enumerate(raw) for fault in _shape(number, group)]
        if faults:
            return Pasted(None, (), tuple(faults))
        area = _area(raw, lists)
    except ConditionError as error:
        return Pasted(None, (), tuple(_renamed(fault) for fault in error.faults))
    return Pasted(area, tuple(_stored(raw, area)), ())


def _area(raw: list[Any], lists: Lists) -> Area:
    if not raw:
        return Area()
    groups = [{"condition": group["condition"], "exception": group.get("exceptions")} for group in raw]
    return parse_area({"groups": groups, "questions": []}, lists)


def _shape(number: int, group: object) -> list[Fault]:
    place = f"groups[{number}]"
    if not isinstance(group, dict) or "condition" not in group or not isinstance(group.get("name", ""), str):
        return [Fault(place, NOT_GROUPS)]
    return [Fault(place, UNKNOWN_KEY, {"key": shown(key)}) for key in group if key not in _KEYS]


def _renamed(fault: Fault) -> Fault:
    return Fault(fault.place.replace("].exception", "].exceptions", 1), fault.message, fault.params)


def _stored(raw: list[Any], area: Area) -> list[dict[str, Any]]:
    return [
        {
            "name": str(given.get("name", "")).strip()[:_LONGEST_NAME],
            "condition": to_json(group.condition),
            "exceptions": to_json(group.exception) if group.exception else None,
        }
        for given, group in zip(raw, area.groups, strict=True)
    ]

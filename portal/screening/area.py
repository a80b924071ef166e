"""The risk area of a profile: groups of indicators, each with its exception, besides what an officer answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.levels.words import N_
from portal.screening.conditions import UNKNOWN_KEY, Lists, load, parse, shown, to_json
from portal.screening.faults import ConditionError, Fault
from portal.screening.tree import All, Any_, Node, Not
from portal.screening.values import storable

MOST_GROUPS = 100

NOT_AN_AREA = N_("needs an object with `groups` and `questions`")
NEEDS_GROUPS = N_("needs a list of at most %(limit)d groups")
NOT_A_GROUP = N_("needs an object with `condition` and, if there is one, `exception`")
NEEDS_QUESTIONS = N_("needs a list of texts")
NOTHING = N_("has neither a group of indicators nor a question")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of indicators and what it does not apply to (procedure §1, "exception")."""

    condition: Node
    exception: Node | None = None

    @property
    def node(self) -> Node:
        """The group as one condition."""
        return All((self.condition, Not(self.exception))) if self.exception else self.condition


@dataclass(frozen=True, slots=True)
class Area:
    """A risk area (procedure §3.2): any of the groups hits, then the officer answers the `questions`."""

    groups: tuple[Group, ...] = ()
    questions: tuple[str, ...] = ()


def combined(groups: Sequence[Group]) -> Node:
    """Return the condition that any group holds.

    Raises ValueError when there is no group: a profile found by the officer alone has no condition.
    """
    if not groups:
        raise ValueError("an area without groups has no condition")
    return groups[0].node if len(groups) == 1 else Any_(tuple(group.node for group in groups))


def parse_area(document: object, lists: Lists | None = None) -> Area:
    """Read `{"groups": [{"condition": …, "exception": …}], "questions": ["…"]}`, as text or parsed.

    Raises ConditionError with every fault and its place, such as `groups[0].exception.all[1].value`.
    """
    raw = load(document) if isinstance(document, str | bytes) else document
    if not isinstance(raw, dict):
        raise ConditionError([Fault("", NOT_AN_AREA)])
    faults = _strangers(raw, ("groups", "questions"), "")
    area = Area(_groups(raw.get("groups", []), lists, faults), _questions(raw.get("questions", []), faults))
    if not faults and not area.groups and not area.questions:
        faults.append(Fault("", NOTHING))
    if faults:
        raise ConditionError(faults)
    return area


def area_to_json(area: Area) -> dict[str, Any]:
    """Write an area as JSON-ready data; equal areas give equal data."""
    return {
        "groups": [
            {"condition": to_json(group.condition)}
            | ({"exception": to_json(group.exception)} if group.exception else {})
            for group in area.groups
        ],
        "questions": list(area.questions),
    }


def _strangers(raw: Mapping[Any, Any], known: tuple[str, ...], place: str) -> list[Fault]:
    return [Fault(place, UNKNOWN_KEY, {"key": shown(key)}) for key in raw if key not in known]


def _groups(raw: object, lists: Lists | None, faults: list[Fault]) -> tuple[Group, ...]:
    if not isinstance(raw, list) or len(raw) > MOST_GROUPS:
        faults.append(Fault("groups", NEEDS_GROUPS, {"limit": MOST_GROUPS}))
        return ()
    read = [_group(each, f"groups[{index}]", lists, faults) for index, each in enumerate(raw)]
    return tuple(group for group in read if group is not None)


def _group(raw: object, place: str, lists: Lists | None, faults: list[Fault]) -> Group | None:
    if not isinstance(raw, dict) or "condition" not in raw:
        faults.append(Fault(place, NOT_A_GROUP))
        return None
    faults += _strangers(raw, ("condition", "exception"), place)
    condition = _part(raw["condition"], f"{place}.condition", lists, faults)
    given = raw.get("exception")
    exception = None if given is None else _part(given, f"{place}.exception", lists, faults)
    return Group(condition, exception) if condition else None


def _part(raw: object, place: str, lists: Lists | None, faults: list[Fault]) -> Node | None:
    if isinstance(raw, str | bytes):
        faults.append(Fault(place, NOT_A_GROUP))
        return None
    try:
        return parse(raw, lists)
    except ConditionError as error:
        faults += [
            Fault(f"{place}.{each.place}" if each.place else place, each.message, each.params)
            for each in error.faults
        ]
        return None


def _questions(raw: object, faults: list[Fault]) -> tuple[str, ...]:
    if not isinstance(raw, list):
        faults.append(Fault("questions", NEEDS_QUESTIONS))
        return ()
    found = [storable(each, f"questions[{index}]") for index, each in enumerate(raw)]
    faults += [fault for fault in found if fault]
    return tuple(each for each in raw if isinstance(each, str))

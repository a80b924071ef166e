"""Reads the risk area out of the text of a profile."""

from collections.abc import Mapping
from typing import Any

from portal.screening.area import Area, parse_area
from portal.screening.conditions import Lists


def area_of(text: Mapping[str, Any], lists: Lists | None = None) -> Area:
    """Read the groups, exceptions and questions of a profile's text.

    Raises ConditionError as `parse_area` does.
    """
    groups = [
        {"condition": group["condition"], "exception": group.get("exceptions")} for group in text["groups"]
    ]
    return parse_area({"groups": groups, "questions": list(text["questions"])}, lists)


class AnyList(Mapping[str, frozenset[str]]):
    """Maintained lists of any name, empty: enough to read a condition aloud, which names a list and not its members."""

    def __getitem__(self, name: str) -> frozenset[str]:
        return frozenset()

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 1

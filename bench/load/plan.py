"""What the generator knows of the portal: its officers with their sessions, and what there is for them to open."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

#: Posts whose holders open drafts, profiles and registers.
OFFICE = frozenset({"officer", "unit_head", "registrar", "first_deputy", "deputy_head", "head"})


@dataclass(frozen=True)
class Person:
    """An officer; `house` is the customs house to which his authority belongs, or the authority itself."""

    login: str
    post: str
    code: str
    level: str
    house: str
    cookie: str


@dataclass(frozen=True)
class Plan:
    """The portal as far as visitors need to know it.

    Attributes:
        declarations: by code of the point, ids of those that wait and of those released.
        checks: code and id of declarations with a measure that waits for its result.
        drafts: code, id and login of the author of drafts that are being written.
        profiles: code of the owner and id.
        publications: code of an authority and id of a profile that it may read in the directory.
        asset: address of the style sheet, and the mark of what it holds.
    """

    password: str
    asset: tuple[str, str]
    people: tuple[Person, ...]
    declarations: dict[str, tuple[list[int], list[int]]]
    checks: tuple[tuple[str, int], ...]
    drafts: tuple[tuple[str, int, str], ...]
    profiles: tuple[tuple[str, int], ...]
    publications: tuple[tuple[str, int], ...]

    @cached_property
    def at(self) -> dict[tuple[str, str], list[Person]]:
        """Who may be met at an authority: by its code and his post; "office" stands for all posts of the office."""
        found: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
        for one in self.people:
            found[one.code, one.post].append(one)
            if one.post in OFFICE and one.level != "union":
                found[one.code, "office"].append(one)
        return dict(found)

    @cached_property
    def by_login(self) -> dict[str, Person]:
        return {one.login: one for one in self.people}

    def share(self, house: str) -> float:
        """Which part of all officers serves at a house and its points."""
        return sum(1 for one in self.people if one.house == house) / len(self.people)

    def part(self, keeps: Callable[[str], bool]) -> Plan:
        """The same for the officers of some houses alone, with what is theirs to open."""
        people = tuple(one for one in self.people if keeps(one.house))
        codes = {one.code for one in people}
        return replace(
            self,
            people=people,
            declarations={code: ids for code, ids in self.declarations.items() if code in codes},
            checks=tuple(one for one in self.checks if one[0] in codes),
            drafts=tuple(one for one in self.drafts if one[0] in codes),
            profiles=tuple(one for one in self.profiles if one[0] in codes),
            publications=tuple(one for one in self.publications if one[0] in codes),
        )


def write(plan: Plan, file: Path) -> None:
    file.write_text(json.dumps(asdict(plan)), encoding="utf-8")


def read(file: Path) -> Plan:
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["people"] = tuple(Person(**one) for one in kept["people"])
    for name in ("checks", "drafts", "profiles", "publications"):
        kept[name] = tuple(tuple(one) for one in kept[name])
    kept["declarations"] = {code: tuple(ids) for code, ids in kept["declarations"].items()}
    return Plan(**kept | {"asset": tuple(kept["asset"])})

"""Runs the profiles in force over declarations as they are presented at a point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.levels.words import N_
from portal.models import Declaration, Hit
from portal.operations import selection
from portal.operations.profiles_at import Ready, ready
from portal.screening import presented
from portal.screening.faults import Params
from portal.screening.presented import Change, Presented
from portal.screening.selection import Channel
from portal.screening.single import ItemHit
from portal.store import authorities, declarations
from portal.store.session import session

NEW, UPDATED, UNCHANGED, REFUSED = "new", "updated", "unchanged", "refused"

RELEASED = N_("it was released already, and what is presented now differs")
EARLIER_STAGE = N_("it has passed that stage already")
TOO_MANY_ITEMS = N_("it has more than 999 items")
TO_COME = N_("its registration date lies ahead")
UNTOLD = N_("no measure was selected, but an item has no commodity code: an officer decides")
NO_PLACE = N_("Declarations are presented at a customs point or house")
CLOSED = N_("the authority is closed; it is presented to its successor")


class NotPresentedHere(ValueError):
    """Declarations were to be screened at an authority that takes none, or is out of scope."""


@dataclass(frozen=True)
class Screened:
    """What became of one declaration.

    Attributes:
        outcome: "new", "updated", "unchanged" or "refused".
        pk: the stored declaration; None when it was refused and none is known.
        refusal: why it was refused, an English msgid.
        changes: what differs from what was given before.
    """

    declaration_id: str
    outcome: str
    pk: int | None = None
    channel: str = ""
    reason: str = ""
    params: Params = field(default_factory=dict)
    hits: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    questions: int = 0
    control: bool = False
    released: bool = False
    refusal: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of all, and the numbers of profiles in force that cannot be judged."""

    screened: tuple[Screened, ...]
    unusable: tuple[str, ...] = ()

    def by_channel(self) -> dict[str, int]:
        """How many declarations stand in each channel; those refused in none."""
        found = [each.channel for each in self.screened if each.outcome != REFUSED]
        return {channel.value: found.count(channel.value) for channel in Channel}


def screen(given: Iterable[Presented], path: str, at: datetime) -> Result:
    """Screen declarations presented at the authority at `path`, and store them there (procedure §9).

    A declaration that is known is judged again only when its content or stage changed. What needs no officer is
    released at once. Of two with one id in the same call the later counts as presented after the earlier.

    Raises:
        NotPresentedHere: the authority takes no declarations, or is out of scope.
    """
    place = authorities.by_path(path)
    if place is None or place.level not in ("regional", "point"):
        raise NotPresentedHere(NO_PLACE)
    each = tuple(given)
    if place.closed(at):
        return Result(tuple(Screened(one.declaration_id, REFUSED, refusal=CLOSED) for one in each))
    today = at.astimezone(ZoneInfo(place.zone)).date()
    prepared = ready(path, today)
    known = declarations.known(path, {one.declaration_id for one in each})
    found = []
    for one in each:
        work = _Presentation(one, path, at, today, prepared, known.get(one.declaration_id))
        found.append(work.screened())
        if work.row is not None:
            known[one.declaration_id] = work.row
    return Result(tuple(found), prepared.unusable)


@dataclass
class _Presentation:
    """One declaration on its way, and the row that it becomes."""

    given: Presented
    path: str
    at: datetime
    today: date
    prepared: Ready
    row: Declaration | None

    def screened(self) -> Screened:
        if len(self.given.items) > presented.MOST_ITEMS:
            return self.refused(TOO_MANY_ITEMS)
        if self.given.day is not None and self.given.day > self.today and self.given.stage != "preliminary":
            return self.refused(TO_COME)
        if self.row is None:
            self.row = self.fresh()
            self.judge(())
            return self.report(NEW)
        if presented.later(self.row.stage, self.given.stage):
            return self.refused(EARLIER_STAGE)
        if self.given.stage != self.row.stage:
            self.given = presented.completed(self.given, self.row.header, self.row.items)
        changes = presented.changes(self.given, self.row.header, self.row.items)
        if not changes:
            return self.report(UNCHANGED)
        if self.row.released_at is not None:
            return self.refused(RELEASED)
        self.fill(self.row)
        self.judge(changes)
        return replace(self.report(UPDATED), changes=changes)

    def fresh(self) -> Declaration:
        row = Declaration(
            authority_path=self.path,
            declaration_id=self.given.declaration_id,
            arrived_at=self.at,
            channel=Channel.GREEN.value,
            hits=[],
            checks=[],
        )
        self.fill(row)
        session().add(row)
        return row

    def fill(self, row: Declaration) -> None:
        row.stage = self.given.stage
        row.registered_on = self.given.day or self.today
        row.header = presented.to_json(self.given.header)
        row.items = [presented.to_json(item) for item in self.given.items]
        row.screened_at = self.at

    def judge(self, changes: tuple[Change, ...]) -> None:
        """Store the hits, choose the channel, and release what needs no officer."""
        assert self.row is not None
        found = {
            hit.profile: hit.items
            for hit in self.prepared.screener.screen(self.given.header, self.given.items)
        }
        present = {hit.publication_id: hit for hit in self.row.hits}
        for publication_id, hit in present.items():
            items = found.pop(publication_id, ())
            if hit.indicators or items:  # what an officer found himself has no indicators, and stays
                hit.items, hit.indicators = numbers(items), fired(items)
        for publication_id, items in found.items():
            self.row.hits.append(hit_of(self.row, self.prepared, publication_id, items))
        session().flush()
        selection.choose(self.row, self.measures())
        if self.calm() and not self.told():
            self.row.reason = {"words": UNTOLD, "params": {}}
        if changes:
            self.row.reason = {**self.row.reason, "changes": [change.to_json() for change in changes]}
        if self.needs_nobody():
            self.row.released_at = self.at
        session().flush()

    def measures(self) -> Mapping[int, Any]:
        """The measures of every profile that hits, also of those that left the directory since."""
        assert self.row is not None
        return declarations.measures_of(self.row)

    def needs_nobody(self) -> bool:
        """Whether it is released without an officer: calm, registered, and told well enough to be judged."""
        assert self.row is not None
        return self.calm() and self.told() and self.row.stage != "preliminary"

    def calm(self) -> bool:
        """Green, and not in the control group."""
        assert self.row is not None
        return self.row.channel == Channel.GREEN and not self.row.control_group

    def told(self) -> bool:
        """Whether each item has the commodity code by which profiles find goods (ours, to procedure §9)."""
        return all("hs_code" in item for item in self.given.items)

    def refused(self, why: str) -> Screened:
        pk = self.row.id if self.row is not None else None
        return Screened(self.given.declaration_id, REFUSED, pk, refusal=why)

    def report(self, outcome: str) -> Screened:
        row = self.row
        assert row is not None
        standing = [hit for hit in row.hits if declarations.standing(hit)]
        return Screened(
            row.declaration_id,
            outcome,
            row.id,
            row.channel,
            row.reason["words"],
            row.reason["params"],
            tuple(hit.profile_number for hit in standing),
            tuple(check.measure for check in declarations.to_apply(row)),
            sum(len(declarations.open_questions(hit)) for hit in standing),
            row.control_group,
            row.released_at is not None,
        )


def hit_of(row: Declaration, prepared: Ready, publication_id: int, items: tuple[ItemHit, ...]) -> Hit:
    """The hit of a profile in force; an officer's own has no items of the software's."""
    profile = prepared.profiles[publication_id]
    return Hit(
        authority_path=row.authority_path,
        publication_id=publication_id,
        profile_number=profile.number,
        profile_version=profile.version,
        profile_title=profile.title,
        items=numbers(items) or [int(item["item_no"]) for item in row.items],
        indicators=fired(items),
        questions=list(profile.text["questions"]),
        answers=[],
    )


def numbers(items: tuple[ItemHit, ...]) -> list[int]:
    """The numbers of the items that were hit, each once."""
    return sorted({item.item_no for item in items})


def fired(items: tuple[ItemHit, ...]) -> list[dict[str, Any]]:
    """What fired, as it is stored."""
    return [{"item": item.item_no, "group": item.group, "fired": list(item.fired)} for item in items]

"""The life of union risk information: circulated by the union, answered by each centre (procedure §7, scope 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.levels.roles import Post
from portal.levels.words import N_
from portal.workflow.engine import Incomplete, NotHolder, NotInTable
from portal.workflow.seats import Actor, Seat
from portal.workflow.statuses import Meaning


class I(StrEnum):  # noqa: E742 - D, P and I name the statuses of drafts, profiles and information
    """Where risk information stands, for the union and for one state."""

    DRAFTED = "drafted"
    CIRCULATED = "circulated"
    NOTED = "noted"
    ADOPTED = "adopted"
    DECLINED = "declined"


MEANINGS: dict[I, Meaning] = {
    I.DRAFTED: Meaning(N_("Being written"), N_("Only the union sees it."), "grey"),
    I.CIRCULATED: Meaning(
        N_("Circulated"), N_("Each centre notes it, adopts it or declines it; it binds nobody."), "amber"
    ),
    I.NOTED: Meaning(N_("Noted"), N_("The centre has taken note and may still adopt or decline it."), "blue"),
    I.ADOPTED: Meaning(N_("Adopted"), N_("A national draft has been begun from it."), "green", final=True),
    I.DECLINED: Meaning(N_("Declined"), N_("The centre has declined it, with a reason."), "red", final=True),
}

SEATS: dict[str, Seat] = {
    "union_coordinator": Seat(N_("Union coordinator"), (Post.UNION_COORDINATOR,), "union"),
    "central_coordination": Seat(
        N_("Central coordination unit"), (Post.REGISTRAR, Post.UNIT_HEAD), "centre", "coordination"
    ),
    "central_coordination_head": Seat(
        N_("Head of the central coordination unit"), (Post.UNIT_HEAD,), "centre", "coordination"
    ),
    "central_officer": Seat(N_("Officer of a central unit"), (Post.OFFICER,), "centre", "structural"),
}


@dataclass(frozen=True)
class Step:
    """One line of the table; `target` is None when the information stays where it is."""

    name: str
    label: str
    sources: tuple[I, ...]
    target: I | None
    seat: str
    carries: tuple[str, ...] = ()
    rule: str = N_("procedure §7, scope 10")
    danger: bool = False


MOVES: tuple[Step, ...] = (
    Step("change", N_("Change"), (I.DRAFTED,), None, "union_coordinator"),
    Step("circulate", N_("Circulate to the states"), (I.DRAFTED,), I.CIRCULATED, "union_coordinator"),
    Step("note", N_("Take note"), (I.CIRCULATED,), I.NOTED, "central_coordination"),
    Step("adopt", N_("Adopt: begin a national draft"), (I.CIRCULATED, I.NOTED), I.ADOPTED, "central_officer"),
    Step(
        "decline", N_("Decline with reason"), (I.CIRCULATED, I.NOTED), I.DECLINED,
        "central_coordination_head", ("reason",), danger=True,
    ),
)  # fmt: skip


def fills(seat_name: str, actor: Actor) -> bool:
    """True when one of the actor's posts fills the seat; posts are those at the acting authority."""
    seat = SEATS[seat_name]
    for held in actor.posts:
        fits = {"": True, "coordination": held.coordination, "structural": not held.coordination}[seat.unit]
        if held.post in seat.posts and fits:
            return True
    return False


def available(status: I, actor: Actor) -> tuple[Step, ...]:
    """The acts open to an officer: the one answer for buttons and guards."""
    return tuple(move for move in MOVES if status in move.sources and fills(move.seat, actor))


def decide(status: I, actor: Actor, name: str, carried: Mapping[str, object]) -> Step:
    """The line of the table by which the act is done.

    Raises:
        NotInTable: the act does not lead from here.
        NotHolder: the officer does not fill the seat.
        Incomplete: the decision lacks something that it must carry.
    """
    move = next((m for m in MOVES if m.name == name and status in m.sources), None)
    if move is None:
        raise NotInTable(name)
    if not fills(move.seat, actor):
        raise NotHolder(name)
    lacking = tuple(field for field in move.carries if not carried.get(field))
    if lacking:
        raise Incomplete(lacking)
    return move

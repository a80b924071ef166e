"""The duties of each post and the scheme of interaction, read from the tables of the procedure (procedure §10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.levels.level import Level
from portal.levels.roles import Post
from portal.levels.signing import SCOPES
from portal.levels.words import N_
from portal.workflow import circulation, seats
from portal.workflow.clocks import LIMITS, Limit
from portal.workflow.engine import TABLES, forward
from portal.workflow.move import PORTAL, Move
from portal.workflow.profile_moves import SIGNATORY
from portal.workflow.seats import Seat
from portal.workflow.stages import limit_in
from portal.workflow.statuses import MEANINGS, Meaning, Status

INFORMATION = "information"

#: What the documents of the tables are called.
DOCUMENTS: dict[str, str] = {
    "draft": N_("Draft"),
    "profile": N_("Profile"),
    INFORMATION: N_("Union risk information"),
}


@dataclass(frozen=True)
class Duty:
    """One act of one seat.

    Attributes:
        document: a key of `DOCUMENTS`.
        sources: meanings of the statuses from which it leads.
        target: meaning of the status to which it leads, None when the document stays.
        within: the limits that run in those statuses.
        onward: seats whose turn it is afterwards, when the document moves on.
        scopes: labels of the territorial scopes for which the seat signs; empty: for all.
    """

    document: str
    seat: str
    act: str
    sources: tuple[Meaning, ...]
    target: Meaning | None
    within: tuple[Limit, ...]
    onward: tuple[str, ...]
    rule: str
    scopes: tuple[str, ...] = ()


def seat(document: str, name: str) -> Seat:
    """A seat of the table of a document."""
    return circulation.SEATS[name] if document == INFORMATION else seats.SEATS[name]


def signing_seats() -> dict[str, tuple[str, ...]]:
    """The seats of the signature table, each with the labels of the scopes for which it signs."""
    found: dict[str, tuple[str, ...]] = {}
    for line in SCOPES.values():
        found[line.signs] = (*found.get(line.signs, ()), line.label)
    return found


def all_duties() -> tuple[Duty, ...]:
    """Every act of every seat, in the order of the tables."""
    return (*_procedure(), *_circulation())


def duties_of(post: Post, level: Level) -> tuple[Duty, ...]:
    """What the holder of a post at an authority of a level does; a seat of another level is not his."""
    return tuple(
        duty
        for duty in all_duties()
        if post in (found := seat(duty.document, duty.seat)).posts and _stands_at(found, level)
    )


def handovers(level: Level | None = None) -> tuple[Duty, ...]:
    """The scheme of interaction: acts by which one seat hands a document to another, or that end its way.

    Args:
        level: only those in which a seat of this level takes part; None: all.
    """
    moving = (duty for duty in all_duties() if duty.target is not None and duty.onward)
    return tuple(
        duty
        for duty in moving
        if level is None
        or any(_stands_at(seat(duty.document, name), level) for name in (duty.seat, *duty.onward))
    )


def _stands_at(found: Seat, level: Level) -> bool:
    if found.place in ("union", "centre"):
        return level.name == {"union": "union", "centre": "central"}[found.place]
    if found.place == "rtu":
        return level.name == "regional"
    return level.name != "union"


def _procedure() -> Iterator[Duty]:
    for document, table in TABLES.items():
        for move in table:
            if move.seat != PORTAL:
                yield from _of_move(document, move)


def _of_move(document: str, move: Move) -> Iterator[Duty]:
    signing = signing_seats() if move.seat == SIGNATORY else {move.seat: ()}
    for name, scopes in signing.items():
        yield Duty(
            document,
            name,
            move.label,
            tuple(MEANINGS[source] for source in move.sources),
            MEANINGS[move.target] if move.target else None,
            _limits(move.sources),
            _onward(document, move.target),
            move.rule,
            scopes,
        )


def _limits(sources: tuple[Status, ...]) -> tuple[Limit, ...]:
    names = (limit_in(source, "profile", False) for source in sources)
    return tuple(LIMITS[name] for name in dict.fromkeys(names) if name)


def _onward(document: str, target: Status | None) -> tuple[str, ...]:
    moves = [m for m in TABLES[document] if target in m.sources and m.seat != PORTAL and _in_turn(m)]
    names: dict[str, None] = {}
    for move in moves:
        names.update(dict.fromkeys(signing_seats() if move.seat == SIGNATORY else (move.seat,)))
    return tuple(names)


def _in_turn(move: Move) -> bool:
    """True for what the status itself calls for; an act of cancellation runs beside it."""
    return forward(move) and not any(name.startswith("cancellation") for name in move.when)


def _circulation() -> Iterator[Duty]:
    for move in circulation.MOVES:
        onward = [m.seat for m in circulation.MOVES if move.target in m.sources]
        yield Duty(
            INFORMATION,
            move.seat,
            move.label,
            tuple(circulation.MEANINGS[source] for source in move.sources),
            circulation.MEANINGS[move.target] if move.target else None,
            (),
            tuple(dict.fromkeys(onward)),
            move.rule,
        )

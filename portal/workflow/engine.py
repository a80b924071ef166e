"""Reads the table of the procedure: what an officer may do with a document, and what a decision comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.levels.signing import SCOPES
from portal.levels.words import N_
from portal.workflow.move import PORTAL, SIGNED, Facts, Given, Move
from portal.workflow.moves import DRAFT_MOVES
from portal.workflow.profile_moves import PROFILE_MOVES, SIGNATORY
from portal.workflow.requirements import REQUIREMENTS
from portal.workflow.seats import SEATS, Actor, HeldPost, post_for
from portal.workflow.statuses import Status

TABLES: dict[str, tuple[Move, ...]] = {"draft": DRAFT_MOVES, "profile": PROFILE_MOVES}

OWN_DOCUMENT = N_("It is your own document: another officer must do this")
SIGNED_ALREADY = N_("You have signed this document already")
APPROVER_REGISTERS = N_("Whoever approves does not register")
UNIT_ENDORSED = N_("Your unit has endorsed this document already")

#: Acts that an author never does to his own document, beside every signature but the executor's (procedure §7).
_CLOSED_TO_AUTHOR = frozenset({"register", "agree_expedient", "approve", "cancel"})
#: Answers to the executor's own proposal: the head of department agrees, never the executor as acting head.
_OVER_THE_EXECUTOR = frozenset({"agree_expedient", "decline_proposal"})
#: Seats whose signature on a draft is an agreement; whoever gave it does not register (procedure §7).
_AGREEING = frozenset({"author_coordination_head", "first_deputy"})


class NotInTable(LookupError):
    """The document is not in a status from which the act leads, or no such act exists."""


class NotHolder(PermissionError):
    """The officer holds no seat that may make this move."""


class Hindered(ValueError):
    """The officer may make the move, but something stands against it now; `reasons` say what."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class Incomplete(ValueError):
    """The decision lacks what it must carry; `fields` name it."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Offer:
    """A move that stands open to an officer: by which post, and what still hinders it (empty: nothing)."""

    move: Move
    post: HeldPost
    hindrances: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a decision comes to: the move, the status after it, and the post by which it was made."""

    move: Move
    status: Status
    post: HeldPost | None


def seat_of(move: Move, facts: Facts) -> str:
    """The seat that makes the move for this document; the signatory is looked up by territorial scope."""
    if move.seat != SIGNATORY:
        return move.seat
    return facts.signatory or SCOPES[facts.scope].signs


def open_moves(facts: Facts) -> tuple[Move, ...]:
    """The lines of the table that lead from the document's status and whose choosing conditions hold."""
    return tuple(
        move
        for move in TABLES[facts.document]
        if facts.status in move.sources and all(REQUIREMENTS[name].holds(facts) for name in move.when)
    )


def available(facts: Facts, actor: Actor) -> tuple[Offer, ...]:
    """The moves open to an officer on a document: the one answer for buttons, guards and "awaiting me"."""
    offers = []
    for move in open_moves(facts):
        post = None if move.seat == PORTAL else post_for(seat_of(move, facts), facts.places, actor)
        if post is not None:
            offers.append(Offer(move, post, _hindrances(move, facts, actor, post)))
    return tuple(offers)


def awaited(facts: Facts, actor: Actor) -> tuple[Offer, ...]:
    """The moves forward that the document waits for this officer to make: open to him and not barred."""
    return tuple(
        offer for offer in available(facts, actor) if forward(offer.move) and not set(offer.hindrances) & BARS
    )


def awaits(facts: Facts, actor: Actor) -> bool:
    """True when the document waits for this officer."""
    return bool(awaited(facts, actor))


def decide(facts: Facts, actor: Actor, name: str, carried: Mapping[str, object]) -> Outcome:
    """What the act `name` by this officer comes to.

    Args:
        carried: what the decision holds, by the names of `CARRIES`; empty values count as absent.

    Raises:
        NotInTable: no line of the table leads from here under this name.
        NotHolder: the officer fills none of the seats.
        Hindered: a guard fails, or segregation of duties forbids it.
        Incomplete: the decision lacks something that it must carry.
    """
    named = [move for move in open_moves(facts) if move.name == name and move.seat != PORTAL]
    if not named:
        raise NotInTable(name)
    offer = next((offer for offer in available(facts, actor) if offer.move.name == name), None)
    if offer is None:
        raise NotHolder(name)
    if offer.hindrances:
        raise Hindered(offer.hindrances)
    lacking = tuple(field for field in offer.move.carries if carried.get(field) in (None, "", [], ()))
    if lacking:
        raise Incomplete(lacking)
    return Outcome(offer.move, offer.move.target or facts.status, offer.post)


def decide_by_portal(facts: Facts, name: str) -> Outcome:
    """What a move of the portal itself comes to.

    Raises:
        NotInTable: no such line leads from here.
    """
    for move in open_moves(facts):
        if move.name == name and move.seat == PORTAL:
            return Outcome(move, move.target or facts.status, None)
    raise NotInTable(name)


def waiting_for(facts: Facts) -> tuple[str, ...]:
    """Labels of the seats whose act moves the document forward now: "whose turn it is"."""
    return tuple(dict.fromkeys(SEATS[seat].label for seat in seats_in_turn(facts)))


def seats_in_turn(facts: Facts) -> tuple[str, ...]:
    """Names of the seats whose act moves the document forward now, each once."""
    seats = (seat_of(m, facts) for m in open_moves(facts) if m.seat != PORTAL and forward(m))
    return tuple(dict.fromkeys(seats))


def statuses_open_to(document: str, actor: Actor, signatories: Iterable[str]) -> frozenset[Status]:
    """The statuses in which a move may stand open to the holder of these posts, whatever the document.

    It narrows the query behind "awaiting me"; `available` then decides for each document.
    """
    held = {held.post for held in actor.posts}
    found: set[Status] = set()
    for move in TABLES[document]:
        seats = signatories if move.seat == SIGNATORY else (move.seat,)
        if any(seat != PORTAL and held & set(SEATS[seat].posts) for seat in seats):
            found.update(move.sources)
    return frozenset(found)


def forward(move: Move) -> bool:
    """Whether the move takes its document on its way, so that the document waits for it."""
    return move.name in _AWAITED_ENDS or not (move.danger or move.name in _NEVER_AWAITED)


#: Acts that stand open beside the way of a document and never wait for anyone.
_NEVER_AWAITED = frozenset(
    {
        "begin_update",
        "record_act",
        "take_back_proposal",
        "resume",
        "call_workshop",
        "replace_executor",
        "replace_author",
        "decline_cancellation",
        "refuse_cancellation",
        "reassign",
    }
)
#: Acts that end something and are yet what the document waits for.
_AWAITED_ENDS = frozenset({"cancel"})

BARS = frozenset({OWN_DOCUMENT, SIGNED_ALREADY, APPROVER_REGISTERS, UNIT_ENDORSED})


def _hindrances(move: Move, facts: Facts, actor: Actor, post: HeldPost) -> tuple[str, ...]:
    bars = tuple(_bars(move, facts, actor, post))
    needs = tuple(REQUIREMENTS[name].words for name in move.needs if not REQUIREMENTS[name].holds(facts))
    return bars + needs


def _approves(given: Given) -> bool:
    return given.on == "carrier" or given.seat in _AGREEING


def _bars(move: Move, facts: Facts, actor: Actor, post: HeldPost) -> Iterable[str]:
    """Segregation of duties (procedure §7): own documents, second signatures and second roles."""
    signs_as_other = bool(move.signs) and move.signs != "executor"
    if (signs_as_other or move.name in _CLOSED_TO_AUTHOR) and actor.officer in facts.authors:
        yield OWN_DOCUMENT
    if move.signs:
        seat, on = seat_of(move, facts), SIGNED.get(move.signs, "text")
        mine = [given for given in facts.given if given.officer == actor.officer]
        if any(given.on == on or given.seat != seat for given in mine):
            yield SIGNED_ALREADY
    if move.signs == "endorsement" and post.unit not in facts.unendorsed:
        yield UNIT_ENDORSED
    if move.name == "register" and any(g.officer == actor.officer and _approves(g) for g in facts.given):
        yield APPROVER_REGISTERS
    if move.name in _OVER_THE_EXECUTOR and facts.places.persons.get("executor") == actor.officer:
        yield OWN_DOCUMENT
    if move.name == "agree_opinion" and facts.opinion_by == actor.officer:
        yield OWN_DOCUMENT

"""The seats of the procedure: which post, in which authority and unit, acts on a document."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.levels.roles import Post
from portal.levels.words import N_


@dataclass(frozen=True)
class HeldPost:
    """One post that an officer holds today at the authority in which he acts.

    Attributes:
        path: path of the authority.
        unit: id of the structural unit, None for posts of the authority as a whole.
        coordination: whether that unit is the coordination unit.
        supervises: ids of the units that a deputy head supervises.
        acting_for: name of the officer for whom he acts, empty when the post is his own.
    """

    post: Post
    path: str
    unit: int | None = None
    coordination: bool = False
    supervises: frozenset[int] = frozenset()
    acting_for: str = ""


@dataclass(frozen=True)
class Actor:
    """An officer with the posts that he holds at the acting authority."""

    officer: int
    posts: tuple[HeldPost, ...] = ()


@dataclass(frozen=True)
class Places:
    """Where the seats of one document stand.

    Attributes:
        origin: path of the document's own authority.
        centre: path of the state's central customs.
        rtu: path of the directorate above the origin, empty when there is none.
        units: ids by role in the case: "own", "competent", "rtu" (one each) and "touched" (several).
        persons: ids of officers by role in the case: "author", "executor".
    """

    origin: str
    centre: str
    rtu: str = ""
    units: dict[str, frozenset[int]] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Seat:
    """A role in the procedure.

    Attributes:
        posts: any of these posts fills it.
        place: "origin", "centre" or "rtu": the authority where the post is held.
        unit: the unit of the case ("own", "competent", "rtu", "touched"), "coordination", "supervised", or "".
        person: the person of the case who alone fills it ("author", "executor"), or "".
    """

    label: str
    posts: tuple[Post, ...]
    place: str
    unit: str = ""
    person: str = ""


SEATS: dict[str, Seat] = {
    "author": Seat(N_("Author"), (Post.OFFICER,), "origin", person="author"),
    "touched_unit_head": Seat(N_("Head of a unit concerned"), (Post.UNIT_HEAD,), "origin", "touched"),
    "author_unit_head": Seat(N_("Head of the author's unit"), (Post.UNIT_HEAD,), "origin", "own"),
    "author_coordination_head": Seat(
        N_("Head of the coordination unit"), (Post.UNIT_HEAD,), "origin", "coordination"
    ),
    "first_deputy": Seat(N_("First deputy head for customs control"), (Post.FIRST_DEPUTY,), "origin"),
    "author_coordination": Seat(
        N_("Coordination unit of the author's authority"), (Post.REGISTRAR,), "origin", "coordination"
    ),
    "author_unit": Seat(N_("Author's unit"), (Post.OFFICER, Post.UNIT_HEAD), "origin", "own"),
    "authority_head": Seat(N_("Head of the authority"), (Post.HEAD,), "origin"),
    "central_coordination": Seat(
        N_("Central coordination unit"), (Post.REGISTRAR, Post.UNIT_HEAD), "centre", "coordination"
    ),
    "central_coordination_head": Seat(
        N_("Head of the central coordination unit"), (Post.UNIT_HEAD,), "centre", "coordination"
    ),
    "competent_unit_head": Seat(
        N_("Head of the competent central unit"), (Post.UNIT_HEAD,), "centre", "competent"
    ),
    "executor": Seat(N_("Executor"), (Post.OFFICER,), "centre", person="executor"),
    "rtu_unit": Seat(N_("Officer of the RTU unit"), (Post.OFFICER, Post.UNIT_HEAD), "rtu", "rtu"),
    "rtu_coordination": Seat(
        N_("RTU coordination unit"), (Post.REGISTRAR, Post.UNIT_HEAD), "rtu", "coordination"
    ),
    "profile_executor": Seat(N_("Executor"), (Post.OFFICER,), "origin", person="executor"),
    "profile_unit_head": Seat(N_("Head of the structural unit"), (Post.UNIT_HEAD,), "origin", "own"),
    "profile_coordination": Seat(
        N_("Coordination unit"), (Post.REGISTRAR, Post.UNIT_HEAD), "origin", "coordination"
    ),
    "profile_coordination_head": Seat(
        N_("Head of the coordination unit"), (Post.UNIT_HEAD,), "origin", "coordination"
    ),
    "service_head": Seat(N_("Head of the service"), (Post.HEAD,), "centre"),
    "supervising_deputy": Seat(
        N_("Deputy head of the service who supervises the unit"), (Post.DEPUTY_HEAD,), "centre", "supervised"
    ),
}


def post_for(seat_name: str, places: Places, actor: Actor) -> HeldPost | None:
    """The post by which the actor fills a seat of this document; None when he does not fill it.

    Raises:
        KeyError: the seat is not in the table.
    """
    seat = SEATS[seat_name]
    if seat.person and places.persons.get(seat.person) != actor.officer:
        return None
    where = {"origin": places.origin, "centre": places.centre, "rtu": places.rtu}[seat.place]
    for held in actor.posts:
        if held.post in seat.posts and held.path == where and _fits_unit(seat, places, held):
            return held
    return None


def _fits_unit(seat: Seat, places: Places, held: HeldPost) -> bool:
    if seat.unit == "":
        return True
    if seat.unit == "coordination":
        return held.coordination
    if seat.unit == "supervised":
        return bool(held.supervises & places.units.get("own", frozenset()))
    return held.unit in places.units.get(seat.unit, frozenset())

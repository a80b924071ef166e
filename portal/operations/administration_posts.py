"""Checks what a change of posts asks for, and makes it once it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.errors import Invalid, NotAllowedNow
from portal.levels.roles import Post as PostName
from portal.levels.tree import LEVELS
from portal.levels.words import N_
from portal.models import Authority, Officer, Post, Proposal, Unit
from portal.operations import administration
from portal.operations.administration import today_at
from portal.operations.administration_tree import must_be_open
from portal.store import administration as store
from portal.store import administration_tree as tree
from portal.store.session import session

ACCOUNT_CLOSED = N_("The account of the officer is closed.")
NO_SUCH_POST = N_("Authorities of this level have no such post.")
NEEDS_UNIT = N_("This post is held in a unit: choose one.")
NO_UNIT = N_("This post belongs to the authority as a whole: choose no unit.")
NOT_HERE = N_("Choose an open unit of this authority.")
COORDINATION = N_("Registrars serve in the coordination unit.")
ORDER = N_("The last day must not lie before the first.")
PASSED = N_("The period has passed: decline the proposal.")
HELD = N_("The officer holds this post there already.")
HIMSELF = N_("Nobody acts for himself.")
ENDED = N_("The post has ended already.")
NOT_LONGER = N_("The post ends before that day already.")
OPEN = N_("The account is open.")


@dataclass(frozen=True)
class Wanted:
    """A post to be given.

    Attributes:
        until: the last day; None for no end.
        acting_for: name of the absent officer, empty for a post of his own.
        supervises: ids of the units that a deputy head supervises.
    """

    post: PostName
    since: date
    until: date | None = None
    unit: Unit | None = None
    acting_for: str = ""
    supervises: Sequence[int] = field(default=())


def check(officer: Officer, authority: Authority, wanted: Wanted) -> None:
    """Refuse a post that cannot be given.

    Raises:
        NotAllowedNow: the account or the authority is closed.
        Invalid: with the field at fault.
    """
    must_be_open(authority)
    if officer.closed_at is not None:
        raise NotAllowedNow(ACCOUNT_CLOSED)
    if faults := tuple(_faults(officer, authority, wanted)):
        raise Invalid(faults)


def _faults(officer: Officer, authority: Authority, wanted: Wanted) -> Iterator[tuple[str, str]]:
    if wanted.post not in LEVELS[authority.level].posts:
        yield "post", NO_SUCH_POST
    if fault := _unit_fault(authority, wanted):
        yield "unit", fault
    if wanted.until is not None and wanted.until < wanted.since:
        yield "until", ORDER
    elif wanted.until is not None and wanted.until < today_at(authority):
        yield "until", PASSED
    if any(_same(held, authority, wanted) for held in _held(officer, authority)):
        yield "post", HELD


def _unit_fault(authority: Authority, wanted: Wanted) -> str:
    unit = wanted.unit
    if unit is None:
        return NEEDS_UNIT if wanted.post.in_unit else ""
    if not wanted.post.in_unit:
        return NO_UNIT
    if unit.authority_id != authority.id or unit.closed_at is not None:
        return NOT_HERE
    return COORDINATION if wanted.post is PostName.REGISTRAR and not unit.is_coordination else ""


def _held(officer: Officer, authority: Authority) -> list[Post]:
    """The posts of an officer at an authority that have not ended."""
    today = today_at(authority)
    return [
        post
        for post in officer.posts
        if post.ended_at is None and (post.until is None or post.until >= today)
    ]


def _same(held: Post, authority: Authority, wanted: Wanted) -> bool:
    unit_id = wanted.unit.id if wanted.unit else None
    place = (held.authority_id, held.post, held.unit_id, held.acting_for)
    if place != (authority.id, wanted.post.value, unit_id, wanted.acting_for):
        return False
    return (wanted.until is None or held.since <= wanted.until) and (
        held.until is None or held.until >= wanted.since
    )


def details(wanted: Wanted) -> dict[str, Any]:
    """The plain values of a post to be given, as a proposal keeps them."""
    return {
        "post": wanted.post.value,
        "unit_id": wanted.unit.id if wanted.unit else None,
        "unit_en": wanted.unit.name_en if wanted.unit else "",
        "unit_ru": wanted.unit.name_ru if wanted.unit else "",
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat() if wanted.until else None,
        "acting_for": wanted.acting_for,
        "supervises": list(wanted.supervises),
    }


def give(proposal: Proposal, at: datetime) -> None:
    """Give the post that a proposal names; one whose first day has passed begins today.

    Raises:
        NotAllowedNow: it cannot be given any more.
    """
    officer, authority = _officer(proposal), _authority(proposal)
    asked = proposal.details
    first = max(date.fromisoformat(asked["since"]), today_at(authority))
    wanted = Wanted(
        PostName(asked["post"]),
        first,
        date.fromisoformat(asked["until"]) if asked["until"] else None,
        store.unit(asked["unit_id"]) if asked["unit_id"] else None,
        asked["acting_for"],
        asked["supervises"],
    )
    try:
        check(officer, authority, wanted)
    except Invalid as error:
        raise NotAllowedNow(reasons=tuple(words for _, words in error.faults)) from error
    administration.appoint(
        officer,
        authority,
        wanted.post,
        wanted.since,
        unit=wanted.unit,
        until=wanted.until,
        acting_for=wanted.acting_for,
        supervises=tuple(wanted.supervises),
    )


def check_end(post: Post, authority: Authority, last_day: date | None) -> None:
    """Refuse to end a post that has ended, or later than it ends by itself.

    Raises:
        NotAllowedNow: it has ended.
        Invalid: the day does not fit.
    """
    today = today_at(authority)
    if post.ended_at is not None or (post.until is not None and post.until < today):
        raise NotAllowedNow(ENDED)
    if last_day is not None and last_day < today:
        raise Invalid((("last_day", PASSED),))
    if last_day is not None and post.until is not None and last_day > post.until:
        raise Invalid((("last_day", NOT_LONGER),))


def end(proposal: Proposal, at: datetime) -> None:
    """End the post that a proposal names: after its last day, or at once where none is named or it has passed.

    Raises:
        NotAllowedNow: it has ended already.
    """
    authority = _authority(proposal)
    post = session().get_one(Post, proposal.post_id)
    check_end(post, authority, None)
    asked = proposal.details["last_day"]
    last_day = date.fromisoformat(asked) if asked else None
    today = today_at(authority)
    if last_day is None or last_day < today or last_day < post.since:
        post.ended_at = at
        post.until = max(post.since, today)
    elif post.until is None or last_day < post.until:
        post.until = last_day


def reopen(proposal: Proposal, at: datetime) -> None:
    """Open an account again: its holder has the posts that have not ended meanwhile.

    Raises:
        NotAllowedNow: it is open.
    """
    officer = _officer(proposal)
    if officer.closed_at is None:
        raise NotAllowedNow(OPEN)
    officer.closed_at = None


def _officer(proposal: Proposal) -> Officer:
    return session().get_one(Officer, proposal.officer_id)


def _authority(proposal: Proposal) -> Authority:
    found = tree.authority(proposal.authority_id)
    if found is None:
        raise LookupError(f"proposal {proposal.id} is out of scope")
    return found

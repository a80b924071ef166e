"""Closes an authority on a day: its successor's officers act for it, its unregistered drafts begin anew there."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.errors import Invalid, NotAllowedNow
from portal.levels.handover import Chair, chairs
from portal.levels.path import AuthorityPath
from portal.levels.roles import Post
from portal.levels.tree import LEVELS
from portal.levels.words import N_
from portal.models import Authority, Draft, Officer, Proposal, Unit
from portal.operations import administration, drafting, procedure, texts
from portal.operations.acts import Acts
from portal.store import administration as store
from portal.store import administration_closing as closing
from portal.store import administration_tree as tree
from portal.store.administration_closing import Holder, Work
from portal.store.session import session
from portal.workflow.seats import Actor, HeldPost

#: For how long the successor's officers act for a closed authority, unless another day is named.
USUALLY = timedelta(days=365)

CLOSED = N_("The authority is closed, or its last day is named already.")
NOT_OWN = N_("An authority is closed by an administrator of one above it.")
BENEATH = N_("Authorities beneath it are still at work: they are closed first, each with its own successor.")
REWORK = N_("Numbered drafts are being reworked by their authors: they are sent back to the centre first.")
WAITING = N_("Other proposals about this authority wait: they are decided first.")
NO_RECEIVER = N_("Drafts without a number are open: name the officer of the successor who continues them.")
NOBODY = N_("Documents stay, and at the successor nobody holds a post of this kind: %(post)s")
NOBODY_RELEASES = N_("Declarations are not released, and the successor has no inspector.")
HEIR = N_("The successor must be another authority of the same state, at work, and not beneath this one.")
DAYS = N_("The last day is today or later, and the successor acts for it beyond that day.")
PAST = N_("The last day named has passed: decline the proposal and make another.")

_FOR_DOCUMENTS = (Post.UNIT_HEAD, Post.REGISTRAR)


@dataclass(frozen=True)
class Seat:
    """A post of the closed authority and the officers of the successor who will act in it."""

    chair: Chair
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Plan:
    """What closing an authority in favour of another comes to."""

    authority: Authority
    heir: Authority
    work: Work
    seats: tuple[Seat, ...]
    receivers: tuple[Holder, ...]
    against: tuple[tuple[str, dict[str, str]], ...] = field(default=())


def refuse(authority: Authority, acts: Acts) -> None:
    """Raises NotAllowedNow when this authority cannot be closed from where the administrator acts."""
    if authority.authority_path == acts.path:
        raise NotAllowedNow(NOT_OWN)
    if authority.closed_on is not None:
        raise NotAllowedNow(CLOSED)


def may_inherit(authority: Authority, heir: Authority | None) -> bool:
    """True when an authority of the acting subtree can take over from another."""
    if heir is None or heir.id == authority.id or heir.closed_on is not None:
        return False
    own, other = AuthorityPath(authority.authority_path), AuthorityPath(heir.authority_path)
    return heir.state == authority.state and not own.covers(other)


def plan(authority: Authority, heir: Authority, but: int | None = None) -> Plan:
    """What closing comes to, and what stands against it.

    Args:
        but: id of the proposal of the closure itself, which stands in nobody's way.
    """
    staff = closing.holders(heir.authority_path, administration.today_at(heir))
    needed = chairs(
        closing.sections(authority.authority_path),
        closing.sections(heir.authority_path),
        LEVELS[authority.level],
    )
    seats = tuple(Seat(chair, tuple(_holders(chair, staff))) for chair in needed)
    work = closing.open_work(authority.authority_path)
    waiting = any(one.id != but for one in store.pending_at(authority.id))
    return Plan(
        authority,
        heir,
        work,
        seats,
        tuple(one for one in staff if one.post is Post.OFFICER),
        tuple(_against(authority, work, seats, waiting)),
    )


def _holders(chair: Chair, staff: list[Holder]) -> Iterator[Holder]:
    if chair.unit is not None and chair.stands_in is None:
        return
    yield from (one for one in staff if one.post is chair.post and one.unit == chair.stands_in)


def _against(
    authority: Authority, work: Work, seats: tuple[Seat, ...], waiting: bool
) -> Iterator[tuple[str, dict[str, str]]]:
    if tree.beneath_open(authority.authority_path):
        yield BENEATH, {}
    if work.reworked:
        yield REWORK, {}
    if waiting:
        yield WAITING, {}
    filled = {seat.chair.post for seat in seats if seat.holders}
    for post in _FOR_DOCUMENTS if work.documents else ():
        if post not in filled:
            yield NOBODY, {"post": post.label}
    if work.declarations and Post.INSPECTOR not in filled:
        yield NOBODY_RELEASES, {}


def check(found: Plan, last_day: date, until: date, receiver_id: int | None) -> Holder | None:
    """The officer who continues the drafts, None when there are none.

    Raises:
        NotAllowedNow: something stands against the closure.
        Invalid: days or receiver do not fit.
    """
    if found.against:
        raise NotAllowedNow(reasons=tuple(words for words, _ in found.against))
    if last_day < administration.today_at(found.authority) or until <= last_day:
        raise Invalid((("last_day", DAYS),))
    if not found.work.unregistered:
        return None
    receiver = next((one for one in found.receivers if one.id == receiver_id), None)
    if receiver is None:
        raise Invalid((("receiver", NO_RECEIVER),))
    return receiver


def in_reach(proposal: Proposal, acts: Acts) -> bool:
    """Whether an administrator acts above both authorities of a closure."""
    heir = tree.authority(proposal.details["heir_id"])
    return heir is not None and proposal.authority_path != acts.path


def subjects(proposal: Proposal) -> set[int]:
    """The officers whose posts a closure changes: those who serve there, and those who will act for it."""
    authority, heir = _both(proposal)
    yesterday = administration.today_at(authority) - timedelta(days=1)
    serving = {post.officer_id for post in closing.posts_to_end(authority.authority_path, yesterday)}
    return serving | {one.id for seat in plan(authority, heir, proposal.id).seats for one in seat.holders}


def _both(proposal: Proposal) -> tuple[Authority, Authority]:
    heir = session().get_one(Authority, proposal.details["heir_id"])
    return session().get_one(Authority, proposal.authority_id), heir


def close(proposal: Proposal, acts: Acts, at: datetime) -> None:
    """Close the authority, as its proposal says, within the transaction of the confirmation.

    Raises:
        NotAllowedNow: it cannot be closed any more as proposed.
    """
    authority, heir = _both(proposal)
    session().refresh(authority, with_for_update=True)
    refuse(authority, acts)
    if not may_inherit(authority, heir):
        raise NotAllowedNow(HEIR)
    last_day, until = (date.fromisoformat(proposal.details[name]) for name in ("last_day", "until"))
    if last_day < administration.today_at(authority):
        raise NotAllowedNow(PAST)
    found = plan(authority, heir, proposal.id)
    try:
        receiver = check(found, last_day, until, proposal.details["receiver_id"])
    except Invalid as error:
        raise NotAllowedNow(reasons=tuple(words for _, words in error.faults)) from error
    if receiver is not None:
        for draft in closing.unregistered(authority.authority_path):
            _continue(draft, authority, heir, receiver, acts, at)
    _end_posts(authority, last_day, at)
    _stand_in(found, last_day, until)
    authority.closed_on, authority.heir_path = last_day, heir.authority_path


def _continue(
    draft: Draft, authority: Authority, heir: Authority, receiver: Holder, acts: Acts, at: datetime
) -> None:
    """Withdraw a draft that has no number yet, and begin it anew at the successor, each naming the other."""
    text = copy.deepcopy(draft.text)
    text["note"]["estimate_run"] = None
    old, new = authority.authority_path, heir.authority_path
    text["territory"] = list(
        dict.fromkeys(
            new if path == old and draft.scope != "national" else path for path in text["territory"]
        )
    )
    procedure.by_portal(draft, "hand_over", at)
    post = HeldPost(Post.OFFICER, new, receiver.unit)
    taker = Acts(receiver.id, receiver.name, Actor(receiver.id, (post,)), heir.code, new)
    fresh = drafting.begin(taker, draft.title, draft.kind, draft.scope, text)
    for writer in (*draft.earlier_writers, draft.author_id):
        texts.keep_writer(fresh, writer)
    session().flush()
    drafting.remark(fresh, acts, f"{authority.code} {authority.name_ru}: {draft.title} ({draft.id})")
    drafting.remark(draft, acts, f"{heir.code} {heir.name_ru}: {fresh.title} ({fresh.id})")


def _end_posts(authority: Authority, last_day: date, at: datetime) -> None:
    for post in closing.posts_to_end(authority.authority_path, last_day):
        if post.since > last_day:
            post.ended_at = at
        else:
            post.until = last_day


def _stand_in(found: Plan, last_day: date, until: date) -> None:
    """Give the successor's officers their posts at the closed authority, from the day after its last until a day."""
    for seat in found.seats:
        unit = session().get(Unit, seat.chair.unit) if seat.chair.unit else None
        for holder in seat.holders:
            name = found.authority.name_ru if holder.locale == "ru" else found.authority.name_en
            administration.appoint(
                session().get_one(Officer, holder.id),
                found.authority,
                seat.chair.post,
                last_day + timedelta(days=1),
                unit=unit,
                until=until,
                acting_for=name,
            )

"""Changes that need a second person: one administrator proposes, another confirms or declines, never about himself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.errors import Invalid, NotAllowedNow, NotYours
from portal.levels.roles import Post as PostName
from portal.levels.signing import MAY_SIGN, SCOPES, signature_table
from portal.levels.words import N_
from portal.models import Authority, Officer, Post, Proposal
from portal.operations import administration_closing as closing
from portal.operations import (
    administration_factors,
    administration_journal,
    administration_passwords,
    administration_posts,
)
from portal.operations.acts import Acts
from portal.operations.administration_posts import Wanted
from portal.store import administration as store
from portal.store import administration_tree as tree
from portal.store import officers
from portal.store.session import session
from portal.workflow.clock import now

OWN = N_("You proposed it: another administrator decides.")
ABOUT_YOURSELF = N_("It concerns your own posts: another administrator decides.")
YOUR_FACTORS = N_("It concerns your own second factors: another administrator acts.")
YOUR_PASSWORD = N_("It concerns your own password: change it in your account, or another administrator acts.")
DECIDED = N_("The proposal is decided already.")
NOT_PROPOSER = N_("Only whoever proposed it takes it back.")
SAME = N_("Nothing in the table would change.")
NO_TABLE = N_("The signature table is kept by the central customs of a state.")
PENDING = N_("Such a proposal waits already: it is decided first.")
_YOURS = {"factors": YOUR_FACTORS, "password": YOUR_PASSWORD}


@dataclass(frozen=True)
class Kind:
    """A kind of proposal: what it asks for, what was done when it was confirmed, and how that is done."""

    asks: str
    done: str
    take_effect: Callable[[Proposal, Acts, datetime], None]


def _signatories(proposal: Proposal, acts: Acts, at: datetime) -> None:
    authority = session().get_one(Authority, proposal.authority_id)
    authority.signatories = _differing(proposal.details["seats"])


KINDS: dict[str, Kind] = {
    "appoint": Kind(
        N_("Appointment to a post"),
        N_("Post given"),
        lambda row, acts, at: administration_posts.give(row, at),
    ),
    "act": Kind(
        N_("Acting appointment"),
        N_("Acting post given"),
        lambda row, acts, at: administration_posts.give(row, at),
    ),
    "end": Kind(
        N_("End of a post"), N_("Post ended"), lambda row, acts, at: administration_posts.end(row, at)
    ),
    "reopen": Kind(
        N_("Reopening of an account"),
        N_("Account opened again"),
        lambda row, acts, at: administration_posts.reopen(row, at),
    ),
    "factors": Kind(
        N_("Removal of second factors"),
        N_("Second factors removed"),
        lambda row, acts, at: administration_factors.reset(row),
    ),
    "password": Kind(
        N_("Replacement of a forgotten password"),
        N_("Password ended"),
        lambda row, acts, at: administration_passwords.void(row),
    ),
    "signatories": Kind(N_("Change of the signature table"), N_("Signature table changed"), _signatories),
    "close": Kind(N_("Closure of an authority"), N_("Authority closed"), closing.close),
}


def appoint(acts: Acts, officer: Officer, authority: Authority, wanted: Wanted, reason: str) -> Proposal:
    """Propose to give an officer a post of his own.

    Raises:
        NotAllowedNow, Invalid: as `administration_posts.check`.
    """
    administration_posts.check(officer, authority, wanted)
    return _propose(acts, "appoint", authority, reason, administration_posts.details(wanted), officer)


def act_for(acts: Acts, officer: Officer, absent: Post, since: date, until: date, reason: str) -> Proposal:
    """Propose that an officer acts for the holder of a post, from a day until another (procedure §7).

    Raises:
        NotAllowedNow, Invalid: as `administration_posts.check`; Invalid also when he would act for himself.
    """
    if absent.officer_id == officer.id:
        raise Invalid((("absent", administration_posts.HIMSELF),))
    authority = session().get_one(Authority, absent.authority_id)
    wanted = Wanted(
        PostName(absent.post),
        since,
        until,
        absent.unit,
        officers.home(absent.officer_id)[0],
        tuple(absent.supervises),
    )
    administration_posts.check(officer, authority, wanted)
    return _propose(acts, "act", authority, reason, administration_posts.details(wanted), officer)


def end(acts: Acts, post: Post, last_day: date | None, reason: str) -> Proposal:
    """Propose to end a post, after a day or at once.

    Raises:
        NotAllowedNow, Invalid: as `administration_posts.check_end`.
    """
    authority = session().get_one(Authority, post.authority_id)
    administration_posts.check_end(post, authority, last_day)
    if store.pending_about(Proposal.post_id == post.id):
        raise NotAllowedNow(PENDING)
    details = {
        "post": post.post,
        "unit_en": post.unit.name_en if post.unit else "",
        "unit_ru": post.unit.name_ru if post.unit else "",
        "acting_for": post.acting_for,
        "last_day": last_day.isoformat() if last_day else None,
    }
    name = officers.home(post.officer_id)[0]
    return _propose(acts, "end", authority, reason, details, (post.officer_id, name), post.id)


def reopen(acts: Acts, officer: Officer, reason: str) -> Proposal:
    """Propose to open an account again: with it come back the posts that have not ended.

    Raises:
        NotAllowedNow: it is open, or the proposal waits already.
    """
    if officer.closed_at is None:
        raise NotAllowedNow(administration_posts.OPEN)
    if any(one.kind == "reopen" for one in store.pending_of_officer(officer.id)):
        raise NotAllowedNow(PENDING)
    home = tree.by_path(officer.authority_path)
    return _propose(acts, "reopen", home, reason, {}, officer)


def reset_factors(acts: Acts, officer: Officer, version: int | None, reason: str) -> Proposal:
    """Propose to remove the second factors of an officer who lost them.

    Raises:
        NotYours: they are his own.
        NotAllowedNow: he has none, his account is closed, or the proposal waits already.
        Stale: the account was changed since the page was shown.
    """
    return _for_him(acts, "factors", administration_factors.check, officer, version, reason)


def replace_password(acts: Acts, officer: Officer, version: int | None, reason: str) -> Proposal:
    """Propose to end the password of an officer who forgot it, so that he may be given another first one.

    Raises:
        NotYours: it is his own.
        NotAllowedNow: he has a first password, his account is closed, or the proposal waits already.
        Stale: the account was changed since the page was shown.
    """
    return _for_him(acts, "password", administration_passwords.check, officer, version, reason)


def _for_him(
    acts: Acts,
    kind: str,
    check: Callable[[Officer], dict[str, Any]],
    officer: Officer,
    version: int | None,
    reason: str,
) -> Proposal:
    if officer.id == acts.officer_id:
        raise NotYours(_YOURS[kind])
    administration_journal.put(officer, version, {})
    details = check(officer)
    if any(one.kind == kind for one in store.pending_of_officer(officer.id)):
        raise NotAllowedNow(PENDING)
    return _propose(acts, kind, tree.by_path(officer.authority_path), reason, details, officer)


def signatories(acts: Acts, authority: Authority, seats: dict[str, str], reason: str) -> Proposal:
    """Propose who signs for which territory, by names of scopes and of seats.

    Raises:
        NotAllowedNow: the authority keeps no such table, or a proposal waits already.
        Invalid: a seat may not sign there, or nothing would change.
    """
    if authority.level != "central":
        raise NotAllowedNow(NO_TABLE)
    if any(seats.get(scope) not in allowed for scope, allowed in MAY_SIGN.items()):
        raise Invalid((("national", N_("Choose one of those offered")),))
    present = {name: line.signs for name, line in signature_table(authority.signatories).items()}
    if seats == present:
        raise Invalid((("national", SAME),))
    if any(one.kind == "signatories" for one in store.pending_at(authority.id)):
        raise NotAllowedNow(PENDING)
    return _propose(acts, "signatories", authority, reason, {"seats": seats, "before": present})


def _differing(seats: dict[str, str]) -> dict[str, str]:
    return {name: seat for name, seat in seats.items() if seat != SCOPES[name].signs}


def close(
    acts: Acts,
    authority: Authority,
    heir: Authority,
    last_day: date,
    until: date,
    receiver_id: int | None,
    reason: str,
) -> Proposal:
    """Propose to close an authority after a day, another taking over its open work.

    Raises:
        NotAllowedNow, Invalid: as `administration_closing.check`.
    """
    closing.refuse(authority, acts)
    if not closing.may_inherit(authority, heir):
        raise Invalid((("heir", closing.HEIR),))
    receiver = closing.check(closing.plan(authority, heir), last_day, until, receiver_id)
    details = {
        "last_day": last_day.isoformat(),
        "until": until.isoformat(),
        "heir_id": heir.id,
        "heir_code": heir.code,
        "heir_en": heir.name_en,
        "heir_ru": heir.name_ru,
        "receiver_id": receiver.id if receiver else None,
        "receiver": receiver.name if receiver else "",
    }
    return _propose(acts, "close", authority, reason, details)


def _propose(
    acts: Acts,
    kind: str,
    authority: Authority,
    reason: str,
    details: dict[str, Any],
    officer: Officer | tuple[int, str] | None = None,
    post_id: int | None = None,
) -> Proposal:
    key, name = (officer.id, officer.name) if isinstance(officer, Officer) else officer or (None, "")
    proposal = Proposal(
        authority_path=authority.authority_path,
        authority_id=authority.id,
        kind=kind,
        officer_id=key,
        officer_name=name,
        post_id=post_id,
        details=details,
        reason=reason,
        proposer_id=acts.officer_id,
        proposer_name=acts.name,
        proposed_at=now(),
    )
    session().add(proposal)
    session().flush()
    return proposal


def bars(proposal: Proposal, acts: Acts) -> tuple[str, ...]:
    """Why this administrator may not decide the proposal; empty when he may."""
    found = []
    if proposal.proposer_id == acts.officer_id:
        found.append(OWN)
    concerned = {proposal.officer_id}
    if proposal.kind == "close" and not closing.in_reach(proposal, acts):
        return (*found, closing.NOT_OWN)
    if proposal.kind == "close":
        concerned |= closing.subjects(proposal)
    if acts.officer_id in concerned:
        found.append(_YOURS.get(proposal.kind, ABOUT_YOURSELF))
    return tuple(found)


def confirm(proposal: Proposal, acts: Acts) -> None:
    """Confirm a proposal: what it asks for takes effect now, in this transaction.

    Raises:
        NotYours: he proposed it, or it concerns himself.
        NotAllowedNow: it is decided already, or cannot take effect any more.
    """
    _refuse(proposal, acts)
    at = now()
    KINDS[proposal.kind].take_effect(proposal, acts, at)
    _decide(proposal, acts, "confirmed", "", at)
    administration_journal.write(
        acts,
        proposal.authority_path,
        KINDS[proposal.kind].done,
        words=proposal.reason,
        officer=proposal.officer_id,
        proposal=proposal.id,
        unit=proposal.details.get("unit_id"),
        before=proposal.details.get("before", {}),
        after=proposal.details.get("seats", proposal.details),
    )


def decline(proposal: Proposal, acts: Acts, answer: str) -> None:
    """Decline a proposal with a reason.

    Raises:
        NotYours, NotAllowedNow: as `confirm`.
    """
    _refuse(proposal, acts)
    _decide(proposal, acts, "declined", answer, now())


def withdraw(proposal: Proposal, acts: Acts) -> None:
    """Take back one's own proposal.

    Raises:
        NotYours: another administrator made it.
        NotAllowedNow: it is decided already.
    """
    if proposal.state != "pending":
        raise NotAllowedNow(DECIDED)
    if proposal.proposer_id != acts.officer_id:
        raise NotYours(NOT_PROPOSER)
    proposal.state, proposal.decided_at = "withdrawn", now()


def _refuse(proposal: Proposal, acts: Acts) -> None:
    if proposal.state != "pending":
        raise NotAllowedNow(DECIDED)
    if barred := bars(proposal, acts):
        raise NotYours(barred[0])


def _decide(proposal: Proposal, acts: Acts, state: str, answer: str, at: datetime) -> None:
    proposal.decider_id, proposal.decider_name = acts.officer_id, acts.name
    proposal.state, proposal.decided_at, proposal.answer = state, at, answer
    session().flush()

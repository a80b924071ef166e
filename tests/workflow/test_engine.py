"""What the engine offers and refuses: seats, guards, segregation of duties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.levels.roles import Post
from portal.workflow.engine import (
    APPROVER_REGISTERS,
    OWN_DOCUMENT,
    SIGNED_ALREADY,
    Hindered,
    Incomplete,
    NotHolder,
    NotInTable,
    available,
    awaits,
    decide,
    decide_by_portal,
    statuses_open_to,
    waiting_for,
)
from portal.workflow.move import Facts, Given
from portal.workflow.seats import Actor, HeldPost, Places
from portal.workflow.statuses import D, P

HOUSE, RTU, CENTRE = "eeu.ru.1.2.", "eeu.ru.1.", "eeu.ru."
AUTHOR, EXECUTOR = 10, 20
UNITS = {
    "own": frozenset({1}),
    "touched": frozenset({2, 3}),
    "competent": frozenset({7}),
    "rtu": frozenset({5}),
}
PLACES = Places(HOUSE, CENTRE, RTU, UNITS, {"author": AUTHOR, "executor": EXECUTOR})
DRAFT = Facts("draft", D.DRAFTING, PLACES, authors=frozenset({AUTHOR}), executor_named=True)
PROFILE = Facts(
    "profile",
    P.PREPARING,
    replace(PLACES, origin=CENTRE),
    authors=frozenset({AUTHOR, EXECUTOR}),
    executor_named=True,
)


def holder(post: Post, path: str, unit: int | None = None, officer: int = 99, **held: Any) -> Actor:
    return Actor(officer, (HeldPost(post, path, unit, **held),))


def names(facts: Facts, actor: Actor) -> set[str]:
    return {offer.move.name for offer in available(facts, actor)}


def hindrances(facts: Facts, actor: Actor, name: str) -> tuple[str, ...]:
    return next(offer.hindrances for offer in available(facts, actor) if offer.move.name == name)


def test_the_author_alone_submits() -> None:
    assert names(DRAFT, holder(Post.OFFICER, HOUSE, 1, AUTHOR)) == {"submit", "withdraw"}
    assert names(DRAFT, holder(Post.OFFICER, HOUSE, 1, 11)) == set()
    assert names(DRAFT, holder(Post.UNIT_HEAD, HOUSE, 1)) == {"replace_author"}


def test_a_post_counts_only_where_it_is_held() -> None:
    signing = replace(DRAFT, status=D.HEAD_SIGNING)
    assert "sign" in names(signing, holder(Post.UNIT_HEAD, HOUSE, 1))
    assert names(signing, holder(Post.UNIT_HEAD, CENTRE, 1)) == set()
    assert names(signing, holder(Post.UNIT_HEAD, HOUSE, 2)) == set()


def test_submission_goes_by_what_is_touched() -> None:
    author = holder(Post.OFFICER, HOUSE, 1, AUTHOR)
    assert decide(DRAFT, author, "submit", {}).status is D.HEAD_SIGNING
    touched = replace(DRAFT, unendorsed=frozenset({2}))
    assert decide(touched, author, "submit", {}).status is D.ENDORSING


def test_the_last_endorsement_moves_on() -> None:
    head = holder(Post.UNIT_HEAD, HOUSE, 2)
    endorsing = replace(DRAFT, status=D.ENDORSING, unendorsed=frozenset({2, 3}))
    assert decide(endorsing, head, "endorse", {}).status is D.ENDORSING
    assert decide(replace(endorsing, unendorsed=frozenset({2})), head, "endorse", {}).status is D.HEAD_SIGNING


def test_an_incomplete_text_is_shown_as_the_hindrance() -> None:
    from portal.workflow.text import Missing

    lacking = replace(DRAFT, missing=(Missing("header", "title", "Give it a title"),))
    author = holder(Post.OFFICER, HOUSE, 1, AUTHOR)
    assert hindrances(lacking, author, "submit") == ("The text or its note is incomplete",)
    with pytest.raises(Hindered):
        decide(lacking, author, "submit", {})


@pytest.mark.parametrize(
    ("status", "actor", "move"),
    [
        (D.ENDORSING, holder(Post.UNIT_HEAD, HOUSE, 2, AUTHOR), "endorse"),
        (D.HEAD_SIGNING, holder(Post.UNIT_HEAD, HOUSE, 1, AUTHOR), "sign"),
        (D.COORDINATION_AGREEMENT, holder(Post.UNIT_HEAD, HOUSE, 4, AUTHOR, coordination=True), "agree"),
        (D.DEPUTY_AGREEMENT, holder(Post.FIRST_DEPUTY, HOUSE, officer=AUTHOR), "agree"),
        (D.AGREED, holder(Post.REGISTRAR, HOUSE, 4, AUTHOR, coordination=True), "register"),
    ],
)
def test_an_author_never_signs_agrees_or_registers_his_own(status: D, actor: Actor, move: str) -> None:
    facts = replace(DRAFT, status=status, unendorsed=frozenset({2}))
    assert hindrances(facts, actor, move) == (OWN_DOCUMENT,)
    assert hindrances(facts, replace(actor, officer=99), move) == ()


@pytest.mark.parametrize(
    ("status", "actor", "move"),
    [
        (P.PROFILE_HEAD_SIGNING, holder(Post.UNIT_HEAD, CENTRE, 1, EXECUTOR), "sign"),
        (P.APPROVAL, holder(Post.UNIT_HEAD, CENTRE, 1, EXECUTOR), "approve"),
        (P.APPROVAL, holder(Post.UNIT_HEAD, CENTRE, 1, AUTHOR), "approve"),
        (P.AWAITING_NUMBER, holder(Post.REGISTRAR, CENTRE, 4, EXECUTOR, coordination=True), "register"),
    ],
)
def test_an_executor_never_approves_or_registers_his_own(status: P, actor: Actor, move: str) -> None:
    assert hindrances(replace(PROFILE, status=status), actor, move) == (OWN_DOCUMENT,)


def test_the_executor_signs_his_own_profile() -> None:
    executor = holder(Post.OFFICER, CENTRE, 1, EXECUTOR)
    assert decide(PROFILE, executor, "sign_as_executor", {}).status is P.PROFILE_HEAD_SIGNING


def test_one_person_signs_a_text_once_and_never_in_a_second_role() -> None:
    both = Actor(99, (HeldPost(Post.UNIT_HEAD, HOUSE, 1), HeldPost(Post.FIRST_DEPUTY, HOUSE)))
    signed = frozenset({Given(99, "author_unit_head", "text")})
    facts = replace(DRAFT, status=D.DEPUTY_AGREEMENT, given=signed)
    assert hindrances(facts, both, "agree") == (SIGNED_ALREADY,)


def test_a_head_who_signed_the_text_signs_the_carrier_from_the_same_seat_only() -> None:
    """Regional scope: the head of the unit signs the text (§7.1) and the carrier (§7.3), two papers."""
    signed = frozenset({Given(99, "profile_unit_head", "text")})
    regional = replace(PROFILE, status=P.APPROVAL, given=signed, scope="regional")
    assert hindrances(regional, holder(Post.UNIT_HEAD, CENTRE, 1), "approve") == ()
    national = replace(regional, scope="national")
    assert hindrances(national, holder(Post.HEAD, CENTRE), "approve") == (SIGNED_ALREADY,)


@pytest.mark.parametrize(
    ("scope", "actor"),
    [
        ("national", holder(Post.HEAD, CENTRE)),
        ("zonal", holder(Post.DEPUTY_HEAD, CENTRE, supervises=frozenset({1}))),
        ("regional", holder(Post.UNIT_HEAD, CENTRE, 1)),
    ],
)
def test_the_carrier_is_signed_by_territorial_scope(scope: str, actor: Actor) -> None:
    for other in ("national", "zonal", "regional"):
        offered = "approve" in names(replace(PROFILE, status=P.APPROVAL, scope=other), actor)
        assert offered is (other == scope)


def test_a_deputy_signs_for_the_units_he_supervises() -> None:
    stranger = holder(Post.DEPUTY_HEAD, CENTRE, supervises=frozenset({2}))
    assert "approve" not in names(replace(PROFILE, status=P.APPROVAL, scope="zonal"), stranger)


def test_a_state_may_name_another_signatory() -> None:
    facts = replace(PROFILE, status=P.APPROVAL, scope="regional", signatory="service_head")
    assert "approve" in names(facts, holder(Post.HEAD, CENTRE))
    assert "approve" not in names(facts, holder(Post.UNIT_HEAD, CENTRE, 1))


def test_whoever_approves_does_not_register() -> None:
    approved = frozenset({Given(99, "profile_unit_head", "carrier")})
    facts = replace(PROFILE, status=P.AWAITING_NUMBER, given=approved)
    actor = holder(Post.UNIT_HEAD, CENTRE, 4, coordination=True)
    assert hindrances(facts, actor, "register") == (APPROVER_REGISTERS,)


def test_the_writer_of_an_opinion_does_not_agree_it() -> None:
    facts = replace(DRAFT, status=D.RTU_REQUEST, opinion_by=99)
    actor = holder(Post.UNIT_HEAD, RTU, 5, coordination=True)
    assert hindrances(facts, actor, "agree_opinion") == (OWN_DOCUMENT,)
    assert hindrances(facts, replace(actor, officer=98), "agree_opinion") == ()


def test_a_letter_needs_the_number_of_the_records_office() -> None:
    executor = holder(Post.OFFICER, CENTRE, 1, EXECUTOR)
    details = {"carrier_number": "1", "carrier_date": "2026-01-01"}
    on_letter = replace(PROFILE, status=P.APPROVED, formalisation="non_formalised")
    with pytest.raises(Incomplete) as refused:
        decide(on_letter, executor, "give_details", details)
    assert refused.value.fields == ("records_number",)
    memorandum = replace(PROFILE, status=P.APPROVED)
    assert decide(memorandum, executor, "give_details", details).status is P.AWAITING_NUMBER


@pytest.mark.parametrize("empty", [None, "", [], ()])
def test_an_empty_value_is_not_carried(empty: object) -> None:
    facts = replace(DRAFT, status=D.HEAD_SIGNING)
    with pytest.raises(Incomplete):
        decide(facts, holder(Post.UNIT_HEAD, HOUSE, 1), "return", {"reason": empty})


def test_a_draft_in_rework_returns_to_its_rework() -> None:
    head = holder(Post.UNIT_HEAD, HOUSE, 1)
    facts = replace(DRAFT, status=D.HEAD_SIGNING)
    assert decide(facts, head, "return", {"reason": "x"}).status is D.DRAFTING
    assert decide(replace(facts, numbered=True), head, "return", {"reason": "x"}).status is D.REWORK_REGIONAL


def test_a_numbered_draft_is_sent_again_and_not_registered_again() -> None:
    registrar = holder(Post.REGISTRAR, HOUSE, 4, coordination=True)
    agreed = replace(DRAFT, status=D.AGREED)
    assert names(agreed, registrar) == {"register"}
    assert names(replace(agreed, numbered=True), registrar) == {"send"}


def test_a_local_draft_does_not_go_to_the_centre() -> None:
    local = replace(DRAFT, status=D.REGISTERED, scope="local")
    assert names(local, holder(Post.REGISTRAR, HOUSE, 4, coordination=True)) == {"withdraw"}
    assert "prepare_profile" in names(local, holder(Post.OFFICER, HOUSE, 1, AUTHOR))
    assert "prepare_profile" not in names(
        replace(local, scope="regional"), holder(Post.OFFICER, HOUSE, 1, AUTHOR)
    )


def test_the_rtu_is_asked_only_about_houses_beneath_it() -> None:
    executor = holder(Post.OFFICER, CENTRE, 7, EXECUTOR)
    review = replace(DRAFT, status=D.UNDER_REVIEW)
    assert "ask_rtu" not in names(review, executor)
    assert "ask_rtu" in names(replace(review, under_rtu=True), executor)


def test_expedient_needs_the_head_of_department() -> None:
    review = replace(DRAFT, status=D.UNDER_REVIEW)
    head = holder(Post.UNIT_HEAD, CENTRE, 7)
    assert "agree_expedient" not in names(review, head)
    proposed = replace(review, proposed=True)
    assert decide(proposed, head, "agree_expedient", {}).status is D.EXPEDIENT
    assert "find_inexpedient" not in names(proposed, holder(Post.OFFICER, CENTRE, 7, EXECUTOR))


def test_acts_of_the_portal_are_offered_to_nobody() -> None:
    facts = replace(PROFILE, status=P.AWAITING_FORCE)
    everything = Actor(99, tuple(HeldPost(post, CENTRE, 1, True, frozenset({1})) for post in Post))
    assert "enter_force" not in names(facts, everything)
    assert decide_by_portal(facts, "enter_force").status is P.IN_FORCE
    with pytest.raises(NotInTable):
        decide(facts, everything, "enter_force", {})


def test_refusals_tell_apart_the_wrong_moment_and_the_wrong_post() -> None:
    author = holder(Post.OFFICER, HOUSE, 1, AUTHOR)
    with pytest.raises(NotInTable):
        decide(DRAFT, author, "send", {})
    with pytest.raises(NotHolder):
        decide(replace(DRAFT, status=D.AGREED), author, "register", {})


def test_whom_a_document_awaits() -> None:
    signing = replace(DRAFT, status=D.HEAD_SIGNING)
    assert awaits(signing, holder(Post.UNIT_HEAD, HOUSE, 1))
    assert not awaits(signing, holder(Post.UNIT_HEAD, HOUSE, 1, AUTHOR)), "his own document"
    assert waiting_for(signing) == ("Head of the author's unit",)
    in_force = replace(PROFILE, status=P.IN_FORCE)
    assert not awaits(in_force, holder(Post.OFFICER, CENTRE, 1, EXECUTOR)), "updates wait for nobody"


def test_the_query_behind_awaiting_me_misses_no_status() -> None:
    """Whoever is offered a move in a status has that status among those asked for."""
    for kind, statuses, facts in (("draft", D, DRAFT), ("profile", P, PROFILE)):
        for status in statuses:
            for post in Post:
                for path in (HOUSE, CENTRE, RTU):
                    actor = Actor(AUTHOR, (HeldPost(post, path, 1, True, frozenset({1})),))
                    known = replace(facts, status=status, unendorsed=frozenset({2}))
                    if available(known, actor):
                        asked = statuses_open_to(
                            kind, actor, ("service_head", "supervising_deputy", "profile_unit_head")
                        )
                        assert status in asked, (post, status)


def test_an_executor_who_acts_as_head_does_not_agree_his_own_proposal() -> None:
    facts = replace(DRAFT, status=D.UNDER_REVIEW, proposed=True)
    assert hindrances(facts, holder(Post.UNIT_HEAD, CENTRE, 7, EXECUTOR), "agree_expedient") == (
        OWN_DOCUMENT,
    )
    assert hindrances(facts, holder(Post.UNIT_HEAD, CENTRE, 7), "agree_expedient") == ()


@pytest.mark.parametrize("seat", ["author_coordination_head", "first_deputy"])
def test_whoever_agreed_a_draft_does_not_register_it(seat: str) -> None:
    agreed = replace(DRAFT, status=D.AGREED, given=frozenset({Given(99, seat, "text")}))
    registrar = holder(Post.REGISTRAR, HOUSE, 4, coordination=True)
    assert hindrances(agreed, registrar, "register") == (APPROVER_REGISTERS,)
    assert hindrances(agreed, replace(registrar, officer=98), "register") == ()

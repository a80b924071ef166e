"""The table of the procedure as a whole: every status reached and left, every name known, every clock in place."""

from __future__ import annotations

import pytest

from portal.levels.signing import SCOPES
from portal.workflow.clocks import LIMITS
from portal.workflow.engine import TABLES
from portal.workflow.move import CARRIES, PORTAL, SIGNATURES, SIGNED, Move
from portal.workflow.moves import DRAFT_MOVES
from portal.workflow.profile_moves import PROFILE_MOVES, SIGNATORY
from portal.workflow.requirements import REQUIREMENTS
from portal.workflow.seats import SEATS
from portal.workflow.stages import EXCUSED, LIMIT_IN
from portal.workflow.statuses import MEANINGS, UNDER_STUDY, D, P, Status

ALL = (*DRAFT_MOVES, *PROFILE_MOVES)
FIRST: dict[str, Status] = {"draft": D.DRAFTING, "profile": P.PREPARING}
KINDS = {"draft": D, "profile": P}


def ends_of(document: str) -> set[Status]:
    return {status for status in KINDS[document] if MEANINGS[status].final}


@pytest.mark.parametrize("document", ["draft", "profile"])
def test_every_status_is_reached(document: str) -> None:
    reached, before = {FIRST[document]}, set()
    while reached != before:
        before = set(reached)
        reached |= {m.target for m in TABLES[document] if m.target and reached & set(m.sources)}
    assert reached == set(KINDS[document])


@pytest.mark.parametrize("document", ["draft", "profile"])
def test_every_open_status_leads_to_an_end(document: str) -> None:
    leading, before = ends_of(document), set()
    while leading != before:
        before = set(leading)
        leading |= {s for m in TABLES[document] if m.target in leading for s in m.sources}
    assert leading == set(KINDS[document])


def test_nothing_leads_out_of_an_end() -> None:
    assert not [m.name for m in ALL for status in m.sources if MEANINGS[status].final]


@pytest.mark.parametrize("move", ALL, ids=lambda m: f"{m.name}:{m.sources[0]}:{'+'.join(m.when)}")
def test_every_name_in_a_line_is_known(move: Move) -> None:
    assert move.seat in SEATS or move.seat in (PORTAL, SIGNATORY)
    assert set(move.carries) <= set(CARRIES)
    assert set(move.when) | set(move.needs) <= set(REQUIREMENTS)
    assert not move.signs or move.signs in SIGNATURES
    assert move.rule, "a line names its place in the procedure"
    assert move.label
    assert not move.label.endswith(("!", "."))


def test_every_requirement_carry_and_seat_is_used() -> None:
    named = {name for m in ALL for name in (*m.when, *m.needs)}
    assert set(REQUIREMENTS) == named
    assert set(CARRIES) == {name for m in ALL for name in m.carries}
    seats = {m.seat for m in ALL} | {line.signs for line in SCOPES.values()}
    clocks = {s for limit in LIMITS.values() for s in (limit.responsible, *limit.also_alerted)}
    assert set(SEATS) - seats - clocks <= {"profile_coordination_head"}
    assert set(SIGNED) < set(SIGNATURES)


def test_every_open_status_is_clocked_or_excused() -> None:
    opened = {status for status, meaning in MEANINGS.items() if not meaning.final}
    assert set(LIMIT_IN) | set(EXCUSED) == opened
    assert not set(LIMIT_IN) & set(EXCUSED)
    assert set(LIMIT_IN.values()) | {"urgent"} == set(LIMITS)


def test_every_status_has_a_sentence() -> None:
    assert set(MEANINGS) == {*D, *P}
    assert all(m.sentence.endswith(".") and m.label for m in MEANINGS.values())
    assert {m.tone for m in MEANINGS.values()} <= {"grey", "blue", "amber", "red", "green", "violet"}


def test_the_statuses_of_drafts_and_profiles_have_no_name_in_common() -> None:
    assert not {s.value for s in D} & {s.value for s in P}


def targets_of(source: D, *names: str) -> set[D]:
    return {m.target for m in DRAFT_MOVES if source in m.sources and m.name in names and m.target}  # type: ignore[misc]


RESOLUTIONS = (
    "agree_expedient", "find_inexpedient", "collect_information", "rework_at_centre", "send_back", "ask_rtu",
)  # fmt: skip


def test_the_rtu_opinion_has_exactly_four_exits() -> None:
    exits = {m.target for m in DRAFT_MOVES if D.RTU_OPINION in m.sources and not m.stays}
    assert exits == {D.EXPEDIENT, D.INEXPEDIENT, D.REWORK_CENTRAL, D.INFORMATION}


def test_six_resolutions_lead_from_review() -> None:
    assert targets_of(D.UNDER_REVIEW, *RESOLUTIONS) == {
        D.EXPEDIENT, D.INEXPEDIENT, D.INFORMATION, D.REWORK_CENTRAL, D.REWORK_REGIONAL, D.RTU_REQUEST,
    }  # fmt: skip


@pytest.mark.parametrize("source", UNDER_STUDY)
def test_no_resolution_renews_its_own_limit(source: D) -> None:
    assert source not in targets_of(source, *RESOLUTIONS)


def test_the_order_of_phase_a() -> None:
    path = [D.DRAFTING]
    for name in ("submit", "sign", "agree", "agree", "register", "send"):
        lines = [m for m in DRAFT_MOVES if m.name == name and path[-1] in m.sources]
        nxt = {m.target for m in lines if not {"units touched", "numbered"} & set(m.when)}
        assert len(nxt) == 1, (name, path)
        path.append(nxt.pop())  # type: ignore[arg-type]
    assert path == [
        D.DRAFTING, D.HEAD_SIGNING, D.COORDINATION_AGREEMENT, D.DEPUTY_AGREEMENT, D.AGREED, D.REGISTERED, D.SENT,
    ]  # fmt: skip

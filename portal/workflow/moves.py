"""The life of a draft risk profile. If it is not in this table it cannot happen."""

from __future__ import annotations

from portal.levels.words import N_
from portal.workflow.move import PORTAL, Move
from portal.workflow.statuses import UNDER_STUDY, D

_AT_CENTRE = N_("procedure §6")
_COMPLETE = ("text and note complete", "validity not passed")
_REGIONAL_RESOLUTIONS_FROM = (D.UNDER_REVIEW, D.INFORMATION, D.REWORK_CENTRAL)
_NEW = ("not yet numbered",)
_REWORKED = ("numbered",)


def _returns(source: D, seat: str, rule: str) -> tuple[Move, Move]:
    """A return with a reason: a new draft goes back to drafting, one in rework back to its rework."""
    label = N_("Return with reason")
    return (
        Move("return", label, (source,), D.DRAFTING, seat, ("reason",), _NEW, rule=rule, danger=True),
        Move(
            "return",
            label,
            (source,),
            D.REWORK_REGIONAL,
            seat,
            ("reason",),
            _REWORKED,
            rule=rule,
            danger=True,
        ),
    )


PHASE_A = (
    Move(
        "submit", N_("Submit for endorsement"), (D.DRAFTING, D.REWORK_REGIONAL), D.ENDORSING,
        "author", when=("units touched",), needs=_COMPLETE, rule="A1, A2",
    ),
    Move(
        "submit", N_("Submit for signature"), (D.DRAFTING, D.REWORK_REGIONAL, D.ENDORSING), D.HEAD_SIGNING,
        "author", when=("no unit touched",), needs=_COMPLETE, rule="A1",
    ),
    Move(
        "endorse", N_("Endorse"), (D.ENDORSING,), None, "touched_unit_head",
        when=("other units still to endorse",), signs="endorsement", rule="A2",
    ),
    Move(
        "endorse", N_("Endorse"), (D.ENDORSING,), D.HEAD_SIGNING, "touched_unit_head",
        when=("last endorsement",), signs="endorsement", rule="A2",
    ),
    *_returns(D.ENDORSING, "touched_unit_head", "A2"),
    Move(
        "sign", N_("Sign as head of unit"), (D.HEAD_SIGNING,), D.COORDINATION_AGREEMENT, "author_unit_head",
        needs=_COMPLETE, signs="unit_head", rule="A3",
    ),
    *_returns(D.HEAD_SIGNING, "author_unit_head", "A3"),
    Move(
        "agree", N_("Agree as head of the coordination unit"), (D.COORDINATION_AGREEMENT,), D.DEPUTY_AGREEMENT,
        "author_coordination_head", signs="coordination_head", rule="A4",
    ),
    *_returns(D.COORDINATION_AGREEMENT, "author_coordination_head", "A4"),
    Move(
        "agree", N_("Agree as first deputy head"), (D.DEPUTY_AGREEMENT,), D.AGREED, "first_deputy",
        signs="first_deputy", rule="A4",
    ),
    *_returns(D.DEPUTY_AGREEMENT, "first_deputy", "A4"),
    Move(
        "register", N_("Register the draft"), (D.AGREED,), D.REGISTERED, "author_coordination",
        when=_NEW, rule="A5",
    ),
    Move(
        "send", N_("Send to the centre"), (D.REGISTERED,), D.SENT, "author_coordination",
        when=("for the centre",), rule="A6",
    ),
    Move(
        "send", N_("Send the new version to the centre"), (D.AGREED,), D.SENT, "author_coordination",
        when=_REWORKED, rule=N_("procedure §6, rework at RTU"),
    ),
    Move(
        "prepare_profile", N_("Prepare the local profile"), (D.REGISTERED,), None, "author",
        when=("local", "no profile yet"), rule=N_("procedure §7, local"),
    ),
    Move(
        "withdraw", N_("Withdraw the draft"), (D.DRAFTING,), D.WITHDRAWN, "author", ("reason",),
        when=_NEW, rule=N_("procedure §6 (ours)"), danger=True,
    ),
    Move(
        "withdraw", N_("Withdraw the draft"), (D.REGISTERED, D.SENT, D.UNDER_REVIEW, D.WORKSHOP), D.WITHDRAWN,
        "author_coordination", ("reason",), needs=("no profile yet",),
        rule=N_("procedure §6 (ours)"), danger=True,
    ),
    Move(
        "replace_author", N_("Name another author"),
        (
            D.DRAFTING, D.ENDORSING, D.HEAD_SIGNING, D.COORDINATION_AGREEMENT, D.DEPUTY_AGREEMENT, D.AGREED,
            D.REGISTERED, D.REWORK_REGIONAL,
        ),
        None, "author_unit_head", ("author", "reason"), rule=N_("procedure §5 (ours)"),
    ),
    Move(
        "hand_over", N_("Continued at the successor"),
        (D.DRAFTING, D.ENDORSING, D.HEAD_SIGNING, D.COORDINATION_AGREEMENT, D.DEPUTY_AGREEMENT, D.AGREED),
        D.WITHDRAWN, PORTAL, when=_NEW, rule=N_("closure of an authority (ours)"),
    ),
)  # fmt: skip

PHASE_B = (
    Move(
        "receive", N_("Confirm receipt"), (D.SENT,), D.UNDER_REVIEW, "central_coordination",
        ("competent_unit",), rule=_AT_CENTRE,
    ),
    Move(
        "name_executor", N_("Name the executor"), (*UNDER_STUDY, D.EXPEDIENT), None, "competent_unit_head",
        ("executor",), when=("no executor yet",), rule=_AT_CENTRE,
    ),
    Move(
        "replace_executor", N_("Name another executor"), (*UNDER_STUDY, D.EXPEDIENT), None, "competent_unit_head",
        ("executor",), when=("executor named", "no profile yet"), rule=_AT_CENTRE,
    ),
    Move(
        "reassign", N_("Name another competent unit"), (D.UNDER_REVIEW,), None, "central_coordination",
        ("competent_unit",), when=("not proposed",), rule=N_("procedure §6 (ours)"),
    ),
    Move(
        "call_workshop", N_("Call a joint workshop"), (D.UNDER_REVIEW,), D.WORKSHOP, "central_coordination_head",
        ("units",), when=("not proposed",), needs=("touches several units",), rule=_AT_CENTRE,
    ),
    Move(
        "enter_minutes", N_("Enter the minutes"), (D.WORKSHOP,), D.UNDER_REVIEW, "central_coordination",
        ("held_on", "participants", "found_expedient", "responsible_unit"), rule=_AT_CENTRE,
    ),
    Move(
        "propose_expedient", N_("Propose: expedient"), UNDER_STUDY, None, "executor", ("grounds",),
        when=("not proposed",), rule=_AT_CENTRE,
    ),
    Move(
        "take_back_proposal", N_("Take the proposal back"), UNDER_STUDY, None, "executor",
        when=("proposed",), rule=_AT_CENTRE,
    ),
    Move(
        "agree_expedient", N_("Agree: expedient"), UNDER_STUDY, D.EXPEDIENT, "competent_unit_head",
        when=("proposed",), rule=_AT_CENTRE,
    ),
    Move(
        "decline_proposal", N_("Decline the proposal"), UNDER_STUDY, None, "competent_unit_head", ("reason",),
        when=("proposed",), rule=_AT_CENTRE, danger=True,
    ),
    Move(
        "find_inexpedient", N_("Decide: inexpedient"), UNDER_STUDY, D.INEXPEDIENT, "executor", ("justification",),
        when=("not proposed",), rule=_AT_CENTRE, danger=True,
    ),
    Move(
        "collect_information", N_("Collect information"), (D.UNDER_REVIEW, D.REWORK_CENTRAL, D.RTU_OPINION),
        D.INFORMATION, "executor", ("information", "information_from"), when=("not proposed",), rule=_AT_CENTRE,
    ),
    Move(
        "rework_at_centre", N_("Rework at the centre"), (D.UNDER_REVIEW, D.INFORMATION, D.RTU_OPINION),
        D.REWORK_CENTRAL, "executor", ("reason",), when=("not proposed",), rule=_AT_CENTRE,
    ),
    Move(
        "send_back", N_("Send back for rework"), _REGIONAL_RESOLUTIONS_FROM, D.REWORK_REGIONAL, "executor",
        ("defects",), when=("not proposed",), rule=_AT_CENTRE,
    ),
    Move(
        "ask_rtu", N_("Ask the directorate"), _REGIONAL_RESOLUTIONS_FROM, D.RTU_REQUEST, "executor",
        ("question", "rtu_unit"), when=("not proposed", "from a customs house under an RTU"), rule=_AT_CENTRE,
    ),
    Move(
        "write_opinion", N_("Write the opinion"), (D.RTU_REQUEST,), None, "rtu_unit", ("opinion",),
        when=("no opinion yet",), rule=_AT_CENTRE,
    ),
    Move(
        "return_opinion", N_("Return the opinion"), (D.RTU_REQUEST,), None, "rtu_coordination", ("reason",),
        when=("opinion written",), rule=_AT_CENTRE, danger=True,
    ),
    Move(
        "agree_opinion", N_("Agree the opinion"), (D.RTU_REQUEST,), D.RTU_OPINION, "rtu_coordination",
        when=("opinion written",), rule=_AT_CENTRE,
    ),
    Move(
        "prepare_profile", N_("Prepare the profile"), (D.EXPEDIENT,), None, "executor",
        when=("no profile yet",), rule=N_("procedure §7.1"),
    ),
    Move(
        "embody", N_("Profile prepared"), (D.EXPEDIENT, D.REGISTERED), D.EMBODIED, PORTAL,
        when=("profile begun",), rule=N_("procedure §7.1"),
    ),
)  # fmt: skip

DRAFT_MOVES = (*PHASE_A, *PHASE_B)

"""The life of a risk profile, from its preparation to its end. If it is not in this table it cannot happen."""

from __future__ import annotations

from portal.levels.words import N_
from portal.workflow.move import PORTAL, Move
from portal.workflow.statuses import P

_COMPLETE = ("text and note complete", "validity not passed")
_FORCE = (P.IN_FORCE, P.SUSPENDED)
#: A registered profile may be cancelled before its first day, too.
_REGISTERED = (*_FORCE, P.AWAITING_FORCE)
_IN_ORDER = ("validity not passed", "version before not suspended", "version before not cancelled")


def _returns(source: P, seat: str, rule: str) -> Move:
    return Move(
        "return", N_("Return with reason"), (source,), P.PREPARING, seat, ("reason",), rule=rule, danger=True
    )


#: Seat that the state's signature table names for the profile's territorial scope (`portal.levels.signing`).
SIGNATORY = "signatory"

PREPARATION = (
    Move(
        "collect_endorsements", N_("Collect endorsements"), (P.PREPARING,), P.PROFILE_ENDORSING,
        "profile_executor", when=("units touched",), needs=_COMPLETE, rule=N_("procedure §7.1"),
    ),
    Move(
        "endorse", N_("Endorse"), (P.PROFILE_ENDORSING,), None, "touched_unit_head",
        when=("other units still to endorse",), signs="endorsement", rule=N_("procedure §7.1"),
    ),
    Move(
        "endorse", N_("Endorse"), (P.PROFILE_ENDORSING,), P.EXECUTOR_SIGNING, "touched_unit_head",
        when=("last endorsement",), signs="endorsement", rule=N_("procedure §7.1"),
    ),
    _returns(P.PROFILE_ENDORSING, "touched_unit_head", N_("procedure §7.1")),
    Move(
        "sign_as_executor", N_("Sign as executor"), (P.PREPARING, P.PROFILE_ENDORSING, P.EXECUTOR_SIGNING),
        P.PROFILE_HEAD_SIGNING,
        "profile_executor", when=("no unit touched",), needs=_COMPLETE, signs="executor", rule=N_("procedure §7.1"),
    ),
    Move(
        "reopen", N_("Take back to change the text"), (P.EXECUTOR_SIGNING,), P.PREPARING, "profile_executor",
        rule=N_("procedure §7.1 (ours)"), danger=True,
    ),
    Move(
        "sign", N_("Sign as head of unit"), (P.PROFILE_HEAD_SIGNING,), P.FILE, "profile_unit_head",
        needs=_COMPLETE, signs="unit_head", rule=N_("procedure §7.1"),
    ),
    _returns(P.PROFILE_HEAD_SIGNING, "profile_unit_head", N_("procedure §7.1")),
    Move(
        "replace_executor", N_("Name another executor"), (P.PREPARING, P.EXECUTOR_SIGNING, P.FILE, P.APPROVED, *_FORCE),
        None, "profile_unit_head", ("executor",), rule=N_("procedure §7.1 (ours)"),
    ),
    Move(
        "abandon", N_("Abandon the preparation"), (P.PREPARING,), P.ABANDONED, "profile_executor", ("reason",),
        needs=("never signed",), rule=N_("procedure §7 (ours)"), danger=True,
    ),
)  # fmt: skip

APPROVAL = (
    Move(
        "put_on_carrier", N_("Put on its carrier for approval"), (P.FILE,), P.APPROVAL, "profile_executor",
        needs=("opinion on file",), rule=N_("procedure §7.2"),
    ),
    Move(
        "approve", N_("Approve and sign"), (P.APPROVAL,), P.APPROVED, SIGNATORY,
        needs=_IN_ORDER, signs="approval", rule=N_("procedure §7.3"),
    ),
    _returns(P.APPROVAL, SIGNATORY, N_("procedure §7.3")),
    Move(
        "refuse", N_("Refuse"), (P.APPROVAL,), P.REFUSED, SIGNATORY, ("reason",),
        rule=N_("procedure §7.3 (ours)"), danger=True,
    ),
    Move(
        "give_details", N_("Give the details of the memorandum"), (P.APPROVED,), P.AWAITING_NUMBER,
        "profile_executor", ("carrier_number", "carrier_date"), when=("on a memorandum",), rule=N_("procedure §7.4"),
    ),
    Move(
        "give_details", N_("Give the details of the letter"), (P.APPROVED,), P.AWAITING_NUMBER,
        "profile_executor", ("carrier_number", "carrier_date", "records_number"), when=("on a letter",),
        rule=N_("procedure §7.4"),
    ),
    Move(
        "register", N_("Assign the number"), (P.AWAITING_NUMBER,), P.AWAITING_FORCE, "profile_coordination",
        needs=_IN_ORDER, rule=N_("procedure §7.5"),
    ),
    Move(
        "return_details", N_("Return the details"), (P.AWAITING_NUMBER,), P.APPROVED, "profile_coordination",
        ("reason",), rule=N_("procedure §7.5 (ours)"), danger=True,
    ),
)  # fmt: skip

FORCE = (
    Move("enter_force", N_("Comes into force"), (P.AWAITING_FORCE,), P.IN_FORCE, PORTAL, rule=N_("procedure §7.5")),
    Move(
        "end_update", N_("Ended with the version before it"),
        (P.PREPARING, P.PROFILE_ENDORSING, P.EXECUTOR_SIGNING, P.PROFILE_HEAD_SIGNING, P.FILE, P.APPROVAL, P.APPROVED,
         P.AWAITING_NUMBER, P.AWAITING_FORCE), P.ABANDONED, PORTAL, rule=N_("procedure §7, cancellation (ours)"),
    ),
    Move("supersede", N_("Superseded"), _FORCE, P.SUPERSEDED, PORTAL, rule=N_("procedure §7, update")),
    Move(
        "expire", N_("Expires"), (*_FORCE, P.AWAITING_FORCE), P.EXPIRED, PORTAL, rule=N_("procedure §7, expiry")
    ),
    Move(
        "record_act", N_("Record the legal act"), _FORCE, None, "profile_coordination",
        ("act_number", "act_date"), rule=N_("procedure §7"),
    ),
    Move(
        "begin_update", N_("Begin a new version"), (P.IN_FORCE,), None, "profile_executor",
        when=("no cancellation under way",), needs=("no update under way",), rule=N_("procedure §7, update"),
    ),
    Move(
        "suspend", N_("Suspend"), (P.IN_FORCE,), P.SUSPENDED, "central_coordination_head", ("reason",),
        when=("local",), rule=N_("procedure §7, local"), danger=True,
    ),
    Move(
        "resume", N_("Lift the suspension"), (P.SUSPENDED,), P.IN_FORCE, "central_coordination_head", ("reason",),
        when=("local",), rule=N_("procedure §7, local (ours)"),
    ),
    Move(
        "propose_cancellation", N_("Propose cancellation"), _REGISTERED, None, "profile_executor", ("reason",),
        when=("no cancellation under way",), rule=N_("procedure §7, cancellation"), danger=True,
    ),
    Move(
        "sign_cancellation", N_("Sign the cancellation as head of unit"), _REGISTERED, None, "profile_unit_head",
        when=("cancellation proposed",), signs="cancellation_head", rule=N_("procedure §7, cancellation"),
    ),
    Move(
        "decline_cancellation", N_("Decline the cancellation"), _REGISTERED, None, "profile_unit_head", ("reason",),
        when=("cancellation under way",), rule=N_("procedure §7, cancellation"),
    ),
    Move(
        "refuse_cancellation", N_("Refuse the cancellation"), _REGISTERED, None, SIGNATORY, ("reason",),
        when=("cancellation signed",), rule=N_("procedure §7, cancellation (ours)"),
    ),
    Move(
        "cancel", N_("Cancel the profile"), _REGISTERED, P.CANCELLED, SIGNATORY, when=("cancellation signed",),
        signs="cancellation", rule=N_("procedure §7, cancellation"), danger=True,
    ),
)  # fmt: skip

PROFILE_MOVES = (*PREPARATION, *APPROVAL, *FORCE)

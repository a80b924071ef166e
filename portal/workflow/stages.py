"""Which limit runs in which status, and why the other open statuses have none (procedure §8)."""

from __future__ import annotations

from portal.levels.words import N_
from portal.workflow.clocks import LIMITS
from portal.workflow.statuses import D, P, Status

#: The limit that runs while a document is in a status.
LIMIT_IN: dict[Status, str] = {
    D.UNDER_REVIEW: "consideration",
    D.WORKSHOP: "consideration",
    D.INFORMATION: "information",
    D.REWORK_CENTRAL: "rework_central",
    D.REWORK_REGIONAL: "rework_regional",
    D.RTU_REQUEST: "rtu_request",
    D.RTU_OPINION: "rtu_opinion",
    D.EXPEDIENT: "expedient",
    P.APPROVED: "registration_details",
    P.AWAITING_NUMBER: "registration_number",
}

#: A reworked draft passes these again before it is sent; its ten days go on running through them.
REWORK_PASSES = frozenset(
    {D.ENDORSING, D.HEAD_SIGNING, D.COORDINATION_AGREEMENT, D.DEPUTY_AGREEMENT, D.AGREED}
)

_OWN_PACE = N_("the procedure sets no limit for work inside the originating authority")
_ON_THE_DRAFT = N_("the limit to prepare the profile runs on its draft")
_NO_LIMIT_ON_APPROVAL = N_("the procedure sets no limit for those who sign")

#: Open statuses without a limit, each with the reason.
EXCUSED: dict[Status, str] = {
    D.DRAFTING: _OWN_PACE,
    D.ENDORSING: _OWN_PACE,
    D.HEAD_SIGNING: _OWN_PACE,
    D.COORDINATION_AGREEMENT: _OWN_PACE,
    D.DEPUTY_AGREEMENT: _OWN_PACE,
    D.AGREED: _OWN_PACE,
    D.REGISTERED: _OWN_PACE,
    D.SENT: N_("the ten days run from receipt, which is the next act"),
    P.PREPARING: _ON_THE_DRAFT,
    P.PROFILE_ENDORSING: _ON_THE_DRAFT,
    P.EXECUTOR_SIGNING: _ON_THE_DRAFT,
    P.PROFILE_HEAD_SIGNING: _NO_LIMIT_ON_APPROVAL,
    P.FILE: _NO_LIMIT_ON_APPROVAL,
    P.APPROVAL: _NO_LIMIT_ON_APPROVAL,
    P.AWAITING_FORCE: N_("it waits for its own validity date"),
    P.IN_FORCE: N_("it ends on its own end date, announced beforehand"),
    P.SUSPENDED: N_("it waits for the centre or its own end date"),
}


def limit_in(status: Status, kind: str, numbered: bool) -> str:
    """The name of the limit that runs in a status; empty when none does.

    Args:
        kind: "urgent" documents are decided on the day of receipt.
        numbered: a draft with its number that is back in its authority is being reworked.
    """
    if status in REWORK_PASSES and numbered:
        return "rework_regional"
    limit = LIMIT_IN.get(status, "")
    return "urgent" if limit == "consideration" and kind == "urgent" else limit


def seats_of(limit_name: str, executor_named: bool) -> tuple[str, tuple[str, ...]]:
    """The seat responsible under a limit, and those alerted besides once it has passed."""
    limit = LIMITS[limit_name]
    before = limit.responsible_before
    responsible = before if before and not executor_named else limit.responsible
    return responsible, tuple(limit.also_alerted)


def in_profile(seat: str) -> str:
    """The seat's name on a profile: its executor and coordination unit are those of its own authority."""
    return {
        "executor": "profile_executor",
        "central_coordination": "profile_coordination",
        "central_coordination_head": "profile_coordination_head",
        "competent_unit_head": "profile_unit_head",
    }.get(seat, seat)

"""The statuses of a draft, a profile and union risk information, each with one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.levels.words import N_


class D(StrEnum):
    """The status of a draft (procedure §5 and §6)."""

    DRAFTING = "drafting"
    ENDORSING = "endorsing"
    HEAD_SIGNING = "head_signing"
    COORDINATION_AGREEMENT = "coordination_agreement"
    DEPUTY_AGREEMENT = "deputy_agreement"
    AGREED = "agreed"
    REGISTERED = "registered"
    SENT = "sent"
    UNDER_REVIEW = "under_review"
    WORKSHOP = "workshop"
    INFORMATION = "information"
    REWORK_CENTRAL = "rework_central"
    REWORK_REGIONAL = "rework_regional"
    RTU_REQUEST = "rtu_request"
    RTU_OPINION = "rtu_opinion"
    EXPEDIENT = "expedient"
    EMBODIED = "embodied"
    INEXPEDIENT = "inexpedient"
    WITHDRAWN = "withdrawn"


class P(StrEnum):
    """The status of a profile (procedure §7)."""

    PREPARING = "preparing"
    PROFILE_ENDORSING = "profile_endorsing"
    EXECUTOR_SIGNING = "executor_signing"
    PROFILE_HEAD_SIGNING = "profile_head_signing"
    FILE = "file"
    APPROVAL = "approval"
    APPROVED = "approved"
    AWAITING_NUMBER = "awaiting_number"
    AWAITING_FORCE = "awaiting_force"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    ABANDONED = "abandoned"


Status = D | P


@dataclass(frozen=True)
class Meaning:
    """What a status is called, what it means in one sentence, the tone it is shown in, and if it ends."""

    label: str
    sentence: str
    tone: str
    final: bool = False


#: Tones are those of the pages: grey not begun, blue in work, amber waiting, red refused, green done, violet suspended.
MEANINGS: dict[Status, Meaning] = {
    D.DRAFTING: Meaning(N_("Drafting"), N_("The author is writing the draft and its note."), "grey"),
    D.ENDORSING: Meaning(
        N_("Endorsement"), N_("The heads of the units that the draft touches endorse it."), "amber"
    ),
    D.HEAD_SIGNING: Meaning(
        N_("Signature of the unit"), N_("The head of the structural unit signs draft and note."), "amber"
    ),
    D.COORDINATION_AGREEMENT: Meaning(
        N_("Agreement of the coordination unit"), N_("The head of the coordination unit agrees."), "amber"
    ),
    D.DEPUTY_AGREEMENT: Meaning(
        N_("Agreement of the first deputy"),
        N_("The first deputy head for customs control agrees."),
        "amber",
    ),
    D.AGREED: Meaning(N_("Agreed"), N_("All have signed; the coordination unit acts next."), "blue"),
    D.REGISTERED: Meaning(N_("Registered"), N_("The draft has its number in the register."), "blue"),
    D.SENT: Meaning(N_("Sent to the centre"), N_("The centre has not yet confirmed receipt."), "blue"),
    D.UNDER_REVIEW: Meaning(N_("Under review"), N_("The centre considers the draft."), "blue"),
    D.WORKSHOP: Meaning(
        N_("Joint workshop"), N_("Several central units consider the draft together."), "blue"
    ),
    D.INFORMATION: Meaning(
        N_("Information collection"), N_("The executor waits for information that was asked for."), "amber"
    ),
    D.REWORK_CENTRAL: Meaning(
        N_("Rework at the centre"), N_("The executor reworks the draft at the centre."), "amber"
    ),
    D.REWORK_REGIONAL: Meaning(
        N_("Rework at the RTU or customs house"),
        N_("The draft is expedient but has defects that its author mends."),
        "amber",
    ),
    D.RTU_REQUEST: Meaning(
        N_("RTU request"), N_("The regional directorate is asked for its opinion."), "amber"
    ),
    D.RTU_OPINION: Meaning(N_("RTU opinion"), N_("The opinion has come; the executor decides."), "blue"),
    D.EXPEDIENT: Meaning(N_("Expedient"), N_("A profile is to be prepared from the draft."), "green"),
    D.EMBODIED: Meaning(
        N_("Profile prepared"), N_("A profile was prepared from the draft and signed."), "green", final=True
    ),
    D.INEXPEDIENT: Meaning(
        N_("Inexpedient"), N_("The draft was found inexpedient, with grounds."), "red", final=True
    ),
    D.WITHDRAWN: Meaning(
        N_("Withdrawn"), N_("The author's authority withdrew the draft."), "grey", final=True
    ),
    P.PREPARING: Meaning(N_("Being prepared"), N_("The executor prepares the profile and its note."), "grey"),
    P.PROFILE_ENDORSING: Meaning(
        N_("Endorsement of the profile"), N_("The units concerned endorse the profile."), "amber"
    ),
    P.EXECUTOR_SIGNING: Meaning(
        N_("Signature of the executor"), N_("All have endorsed; the executor signs."), "amber"
    ),
    P.PROFILE_HEAD_SIGNING: Meaning(
        N_("Signature of the head of unit"), N_("The head of the structural unit signs."), "amber"
    ),
    P.FILE: Meaning(N_("File being assembled"), N_("The executor puts the profile on its carrier."), "blue"),
    P.APPROVAL: Meaning(
        N_("Approval"), N_("The carrier lies before the official who signs for the territory."), "amber"
    ),
    P.APPROVED: Meaning(
        N_("Approved"), N_("The executor gives the carrier's details to the coordination unit."), "blue"
    ),
    P.AWAITING_NUMBER: Meaning(
        N_("Awaiting its number"), N_("The coordination unit assigns the registration number."), "amber"
    ),
    P.AWAITING_FORCE: Meaning(
        N_("Registered, not yet in force"), N_("The profile comes into force on its validity date."), "blue"
    ),
    P.IN_FORCE: Meaning(N_("In force"), N_("The profile applies in its territory."), "green"),
    P.SUSPENDED: Meaning(N_("Suspended"), N_("The centre has suspended the local profile."), "violet"),
    P.SUPERSEDED: Meaning(
        N_("Superseded"), N_("A newer version is in force under the same number."), "grey", final=True
    ),
    P.EXPIRED: Meaning(N_("Expired"), N_("The end date has passed."), "grey", final=True),
    P.CANCELLED: Meaning(N_("Cancelled"), N_("Cancelled by an act with a reason."), "red", final=True),
    P.REFUSED: Meaning(N_("Refused"), N_("The resolution on the carrier was negative."), "red", final=True),
    P.ABANDONED: Meaning(
        N_("Abandoned"), N_("The preparation ended before the profile came into force."), "grey", final=True
    ),
}

#: The statuses in which the centre studies a draft and its executor may put a resolution on it.
UNDER_STUDY = (D.UNDER_REVIEW, D.INFORMATION, D.REWORK_CENTRAL, D.RTU_OPINION)

#: The statuses in which the text may be changed.
WRITABLE: frozenset[Status] = frozenset({D.DRAFTING, D.REWORK_REGIONAL, P.PREPARING})


def status_of(document: str, value: str) -> Status:
    """The status that is stored as `value` for a `document` of kind "draft" or "profile"."""
    return D(value) if document == "draft" else P(value)

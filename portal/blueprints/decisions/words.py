"""What the pages of a decision say: what it leads to, and what has been done."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from portal.levels.words import N_
from portal.store import documents
from portal.workflow.clocks import LIMITS, Unit
from portal.workflow.move import Facts, Move
from portal.workflow.stages import limit_in
from portal.workflow.statuses import MEANINGS

#: Acts that end the signatures on a text.
_LAPSING = frozenset({"return", "reopen", "send_back"})

#: The title of the page after an act.
DONE: dict[str, str] = {
    "submit": N_("Submitted"),
    "endorse": N_("Endorsed"),
    "return": N_("Returned to its author"),
    "sign": N_("Signed"),
    "agree": N_("Agreed"),
    "register": N_("Registered"),
    "send": N_("Sent to the centre"),
    "withdraw": N_("Withdrawn"),
    "receive": N_("Receipt confirmed"),
    "name_executor": N_("The executor is named"),
    "replace_executor": N_("Another executor is named"),
    "call_workshop": N_("The workshop is called"),
    "enter_minutes": N_("The minutes are entered"),
    "propose_expedient": N_("Proposed to the head of the unit"),
    "take_back_proposal": N_("The proposal is taken back"),
    "agree_expedient": N_("Found expedient"),
    "decline_proposal": N_("The proposal is declined"),
    "find_inexpedient": N_("Found inexpedient"),
    "collect_information": N_("Information is being collected"),
    "rework_at_centre": N_("Being reworked at the centre"),
    "send_back": N_("Sent back for rework"),
    "ask_rtu": N_("The directorate is asked"),
    "write_opinion": N_("The opinion is written"),
    "return_opinion": N_("The opinion is returned"),
    "agree_opinion": N_("The opinion is agreed"),
    "collect_endorsements": N_("Sent for endorsement"),
    "sign_as_executor": N_("Signed"),
    "reopen": N_("Taken back to be changed"),
    "abandon": N_("The preparation is abandoned"),
    "put_on_carrier": N_("Laid before the official who signs"),
    "approve": N_("Approved"),
    "refuse": N_("Refused"),
    "give_details": N_("The details are given"),
    "record_act": N_("The legal act is recorded"),
    "suspend": N_("Suspended"),
    "resume": N_("The suspension is lifted"),
    "propose_cancellation": N_("The cancellation is proposed"),
    "sign_cancellation": N_("The act of cancellation is signed"),
    "decline_cancellation": N_("The cancellation is declined"),
    "cancel": N_("Cancelled"),
}


def consequences(document: Any, facts: Facts, move: Move) -> list[str]:
    """What will happen when the move is made, a sentence each."""
    found = []
    target = move.target
    if target is not None:
        meaning = MEANINGS[target]
        found.append(
            gettext(
                "New status: %(status)s. %(sentence)s",
                status=gettext(meaning.label),
                sentence=gettext(meaning.sentence),
            )
        )
        limit = limit_in(target, document.kind, document.number is not None)
        if limit and limit != limit_in(facts.status, document.kind, document.number is not None):
            found.append(gettext("A limit begins: %(limit)s.", limit=limit_words(limit)))
        if meaning.final:
            found.append(gettext("This ends the document. It cannot be undone."))
    lapsing = len(documents.signatures(document.id)) if move.name in _LAPSING else 0
    if lapsing:
        found.append(gettext("Signatures that lapse: %(count)s. The history keeps them.", count=lapsing))
    if move.name == "register" and not document.number:
        found.append(gettext("The next number of the register is given and never used again."))
    if move.signs:
        found.append(gettext("Your signature is bound to the exact text shown here."))
    return found


def limit_words(name: str) -> str:
    """Such as "10 working days"."""
    limit = LIMITS[name]
    if limit.unit is Unit.SAME_DAY:
        return gettext("the same working day")
    if limit.unit is Unit.HOURS:
        return gettext("%(count)s working hour(s)", count=limit.amount)
    return gettext("%(count)s working day(s)", count=limit.amount)

"""The acts of the procedure as things done."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from portal.levels.words import N_

#: By the name of the move or event, as a result page and the history say it.
DONE: dict[str, str] = {
    "submit": N_("Submitted"),
    "endorse": N_("Endorsed"),
    "return": N_("Returned to its author"),
    "sign": N_("Signed"),
    "agree": N_("Agreed"),
    "register": N_("Registered"),
    "send": N_("Sent to the centre"),
    "withdraw": N_("Withdrawn"),
    "replace_author": N_("Another author is named"),
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
    "embody": N_("The profile is prepared and signed"),
    "enter_force": N_("Came into force"),
    "supersede": N_("Superseded by a newer version"),
    "expire": N_("Expired"),
}


def done_words(entry: Any) -> str:
    """What an entry of the journal says was done; an event without words of its own by its label."""
    return str(gettext(DONE.get(entry.event, entry.label)))

"""What a move does to the columns of its document, beside the change of status: one short function for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from portal.models import Document, Draft, Profile, WorkshopUnit
from portal.operations import profiles, publication, registration, texts
from portal.operations.acts import Acts
from portal.store.session import session
from portal.workflow.engine import Outcome

Carried = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One decided move, as an effect sees it."""

    document: Document
    outcome: Outcome
    carried: Carried
    acts: Acts
    at: datetime

    @property
    def draft(self) -> Draft:
        return cast(Draft, self.document)

    @property
    def profile(self) -> Profile:
        return cast(Profile, self.document)


def _lapse(act: Act) -> None:
    texts.lapse(act.document, act.at)


def _register(act: Act) -> None:
    registration.register(act.document, act.acts, act.at)


def _receive(act: Act) -> None:
    act.draft.competent_unit_id = act.carried["competent_unit"]
    act.draft.executor_id = None
    act.draft.proposal = None


def _replace_author(act: Act) -> None:
    """Whoever wrote the text before stays one of those who never sign it for another (procedure §7)."""
    texts.keep_writer(act.document, act.document.author_id)
    act.document.author_id = act.carried["author"]


def _name_executor(act: Act) -> None:
    if isinstance(act.document, Profile) and act.document.executor_id is not None:
        texts.keep_writer(act.document, act.document.executor_id)
    act.document.executor_id = act.carried["executor"]
    if isinstance(act.document, Draft):
        act.document.proposal = None


def _call_workshop(act: Act) -> None:
    for unit_id in act.carried["units"]:
        session().add(
            WorkshopUnit(
                document_id=act.document.id,
                authority_path=act.document.authority_path,
                unit_id=unit_id,
                called_at=act.at,
            )
        )


def _enter_minutes(act: Act) -> None:
    if act.draft.competent_unit_id != act.carried["responsible_unit"]:
        act.draft.competent_unit_id = act.carried["responsible_unit"]
        act.draft.executor_id = None


def _propose(act: Act) -> None:
    act.draft.proposal = act.carried["grounds"]


def _drop_proposal(act: Act) -> None:
    act.draft.proposal = None


def _inexpedient(act: Act) -> None:
    act.draft.grounds = act.carried["justification"]
    _note(act)


def _send_back(act: Act) -> None:
    """Every defect is listed in the register; what the author now writes is the next version."""
    for defect in act.carried["defects"]:
        registration.note(act.document, "defect", defect, act.at)
    texts.lapse(act.document, act.at)
    act.draft.version += 1


def _ask_rtu(act: Act) -> None:
    act.draft.rtu_unit_id = act.carried["rtu_unit"]
    act.draft.rtu_asked, act.draft.opinion, act.draft.opinion_by_id = True, None, None


def _write_opinion(act: Act) -> None:
    act.draft.opinion, act.draft.opinion_by_id = act.carried["opinion"], act.acts.officer_id


def _return_opinion(act: Act) -> None:
    act.draft.opinion, act.draft.opinion_by_id = None, None


def _prepare_profile(act: Act) -> None:
    profiles.prepare(act.draft, act.acts, act.at)


def _give_details(act: Act) -> None:
    act.profile.carrier_number = act.carried["carrier_number"]
    act.profile.carrier_date = date.fromisoformat(act.carried["carrier_date"])
    act.profile.records_number = act.carried.get("records_number")


def _record_act(act: Act) -> None:
    act.profile.act_number = act.carried["act_number"]
    act.profile.act_date = date.fromisoformat(act.carried["act_date"])
    registration.note(act.document, "act", act.carried["act_number"], act.at)


def _give_back_number(act: Act) -> None:
    """A new version that never came frees the number and version for the next attempt."""
    act.profile.number = None


def _begin_update(act: Act) -> None:
    profiles.begin_update(act.profile, act.acts, act.at)


def _suspend(act: Act) -> None:
    publication.mark(act.profile, "suspended", act.at)
    _note(act)


def _resume(act: Act) -> None:
    publication.mark(act.profile, "in_force", act.at)
    _note(act)


def _note(act: Act) -> None:
    """Add the act and its reason to the document's line in the register."""
    words = act.carried.get("reason") or act.carried.get("justification") or ""
    registration.note(act.document, act.outcome.move.name, words, act.at)


def _propose_cancellation(act: Act) -> None:
    act.profile.cancellation, act.profile.cancellation_reason = "proposed", act.carried["reason"]


def _sign_cancellation(act: Act) -> None:
    act.profile.cancellation = "signed"


def _decline_cancellation(act: Act) -> None:
    """The act falls, with the signatures on it: a later one is signed anew, by the same officers too."""
    act.profile.cancellation = act.profile.cancellation_reason = None
    texts.lapse(act.document, act.at, ("act", "act carrier"))


def _cancel(act: Act) -> None:
    publication.mark(act.profile, "ended", act.at)
    registration.note(act.document, "cancel", act.profile.cancellation_reason or "", act.at)


def _end(act: Act) -> None:
    """A profile that ends by itself takes an act of cancellation still under way with it."""
    publication.mark(act.profile, "ended", act.at)
    act.profile.cancellation = act.profile.cancellation_reason = None
    registration.note(act.document, act.outcome.move.name, "", act.at)


def _publish(act: Act) -> None:
    publication.publish(act.profile, act.at)


EFFECTS: dict[str, Callable[[Act], None]] = {
    "return": _lapse,
    "reopen": _lapse,
    "register": _register,
    "receive": _receive,
    "reassign": _receive,
    "replace_author": _replace_author,
    "name_executor": _name_executor,
    "replace_executor": _name_executor,
    "call_workshop": _call_workshop,
    "enter_minutes": _enter_minutes,
    "propose_expedient": _propose,
    "take_back_proposal": _drop_proposal,
    "agree_expedient": _drop_proposal,
    "decline_proposal": _drop_proposal,
    "find_inexpedient": _inexpedient,
    "send_back": _send_back,
    "ask_rtu": _ask_rtu,
    "write_opinion": _write_opinion,
    "return_opinion": _return_opinion,
    "prepare_profile": _prepare_profile,
    "give_details": _give_details,
    "record_act": _record_act,
    "abandon": _give_back_number,
    "refuse": _give_back_number,
    "begin_update": _begin_update,
    "suspend": _suspend,
    "resume": _resume,
    "propose_cancellation": _propose_cancellation,
    "sign_cancellation": _sign_cancellation,
    "decline_cancellation": _decline_cancellation,
    "cancel": _cancel,
    "refuse_cancellation": _decline_cancellation,
    "end_update": _give_back_number,
    "withdraw": _note,
    "hand_over": _lapse,
    "expire": _end,
    "supersede": _end,
    "enter_force": _publish,
}

"""The grounds on which an executor decides: the draft as signed, its note, back-test, opinion and remarks."""

from __future__ import annotations

from typing import Any

from portal.store import documents, journal
from portal.web.documents import content, estimates
from portal.workflow.move import Facts, Move
from portal.workflow.statuses import UNDER_STUDY


def studied_by_executor(document: Any, facts: Facts, move: Move) -> bool:
    """Whether the move is the executor's in the review of a draft, so that its page has three panes."""
    return document.document == "draft" and move.seat == "executor" and facts.status in UNDER_STUDY


def study(document: Any) -> dict[str, Any]:
    """What the panes beside the decision show."""
    draft = draft_of(document)
    return {
        **content_of(document.text),
        "note": content.note(document.text),
        "run": estimates.fresh_run(document),
        "remarks": journal.remarks(document.id),
        "revisions": journal.revisions(document.id),
        "signatures": documents.signatures(document.id),
        "opinion": opinion(draft) if draft is not None else None,
    }


def draft_of(document: Any) -> Any:
    """The draft itself, or that from which a profile was prepared; None when out of scope."""
    if document.document == "draft":
        return document
    return documents.find(document.draft_id) if document.draft_id else None


def opinion(draft: Any) -> dict[str, Any] | None:
    """The question to the directorate with its answer; None when it was never asked."""
    if not draft.rtu_asked:
        return None
    asked = journal.last_carried(draft.id, "ask_rtu")
    named = journal.officer_names((draft.opinion_by_id,))
    return {
        "question": asked.carried.get("question", "") if asked else "",
        "unit": journal.unit_names((draft.rtu_unit_id,), content.language()).get(draft.rtu_unit_id, ""),
        "words": draft.opinion,
        "by": named.get(draft.opinion_by_id, ""),
    }


def content_of(text: content.Text) -> dict[str, Any]:
    """The blocks of a text as templates show them."""
    return {
        "header": content.header(text),
        "applies_to": content.applies_to(text),
        "groups": content.groups(text),
        "questions": text["questions"],
        "measures": content.measures(text),
        "contact": content.contact(text),
    }

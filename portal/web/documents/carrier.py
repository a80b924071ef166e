"""The carrier of a profile: the memorandum or letter, to whom it goes, and what its file holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from portal.levels.signing import CARRIERS
from portal.store import documents, officers
from portal.web.acting import acting
from portal.web.documents.frame import here
from portal.web.documents.grounds import draft_of, opinion
from portal.web.documents.signing import marked
from portal.workflow.seats import SEATS


@dataclass(frozen=True)
class Paper:
    """A paper that the file must hold, in the terms of the macro `ui.checklist`, with its print."""

    what: str
    done: bool
    who: str | None
    url: str | None


def carrier_of(document: Any) -> dict[str, Any]:
    """The context of the carrier's page."""
    facts = documents.facts(document)
    carrier = CARRIERS[facts.formalisation]
    seat = facts.signatory
    holders = officers.holders((seat,), facts.places, acting().local_now().date())
    given = documents.signatures(document.id)
    return {
        "name": gettext(carrier.label),
        "addressee": gettext(SEATS[seat].label),
        "names": [holder.name for holder in holders],
        "number": document.carrier_number,
        "date": document.carrier_date,
        "records_number": document.records_number if carrier.needs_records_number else None,
        "needs_records_number": carrier.needs_records_number,
        "papers": papers(document),
        "signatures": [marked(row) for row in given if row.on_what == "carrier"],
        "text_signatures": [marked(row) for row in given if row.on_what == "text"],
    }


def papers(document: Any) -> list[Paper]:
    """What the file must hold (procedure §7.2)."""
    draft = draft_of(document)
    found = [
        Paper(gettext("The profile"), True, None, here(document, "printed", part="text")),
        Paper(gettext("Its explanatory note"), True, None, here(document, "printed", part="note")),
        _print_of(draft, "text", gettext("Print of the original draft")),
        _print_of(draft, "note", gettext("Print of the note of the draft")),
    ]
    asked = opinion(draft) if draft is not None else None
    if asked is not None:
        url = here(draft, "printed", part="opinion")
        found.append(Paper(gettext("Opinion of the directorate"), bool(asked["words"]), asked["unit"], url))
    return found


def _print_of(draft: Any, part: str, label: str) -> Paper:
    if draft is None:
        return Paper(label, False, None, None)
    return Paper(label, True, draft.number, here(draft, "printed", part=part))

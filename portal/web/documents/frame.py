"""What stands around each page of a document: its header, tabs, and the rail of what happens next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from portal.errors import NotAllowedNow, NotYours
from portal.operations import drafting
from portal.store import documents, journal, officers, stages
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.filters import day
from portal.web.links import document_link
from portal.workflow import engine
from portal.workflow.clock import now
from portal.workflow.engine import Offer
from portal.workflow.move import Facts
from portal.workflow.requirements import ENDED
from portal.workflow.seats import SEATS
from portal.workflow.statuses import MEANINGS, WRITABLE
from portal.workflow.text import KINDS, Missing

#: Pages of other nouns, linked to once they exist.
BUILDER, BACK_TEST = "builder.show", "backtests.show"


@dataclass(frozen=True)
class Item:
    """A line of the checklist."""

    what: str
    done: bool
    who: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Act:
    """A move open to the officer, as its button shows it."""

    label: str
    url: str
    hindrances: tuple[str, ...]
    danger: bool
    kind: str


def frame(document: Any, tab: str) -> dict[str, Any]:
    """The context that every page of a document shares."""
    facts = documents.facts(document)
    meaning = MEANINGS[facts.status]
    return {
        "document": document,
        "kind_label": kind_label(document),
        "state": (gettext(meaning.label), meaning.tone),
        "state_sentence": gettext(meaning.sentence),
        "clock": stages.clock_of(document.id, now()),
        "tabs": tabs(document, tab),
        "writable": writable(document),
        "acts": acts(document, facts),
        "turn": turn(facts),
        "checklist": checklist(document, facts),
        "people": people(document),
        "related": related(document),
        "section_url": lambda section: section_url(document, section),
        "here": lambda endpoint, **values: here(document, endpoint, **values),
    }


def here(document: Any, endpoint: str, **values: Any) -> str:
    """The address of a page of this document, under the blueprint of its kind."""
    noun = "drafting" if document.document == "draft" else "profiles"
    return url_for(f"{noun}.{endpoint}", code=acting().code, document_id=document.id, **values)


def kind_label(document: Any) -> str:
    kind = gettext(KINDS[document.kind])
    if document.document == "draft":
        kind = gettext("Draft: %(kind)s", kind=kind.lower())
    return str(gettext("%(kind)s, version %(version)s", kind=kind, version=document.version))


def section_url(document: Any, section: str) -> str | None:
    """Where a section is written; the indicators have a builder of their own."""
    if section == "groups":
        if BUILDER not in current_app.view_functions:
            return None
        return url_for(BUILDER, code=acting().code, document_id=document.id)
    return here(document, "section", section=section)


def writable(document: Any) -> bool:
    """Whether this officer may change the text now."""
    try:
        drafting.may_write(document, acting().acts)
    except (NotYours, NotAllowedNow):
        return False
    return True


def tabs(document: Any, active: str) -> list[tuple[str, str, bool, int | None]]:
    """The tabs as real links; the back-test stands there once its pages exist."""
    marks = len(documents.signatures(document.id, lapsed=True))
    found: list[tuple[str, str, str | None, int | None]] = [
        ("content", gettext("Content"), here(document, "show"), None),
        ("note", gettext("Note"), here(document, "note"), None),
        ("back_test", gettext("Back-test"), _back_test(document), None),
        ("remarks", gettext("Remarks"), here(document, "remarks"), journal.remarks_count(document.id)),
        ("signatures", gettext("Signatures"), here(document, "signatures"), marks),
        ("versions", gettext("Versions"), here(document, "versions"), None),
        ("history", gettext("History"), here(document, "history"), None),
    ]
    if document.document == "profile":
        found.append(("carrier", gettext("Carrier"), here(document, "carrier"), None))
        found.append(("publication", gettext("Publication"), here(document, "publication"), None))
    return [(label, url, name == active, count) for name, label, url, count in found if url]


def _back_test(document: Any) -> str | None:
    if BACK_TEST not in current_app.view_functions:
        return None
    return url_for(BACK_TEST, code=acting().code, document_id=document.id)


def acts(document: Any, facts: Facts) -> list[Act]:
    """The moves open to the officer, the one to make first; at most one of them is the primary button."""
    offers = engine.available(facts, acting().actor)
    ordered = sorted(offers, key=lambda offer: (offer.move.danger, not engine.forward(offer.move)))
    first = next((offer for offer in ordered if engine.forward(offer.move) and not offer.hindrances), None)
    return [_act(document, offer, offer is first) for offer in ordered]


def _act(document: Any, offer: Offer, first: bool) -> Act:
    return Act(
        gettext(offer.move.label),
        url_for("decisions.form", code=acting().code, document_id=document.id, move=offer.move.name),
        tuple(gettext(words) for words in offer.hindrances),
        offer.move.danger,
        "primary" if first else "quiet",
    )


@dataclass(frozen=True)
class Turn:
    """A seat whose act moves the document on, with those who fill it today; `by_name`: whoever is still to be named."""

    label: str
    names: tuple[str, ...]
    mine: bool
    by_name: bool


def turn(facts: Facts) -> list[Turn]:
    """Whose turn it is."""
    found = []
    mine = acting().officer.id
    for seat in engine.seats_in_turn(facts):
        holders = officers.holders((seat,), facts.places, acting().local_now().date())
        names = tuple(holder.name for holder in holders)
        is_mine = any(holder.id == mine for holder in holders)
        by_name = bool(SEATS[seat].person) and SEATS[seat].person not in facts.places.persons
        found.append(Turn(gettext(SEATS[seat].label), names, is_mine, by_name))
    return found


def checklist(document: Any, facts: Facts) -> list[Item]:
    """What is missing before the next step: of the text while it is written, else of the endorsements."""
    if facts.status in WRITABLE:
        return list(_of_the_text(document, facts))
    return list(_of_the_endorsements(document, facts))


def _of_the_text(document: Any, facts: Facts) -> Iterator[Item]:
    lacks = [*facts.missing, *([Missing("header", "valid_to", ENDED)] if facts.ended else [])]
    lacking = {missing.section for missing in lacks}
    may = writable(document)
    for section, label in (
        ("header", gettext("Header")),
        ("area", gettext("Risk area")),
        ("measures", gettext("Measures")),
        ("contact", gettext("Contact")),
        ("note", gettext("Explanatory note")),
    ):
        if section not in lacking:
            yield Item(label, True)
    for missing in lacks:
        yield Item(gettext(missing.words), False, None, _mended_at(document, missing) if may else None)


def _mended_at(document: Any, missing: Missing) -> str | None:
    if missing.section == "area":
        return section_url(document, missing.field)
    if missing.field == "estimate" and document.text["note"]["estimate"] is None and _back_test(document):
        return _back_test(document)
    url = section_url(document, missing.section)
    return f"{url}#{missing.field}" if missing.section != "measures" else url


def _of_the_endorsements(document: Any, facts: Facts) -> Iterator[Item]:
    """Each unit touched, with who endorsed for it and when."""
    if not facts.status.value.endswith("endorsing"):
        return
    given = {row.unit_id: row for row in documents.signatures(document.id) if row.role == "endorsement"}
    names = journal.unit_names(facts.touched, language())
    for unit in sorted(facts.touched):
        mark = given.get(unit)
        who = f"{mark.officer_name}, {day(mark.at)}" if mark else None
        yield Item(gettext("Endorsement of %(unit)s", unit=names.get(unit, "")), mark is not None, who)


def people(document: Any) -> list[tuple[str, str]]:
    """Those who answer for the document, by their part in it."""
    competent = getattr(document, "competent_unit_id", None)
    named = journal.officer_names((document.author_id, document.executor_id))
    units = journal.unit_names((document.unit_id, competent), language())
    own = document.authority.name_ru if language() == "ru" else document.authority.name_en
    unit_label = gettext("Author's unit") if document.document == "draft" else gettext("Structural unit")
    rows = [
        (gettext("Author"), named.get(document.author_id, "")),
        (gettext("Authority"), own),
        (unit_label, units.get(document.unit_id, "")),
    ]
    if competent:
        rows.append((gettext("Competent unit"), units.get(competent, "")))
    if document.executor_id:
        rows.append((gettext("Executor"), named.get(document.executor_id, "")))
    return rows


def related(document: Any) -> list[tuple[str, str]]:
    """Documents beside this one: label and address."""
    wanted: list[tuple[str, int | None]] = []
    if document.document == "draft":
        wanted.append((gettext("The profile prepared from it"), documents.open_profile_of(document.id)))
    else:
        wanted.append((gettext("The original draft"), document.draft_id))
        wanted.append((gettext("The version that it updates"), document.updates_id))
        wanted.append((gettext("The new version being prepared"), documents.open_update_of(document.id)))
    found = []
    for label, other in wanted:
        row = documents.find(other) if other is not None else None
        if row is not None and (url := document_link(row.document, row.id)):
            found.append((label, url))
    return found

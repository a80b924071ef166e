"""A page for every move of the procedure, made from its line in the table."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.decisions import blueprint
from portal.blueprints.decisions.words import consequences
from portal.errors import Invalid, NotHere
from portal.operations import procedure
from portal.store import documents, journal
from portal.web import carried, confirming
from portal.web.access import PROCEDURE
from portal.web.acting import acting
from portal.web.confirming import Confirmed
from portal.web.documents import grounds, signing
from portal.web.documents.done import done_words
from portal.web.documents.frame import frame, kind_label
from portal.web.forms import PortalForm, shown_version
from portal.web.links import document_link
from portal.web.page import page
from portal.workflow import engine
from portal.workflow.engine import TABLES, Offer
from portal.workflow.move import PORTAL
from portal.workflow.statuses import MEANINGS, status_of

#: Moves that begin another document, to which the officer is led.
_BEGINS = {"prepare_profile": documents.open_profile_of, "begin_update": documents.open_update_of}


@blueprint.get("/<code>/documents/<int:document_id>/<move>", access=PROCEDURE)
def form(document_id: int, move: str) -> ResponseReturnValue:
    document, offer = _offered(document_id, move)
    return _page(document, offer, carried.decision_form(document, offer.move))


@blueprint.post("/<code>/documents/<int:document_id>/<move>", access=PROCEDURE)
def make(document_id: int, move: str) -> ResponseReturnValue:
    """Make the move, once what it carries is complete and it is sure who signs."""
    document, offer = _offered(document_id, move)
    typed = carried.decision_form(document, offer.move)
    if shown_version() != document.row_version:
        return _stale(document, offer, typed)
    if not typed.validate():
        return _page(document, offer, typed, 422)
    if isinstance(typed, Confirmed) and (refused := _unconfirmed(typed)):
        return _page(document, offer, typed, refused)
    given = carried.collected(typed, offer.move)
    procedure.advance(document, acting().acts, move, given, carried.shown(typed, offer.move))
    return redirect(_next(document, move), 303)


@blueprint.get("/<code>/documents/<int:document_id>/done/<int:entry_id>", access=PROCEDURE)
def done(document_id: int, entry_id: int) -> ResponseReturnValue:
    """What was done, with its number, and what happens next."""
    document = procedure.load(document_id)
    entry = journal.entry(document_id, entry_id)
    if entry is None:
        raise NotHere
    after = MEANINGS[status_of(document.document, entry.to_status)]
    return page(
        "decisions/done.html",
        **frame(document, ""),
        title=done_words(entry),
        entry=entry,
        after=gettext(after.sentence),
        document_url=document_link(document.document, document.id),
        waiting=_waiting(document_id),
    )


def _offered(document_id: int, name: str) -> tuple[Any, Offer]:
    """The document and its move, if the officer may make it now.

    Raises:
        NotHere: no such document or act. NotYours, NotAllowedNow: as `procedure.decide`.
    """
    document = procedure.load(document_id)
    if not any(move.name == name and move.seat != PORTAL for move in TABLES[document.document]):
        raise NotHere
    with suppress(Invalid):  # what it must carry is what the form asks for
        procedure.decide(document, acting().acts, name, {})
    facts = documents.facts(document)
    offers = engine.available(facts, acting().actor)
    return document, next(offer for offer in offers if offer.move.name == name)


def _page(document: Any, offer: Offer, typed: PortalForm, status: int = 200) -> ResponseReturnValue:
    facts = documents.facts(document)
    studied = grounds.studied_by_executor(document, facts, offer.move)
    template = "decisions/study.html" if studied else "decisions/form.html"
    context = {
        **frame(document, ""),
        "form": typed,
        "move": offer.move,
        "title": gettext(offer.move.label),
        "post": offer.post,
        "consequences": consequences(document, facts, offer.move),
        "document_url": document_link(document.document, document.id),
        "heading": kind_label(document),
        "study": grounds.study(document) if studied or offer.move.seat == "rtu_unit" else None,
        "signing": signing.before_signature(document, offer) if offer.move.signs else None,
    }
    return page(template, status, **context)


def _unconfirmed(typed: Confirmed) -> int:
    """Ask once more who signs, and a code where one is asked for; the status of the refusal, or 0."""
    words = gettext("This is not your password. Nothing was signed.")
    if refused := confirming.refused(typed, words):
        return refused
    return confirming.code_refused(typed[carried.CODE]) if carried.CODE in typed else 0


def _stale(document: Any, offer: Offer, typed: PortalForm) -> ResponseReturnValue:
    last = journal.last_entry(document.id)
    meaning = MEANINGS[status_of(document.document, document.status)]
    return page(
        "errors/stale.html",
        409,
        mine=[(gettext("Act"), gettext(offer.move.label)), *carried.said(typed, offer.move)],
        theirs=[
            (gettext("Status"), gettext(meaning.label)),
            (gettext("Last act"), gettext(last.label) if last else ""),
        ],
        changed_by=last.officer_name if last else "",
        changed_at=last.at if last else None,
        reload_url=request.path,
    )


def _next(document: Any, move: str) -> str:
    begun = _BEGINS[move](document.id) if move in _BEGINS else None
    if begun is not None and (url := document_link("profile", begun)):
        return url
    last = journal.last_entry(document.id)
    if last is None:
        raise LookupError("an act leaves an entry in the journal")
    return url_for("decisions.done", code=acting().code, document_id=document.id, entry_id=last.id)


def _waiting(but: int) -> dict[str, str] | None:
    """The next document that waits for this officer."""
    for document, _ in documents.awaiting(acting().actor):
        if document.id != but and (url := document_link(document.document, document.id)):
            return {"title": document.title or gettext("Untitled"), "url": url}
    return None

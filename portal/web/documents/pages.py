"""The pages of one document, laid under the blueprint of drafts and that of profiles alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.errors import NotHere
from portal.levels.words import N_
from portal.operations import drafting, procedure
from portal.store import documents, journal
from portal.web import arguments
from portal.web.access import OFFICE, PROCEDURE
from portal.web.acting import acting
from portal.web.blueprint import PortalBlueprint
from portal.web.documents import content, estimates, grounds, history
from portal.web.documents.forms import RemarkForm
from portal.web.documents.frame import frame, here
from portal.web.documents.signing import marked
from portal.web.documents.writing import begin_section, write_section
from portal.web.page import page
from portal.workflow.move import SIGNATURES

#: What may be printed of a document.
PRINTS = {
    "text": N_("Text of the act"),
    "note": N_("Explanatory note"),
    "opinion": N_("Opinion of the directorate"),
}


def lay(blueprint: PortalBlueprint, kind: str, noun: str) -> None:
    """Add the pages of a document to a blueprint: tabs, section forms, prints."""
    base = f"/<code>/{noun}/<int:document_id>"

    def add(rule: str, endpoint: str, view: Callable[..., Any], method: str = "GET") -> None:
        access = PROCEDURE if endpoint in ("section", "write", "remark") else OFFICE
        blueprint.add_url_rule(base + rule, endpoint, partial(view, kind), methods=[method], access=access)

    add("", "show", show)
    add("/note", "note", note)
    add("/remarks", "remarks", remarks)
    add("/remarks", "remark", remark, "POST")
    add("/signatures", "signatures", signatures)
    add("/versions", "versions", versions)
    add("/versions/<int:older>-<int:newer>", "comparison", comparison)
    add("/history", "history", course)
    add("/print/<part>", "printed", printed)
    add("/sections/<section>", "section", begin_section)
    add("/sections/<section>", "write", write_section, "POST")


def show(kind: str, document_id: int) -> ResponseReturnValue:
    """The content, as the printed act has it."""
    document = procedure.load(document_id, kind)
    return page(
        "drafting/content.html", **frame(document, "content"), blocks=grounds.content_of(document.text)
    )


def note(kind: str, document_id: int) -> ResponseReturnValue:
    document = procedure.load(document_id, kind)
    rows = content.note(document.text)
    return page("drafting/note.html", **frame(document, "note"), rows=rows, remark=estimates.remark(document))


def remarks(kind: str, document_id: int) -> ResponseReturnValue:
    return _remarks(procedure.load(document_id, kind), RemarkForm())


def remark(kind: str, document_id: int) -> ResponseReturnValue:
    """Add a remark."""
    document = procedure.load(document_id, kind)
    typed = RemarkForm()
    if not typed.validate():
        return _remarks(document, typed, 422)
    drafting.remark(document, acting().acts, typed.words.data.strip())
    return redirect(here(document, "remarks"), 303)


def _remarks(document: Any, form: RemarkForm, status: int = 200) -> ResponseReturnValue:
    rows = journal.remarks(document.id)
    may = PROCEDURE.admits(acting())
    return page(
        "drafting/remarks.html",
        status,
        **frame(document, "remarks"),
        remarks=rows,
        form=form if may else None,
    )


def signatures(kind: str, document_id: int) -> ResponseReturnValue:
    """The signatures that stand, and those that lapsed."""
    document = procedure.load(document_id, kind)
    found = documents.signatures(document.id, lapsed=True)
    return page(
        "drafting/signatures.html",
        **frame(document, "signatures"),
        standing=[marked(row) for row in found if row.lapsed_at is None],
        signed=found,
        roles={role: gettext(words) for role, words in SIGNATURES.items()},
    )


def versions(kind: str, document_id: int) -> ResponseReturnValue:
    """The revisions of the text, and the versions under the same number."""
    document = procedure.load(document_id, kind)
    one, other = arguments.number("older"), arguments.number("newer")
    if one is not None and other is not None:
        older, newer = sorted((one, other))
        return redirect(here(document, "comparison", older=older, newer=newer), 303)
    return page(
        "drafting/versions.html",
        **frame(document, "versions"),
        revisions=journal.revisions(document.id),
        versions=history.versions(document),
    )


def comparison(kind: str, document_id: int, older: int, newer: int) -> ResponseReturnValue:
    """What changed between two revisions, line by line."""
    document = procedure.load(document_id, kind)
    before, after = journal.revision(document.id, older), journal.revision(document.id, newer)
    if before is None or after is None:
        raise NotHere
    return page(
        "drafting/comparison.html",
        **frame(document, "versions"),
        before=before,
        after=after,
        changes=content.differences(before.text, after.text),
    )


def course(kind: str, document_id: int) -> ResponseReturnValue:
    """The history, as a timeline."""
    document = procedure.load(document_id, kind)
    return page("drafting/history.html", **frame(document, "history"), entries=history.timeline(document))


def printed(kind: str, document_id: int, part: str) -> ResponseReturnValue:
    """A print of the text, its note, or the opinion on it."""
    document = procedure.load(document_id, kind)
    opinion = grounds.opinion(document) if kind == "draft" else None
    if part not in PRINTS or (part == "opinion" and opinion is None):
        raise NotHere
    return page(
        "drafting/print.html",
        **frame(document, ""),
        part=part,
        part_label=gettext(PRINTS[part]),
        blocks=grounds.content_of(document.text),
        rows=content.note(document.text),
        opinion=opinion,
        standing=[marked(row) for row in documents.signatures(document.id)],
    )

"""Writes one section of a text: shows its form, adds and removes rows, keeps what was typed when it is stale."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.errors import NotHere
from portal.operations import drafting, procedure
from portal.store import journal
from portal.web.acting import acting
from portal.web.documents import content
from portal.web.documents.forms import RowsForm
from portal.web.documents.frame import frame, here
from portal.web.documents.sections import SECTIONS, Section, changed
from portal.web.forms import PortalForm, shown_version
from portal.web.page import page


def begin_section(kind: str, document_id: int, section: str) -> ResponseReturnValue:
    """The form of a section, for the officer who writes the text."""
    document, asked = _writable(kind, document_id, section)
    return _form(document, section, asked, asked.form(document))


def write_section(kind: str, document_id: int, section: str) -> ResponseReturnValue:
    """Store what was typed, or add or remove a row of it."""
    document, asked = _writable(kind, document_id, section)
    typed = asked.form(document)
    act = request.form.get("act", "")
    if act and isinstance(typed, RowsForm):
        return _rearranged(document, section, asked, typed, act)
    valid = typed.validate()
    if shown_version() != document.row_version:
        return _stale(document, asked, typed, valid)
    if not valid:
        return _form(document, section, asked, typed, 422)
    for part, value in asked.changes(document, typed).items():
        drafting.change(document, acting().acts, part, value)
    return redirect(here(document, "note" if section == "note" else "show"), 303)


def _writable(kind: str, document_id: int, name: str) -> tuple[Any, Section]:
    """The document and section, when the officer may write there now.

    Raises:
        NotHere: no such document or section. NotYours, NotAllowedNow: as `drafting.may_write`.
    """
    document = procedure.load(document_id, kind)
    if name not in SECTIONS:
        raise NotHere
    drafting.may_write(document, acting().acts)
    return document, SECTIONS[name]


def _form(
    document: Any, name: str, section: Section, form: PortalForm, status: int = 200
) -> ResponseReturnValue:
    context = {**frame(document, ""), "form": form, "section": name, "title": gettext(section.title)}
    version = shown_version() if status == 422 else document.row_version
    return page(f"drafting/section_{name}.html", status, **context, version=version)


def _rearranged(document: Any, name: str, section: Section, form: RowsForm, act: str) -> ResponseReturnValue:
    """Show the form again with a row more or less; 422, since nothing is stored and the form is not spent."""
    number = act.removeprefix("remove-")
    if act == "add":
        form.add()
    elif number.isascii() and number.isdigit() and len(number) < 4:
        form.remove(int(number))
    return _form(document, name, section, form, 422)


def _stale(document: Any, section: Section, form: PortalForm, valid: bool) -> ResponseReturnValue:
    """Both versions of the section in words; what cannot be read is shown as it was typed."""
    last = journal.last_entry(document.id)
    theirs = content.flat(document.text)
    if valid:
        mine = content.flat(changed(document, section, form))
    else:
        mine = [(str(field.label.text), field.data) for field in form if field.short_name != "csrf_token"]
    kept = set(content.summary(theirs))
    typed = set(content.summary(mine))
    return page(
        "errors/stale.html",
        409,
        mine=[row for row in content.summary(mine) if row not in kept],
        theirs=[row for row in content.summary(theirs) if row not in typed and row[0] in dict(mine)],
        changed_by=last.officer_name if last else "",
        changed_at=last.at if last else None,
        reload_url=request.path,
    )

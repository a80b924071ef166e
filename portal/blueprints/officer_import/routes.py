"""Takes tables of officers, shows each back with its faults, and lets another administrator confirm it."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.officer_import import blueprint, words
from portal.blueprints.officer_import.forms import CheckForm, TableForm
from portal.documents import spreadsheet
from portal.documents.spreadsheet import Table, Unreadable
from portal.operations import officer_import
from portal.operations.officer_columns import COLUMNS, missing, recognise
from portal.operations.officer_import import NoLongerRight
from portal.operations.officer_rows import JudgedTable, judge
from portal.store import officer_imports
from portal.web import arguments
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.export import list_file
from portal.web.forms import shown_version
from portal.web.page import page
from portal.workflow.clock import now

#: Rows of a table that are shown back; of a longer one only those at fault.
SHOWN = 200


def url(endpoint: str, **values: Any) -> str:
    return url_for(f"officer_import.{endpoint}", code=acting().code, **values)


@blueprint.get("/<code>/officer-imports", access=ADMINISTRATOR)
def listing() -> ResponseReturnValue:
    """The imports of the authority and of those beneath it, newest first."""
    found = officer_imports.listing(arguments.number("before"))
    shown = found[: officer_imports.PAGE]
    return page(
        "officer_import/listing.html",
        rows=[(one, url("show", import_id=one.id), words.STATES[one.state]) for one in shown],
        older_url=url("listing", before=shown[-1].id) if len(found) > len(shown) else None,
        upload_url=url("upload"),
    )


@blueprint.get("/<code>/officer-imports/new", access=ADMINISTRATOR)
def upload() -> ResponseReturnValue:
    return _upload_page(TableForm(formdata=None))


@blueprint.post("/<code>/officer-imports/new", access=ADMINISTRATOR)
def take() -> ResponseReturnValue:
    """Keep a table in which all is right; show any other back."""
    form = TableForm()
    if not form.validate():
        return _upload_page(form, status=422)
    try:
        with closing(form.file.data) as sent:
            table = spreadsheet.read(sent.read(spreadsheet.LARGEST + 1))
    except Unreadable as error:
        form.file.errors = [gettext(error.words) % error.params]
        return _upload_page(form, status=422)
    if absent := missing(recognise(table.heads)):
        names = ", ".join(gettext(column.heading) for column in absent)
        form.file.errors = [gettext("The table lacks these columns: %(names)s.", names=names)]
        return _upload_page(form, status=422)
    return _judged(form, table)


def _judged(form: TableForm, table: Table) -> ResponseReturnValue:
    at = now()
    judged = judge(table, at)
    if not judged.right:
        form.file.errors = [
            gettext("Rows at fault: %(wrong)s of %(all)s. Nothing was kept.", wrong=judged.faulty_rows,
                    all=len(judged.rows))
        ]  # fmt: skip
        return _upload_page(form, judged, 422)
    prepared = officer_import.prepare(judged, form.file.data.filename or "", acting().acts, at)
    return redirect(url("show", import_id=prepared.id), 303)


def _upload_page(form: TableForm, judged: JudgedTable | None = None, status: int = 200) -> Response:
    rows = judged.rows if judged else ()
    if len(rows) > SHOWN:
        rows = tuple(row for row in rows if row.wrong)[:SHOWN]
    return page(
        "officer_import/upload.html",
        status,
        form=form,
        judged=judged,
        rows=rows,
        missing=any(row.missing for row in rows),
        known=recognise(head.text for head in judged.heads) if judged else [],
        said=words.said,
        at_column=words.at_column,
        columns=words.columns(),
        posts=words.posts(),
        largest=spreadsheet.LARGEST,
        most=spreadsheet.MOST_ROWS,
        template_url=url("template_export"),
        listing_url=url("listing"),
    )


@blueprint.get("/<code>/officer-imports/template.export", access=ADMINISTRATOR)
def template_export() -> ResponseReturnValue:
    """An empty table with the headings, to be filled in."""
    return list_file("officers", [gettext(column.heading) for column in COLUMNS], [])


@blueprint.get("/<code>/officer-imports/<int:import_id>", access=ADMINISTRATOR)
def show(import_id: int) -> ResponseReturnValue:
    """An import with its rows, and what may be done with it."""
    found, here = officer_import.load(import_id), acting()
    waiting = found.state == "waiting"
    giver = found.state == "done" and found.decided_by_id == here.officer.id
    return page(
        "officer_import/show.html",
        found=found,
        state=words.STATES[found.state],
        rows=words.rows(found.entries),
        confirm_url=url("confirm", import_id=import_id)
        if waiting and found.prepared_by_id != here.officer.id
        else None,
        withdraw_url=url("withdraw", import_id=import_id) if waiting else None,
        passwords_url=url("ask_passwords", import_id=import_id) if giver else None,
        listing_url=url("listing"),
    )


@blueprint.get("/<code>/officer-imports/<int:import_id>/confirm", access=ADMINISTRATOR)
def check(import_id: int) -> ResponseReturnValue:
    return _check_page(import_id, CheckForm(formdata=None))


@blueprint.post("/<code>/officer-imports/<int:import_id>/confirm", access=ADMINISTRATOR)
def confirm(import_id: int) -> ResponseReturnValue:
    """Enrol all officers of an import, or none of them."""
    form = CheckForm()
    try:
        officer_import.confirm(import_id, shown_version(), acting().acts, now())
    except NoLongerRight as error:
        form.form_errors = [
            f"{entry['login']}: {words.at_column(fault)}"
            for entry, faults in error.faults
            for fault in faults
        ][:20]
        return _check_page(import_id, form, 422)
    return redirect(url("show", import_id=import_id), 303)


def _check_page(import_id: int, form: CheckForm, status: int = 200) -> Response:
    found = officer_import.load(import_id)
    officer_import.check_confirmer(found, acting().acts)
    return page(
        "officer_import/confirm.html",
        status,
        form=form,
        found=found,
        rows=words.rows(found.entries),
        action=url("confirm", import_id=import_id),
        cancel_url=url("show", import_id=import_id),
    )


@blueprint.post("/<code>/officer-imports/<int:import_id>/withdraw", access=ADMINISTRATOR)
def withdraw(import_id: int) -> ResponseReturnValue:
    officer_import.withdraw(import_id, shown_version(), acting().acts, now())
    return redirect(url("show", import_id=import_id), 303)

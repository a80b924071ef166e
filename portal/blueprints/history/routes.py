"""Shows the past declarations of an authority, takes files of them in, and tells the faults of each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from portal.blueprints.history import blueprint
from portal.blueprints.history.forms import UploadForm
from portal.errors import NotHere
from portal.operations import importing
from portal.operations.importing import Delivery
from portal.screening.faults import Fault, Faulty, MappingError
from portal.screening.unpacked import refuse_bomb
from portal.store import authorities, history
from portal.web.access import DECLARATIONS, PROCEDURE
from portal.web.acting import acting
from portal.web.export import list_file
from portal.web.months import month_name
from portal.web.page import page

LARGEST_MAPPING = 256 * 1024


@blueprint.get("/<code>/history", access=DECLARATIONS)
def listing() -> ResponseReturnValue:
    found = history.batches()
    totals = history.totals()
    return page(
        "history/list.html",
        batches=[(one, _url("history.batch", batch_id=one.id)) for one in found],
        names=_names(found),
        totals=totals,
        months=[(month_name(month), number) for month, number in totals.by_month.items()],
        places=_places(totals.by_authority),
        upload_url=_url("history.upload") if PROCEDURE.admits(acting()) else None,
    )


def _url(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, code=acting().code, **values)


def _places(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names of the authorities whose codes stand in the declarations, the most declarations first."""
    names = {seen.code: seen.name(str(get_locale())) for seen in authorities.subtree()}
    rows = [(f"{code} {names.get(code, '')}".strip() or "–", number) for code, number in counted.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _names(found: Iterable[Any]) -> dict[str, str]:
    named = authorities.names_of({one.authority_path for one in found})
    return {path: seen.name(str(get_locale())) for path, seen in named.items()}


@blueprint.get("/<code>/history/upload", access=PROCEDURE)
def upload() -> ResponseReturnValue:
    return _upload_page(UploadForm(formdata=None))


@blueprint.post("/<code>/history/upload", access=PROCEDURE)
def take() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate():
        return _upload_page(form, 422)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sent"
        form.file.data.save(file)
        try:
            refuse_bomb(file)
            delivery = Delivery(
                file,
                form.file.data.filename or "",
                _mapping(),
                (form.outcome.data or "").strip(),
                form.whole.data,
                form.skip_faulty.data,
            )
            batch = importing.take(delivery, acting().path, acting().officer.name)
        except Faulty as error:
            field = form.mapping if isinstance(error, MappingError) else form.file
            field.errors = [_words(fault) for fault in error.faults[:20]]
            return _upload_page(form, 422)
    return redirect(_url("history.batch", batch_id=batch.id), 303)


def _mapping() -> str:
    """The mapping file's text; empty when none was sent.

    Raises:
        MappingError: it is no text, or far too long for a mapping.
    """
    sent = request.files.get("mapping")
    content = sent.read(LARGEST_MAPPING + 1) if sent else b""
    if len(content) > LARGEST_MAPPING:
        raise MappingError([Fault("", importing.LONG_MAPPING)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MappingError([Fault("", importing.NOT_TEXT)]) from None


def _words(fault: Fault) -> str:
    said = gettext(fault.message) % fault.params
    return f"{fault.place}: {said}" if fault.place else said


def _upload_page(form: UploadForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "history/upload.html",
        status,
        form=form,
        action=_url("history.take"),
        listing_url=_url("history.listing"),
        largest=request.max_content_length,
    )


@blueprint.get("/<code>/history/<int:batch_id>", access=DECLARATIONS)
def batch(batch_id: int) -> ResponseReturnValue:
    found = _found(batch_id)
    return page(
        "history/batch.html",
        batch=found,
        names=_names([found]),
        faults=[_told(fault) for fault in found.faults],
        faults_url=_url("history.faults", batch_id=batch_id),
        listing_url=_url("history.listing"),
        upload_url=_url("history.upload") if PROCEDURE.admits(acting()) else None,
    )


@blueprint.get("/<code>/history/<int:batch_id>/faults.csv", access=DECLARATIONS)
def faults(batch_id: int) -> Response:
    rows = [_told(fault) for fault in _found(batch_id).faults]
    header = (gettext("Row"), gettext("Column"), gettext("Value"), gettext("Reason"))
    return list_file(f"faults-{batch_id}", header, rows)


def _found(batch_id: int) -> Any:
    found = history.batch(batch_id)
    if found is None:
        raise NotHere
    return found


def _told(fault: Mapping[str, Any]) -> tuple[int, str, str, str]:
    message, params = fault["message"], fault["params"]
    return fault["row"], fault["column"], fault["value"], gettext(message) % params

"""The page on which a declaration is entered, or a file of them sent, and screened."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.inspection import blueprint
from portal.blueprints.inspection.entry import FIRST, ITEM, THEN, EntryForm, FileForm
from portal.levels.words import N_
from portal.operations import screening
from portal.operations.screening import REFUSED, Screened
from portal.screening import mapping
from portal.screening.faults import Fault, Faulty
from portal.screening.flat_file import Read, read_file
from portal.screening.grammar import capital
from portal.screening.presented import MOST_ITEMS, Presented
from portal.screening.unpacked import refuse_bomb
from portal.store import authorities
from portal.web.access import INSPECTOR
from portal.web.acting import acting
from portal.web.hits import reason_words
from portal.web.page import page
from portal.workflow.clock import now

_MOST_FAULTS = 20
_OUTCOMES = {
    screening.NEW: (N_("Screened"), "green"),
    screening.UPDATED: (N_("Screened again"), "blue"),
    screening.UNCHANGED: (N_("Nothing changed"), "grey"),
    REFUSED: (N_("Refused"), "red"),
}


@blueprint.get("/<code>/screen", access=INSPECTOR)
def screen() -> ResponseReturnValue:
    """An empty declaration to fill in, and the place for a file."""
    return _shown(_blank())


def _blank() -> Any:
    entry = EntryForm(prefix="one-", formdata=None)
    entry.date.data = acting().local_now().date().isoformat()
    return entry


def _shown(
    entry: Any, status: int = 200, sent: Any = None, faults: tuple[str, ...] = (), refused: int = 0
) -> Response:
    return page(
        "inspection/screen.html",
        status,
        entry=entry,
        sent=sent or FileForm(prefix="file-", formdata=None),
        first=FIRST,
        then=THEN,
        item=ITEM,
        faults=faults,
        refused=refused,
    )


@blueprint.post("/<code>/screen", access=INSPECTOR)
def screen_one() -> ResponseReturnValue:
    """Screen the declaration typed in, or give the form another row of goods."""
    entry = EntryForm(prefix="one-")
    if "more" in request.form:
        if len(entry.items) < MOST_ITEMS:
            entry.items.append_entry()
        return _shown(entry)
    if not entry.validate():
        return _shown(entry, 422)
    (found,) = screening.screen([entry.presented()], acting().path, now()).screened
    if found.outcome == REFUSED:
        entry.form_errors.append(gettext("The declaration was refused: %(why)s.", why=gettext(found.refusal)))
        return _shown(entry, 422)
    if found.outcome == screening.UNCHANGED:
        flash(gettext("Nothing changed since the declaration was presented before."), "info")
    return redirect(url_for("inspection.show", code=acting().code, declaration_pk=found.pk), 303)


@blueprint.post("/<code>/screen/file", access=INSPECTOR)
def screen_file() -> ResponseReturnValue:
    """Screen a file, or pasted rows, and show what became of each declaration."""
    sent, entry = FileForm(prefix="file-"), _blank()
    if not sent.validate():
        return _shown(entry, 422, sent)
    try:
        read = _read(sent)
    except Faulty as reason:
        sent.form_errors += [_fault_words(fault) for fault in reason.faults]
        return _shown(entry, 422, sent)
    if read.refused:
        faults = tuple(str(fault) for fault in read.faults[:_MOST_FAULTS])
        return _shown(entry, 422, sent, faults, read.refused)
    placed = _placed(read.declarations)
    if isinstance(placed, str):
        sent.form_errors.append(placed)
        return _shown(entry, 422, sent)
    at = now()
    results = [screening.screen(given, path, at) for path, given in placed.items()]
    return page(
        "inspection/screened.html",
        rows=[(each, _words(each)) for result in results for each in result.screened],
        counted={
            name: sum(result.by_channel()[name] for result in results)
            for name in ("red", "yellow", "blue", "green")
        },
        refused=sum(each.outcome == REFUSED for result in results for each in result.screened),
        unusable=sorted({number for result in results for number in result.unusable}),
        outcomes={name: (gettext(label), tone) for name, (label, tone) in _OUTCOMES.items()},
    )


def _fault_words(fault: Fault) -> str:
    said = str(gettext(fault.message, **fault.params))
    return f"{fault.place}: {said}" if fault.place else capital(said)


def _words(each: Screened) -> str:
    if each.refusal:
        return capital(gettext(each.refusal))
    return reason_words({"words": each.reason, "params": each.params})


def _read(sent: FileForm) -> Read:
    """What was sent, by way of a file that lives no longer than the reading.

    Raises Faulty when it cannot be read.
    """
    chosen = None
    if sent.mapping.data:
        chosen = mapping.parse(sent.mapping.data.read().decode("utf-8-sig", "replace"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "declarations"
        if sent.file.data:
            sent.file.data.save(path)
            refuse_bomb(path)
        else:
            path.write_text("\n".join(sent.rows.data.strip().splitlines()) + "\n", encoding="utf-8")
        return read_file(path, chosen)


def _placed(given: tuple[Presented, ...]) -> dict[str, list[Presented]] | str:
    """The declarations by the path of their point, by default the acting authority; or what is wrong."""
    here = acting()
    known = {place.code: place for place in authorities.subtree()}
    placed: dict[str, list[Presented]] = {}
    for one in given:
        code = str(one.header.get("authority") or here.code)
        if code not in known:
            return str(
                gettext(
                    "Declaration %(number)s names the authority %(code)s, which is not yours to screen for.",
                    number=one.declaration_id,
                    code=code,
                )
            )
        placed.setdefault(known[code].path, []).append(one)
    return placed or str(gettext("There is no declaration in it."))

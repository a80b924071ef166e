"""Shows the groups of indicators, works on them, and keeps them when the officer says so."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.builder import blueprint, expert, forms, view
from portal.blueprints.builder.expert import Pasted
from portal.errors import Invalid, Stale
from portal.levels.words import N_
from portal.operations import indicators
from portal.screening.area import combined
from portal.screening.reading import area_sentence
from portal.screening.sketch import NotASketch, Sketch, from_groups, to_text
from portal.screening.written import read
from portal.store import history, lists
from portal.web.access import PROCEDURE
from portal.web.acting import acting
from portal.web.documents import frame
from portal.web.documents.content import language
from portal.web.forms import shown_version
from portal.web.links import document_link
from portal.web.page import page

NOT_OURS = N_("The form does not hold together. Open the page anew.")
_AS_JSON = ("take_json", "save_json")


@blueprint.get("/<code>/documents/<int:document_id>/groups", access=PROCEDURE)
def show(document_id: int) -> ResponseReturnValue:
    document = indicators.open_to_write(document_id, acting().acts)
    try:
        sketch = from_groups(document.text["groups"])
    except NotASketch:
        return _as_text(document, expert.spelled(document.text["groups"]))
    return _page(document, sketch)


@blueprint.post("/<code>/documents/<int:document_id>/groups", access=PROCEDURE)
def work(document_id: int) -> ResponseReturnValue:
    """Do what the pressed button says; nothing is kept until it says "save"."""
    document = indicators.open_to_write(document_id, acting().acts)
    name = request.form.get("do", "").partition("@")[0]
    if name in _AS_JSON:
        return _from_json(document, name)
    try:
        typed = forms.read(request.form)
        sketch, past, place = forms.done(typed, _stored(document))
    except NotASketch as error:
        raise Invalid((("", NOT_OURS),), NOT_OURS) from error
    if typed.act == "save":
        return _save(document, sketch, past)
    return _page(document, sketch, past=past, focus=place)


def _stored(document: Any) -> Sketch:
    try:
        return from_groups(document.text["groups"])
    except NotASketch:
        return ()


def _lists(document: Any) -> dict[str, frozenset[str]]:
    return lists.members(document.authority_path, acting().local_now().date())


def _save(document: Any, sketch: Sketch, past: tuple[str, ...]) -> ResponseReturnValue:
    written = read(sketch, _lists(document))
    if written.faults:
        return _page(document, sketch, 422, past=past, strict=True)
    try:
        kept = indicators.keep(document, acting().acts, written.groups, shown_version())
    except Stale:
        return _page(document, sketch, 409, past=past, stale=True)
    return _after(document, kept)


def _after(document: Any, kept: bool) -> ResponseReturnValue:
    flash(gettext("The indicators are kept.") if kept else gettext("Nothing had changed."), "info")
    return redirect(url_for("builder.show", code=acting().code, document_id=document.id), 303)


def _from_json(document: Any, name: str) -> ResponseReturnValue:
    """Take JSON over into the lines, or keep it as it is."""
    text = request.form.get("json", "")
    pasted = expert.read(text, _lists(document))
    if pasted.area is None:
        return _as_text(document, text, 422, pasted)
    if name == "save_json":
        try:
            return _after(document, indicators.keep(document, acting().acts, pasted.groups, shown_version()))
        except Stale:
            return _as_text(document, text, 409, pasted, stale=True)
    try:
        sketch = from_groups(pasted.groups)
    except NotASketch:
        return _as_text(document, text, 200, pasted)
    return _page(document, sketch, past=(to_text(_stored(document)),))


def _page(
    document: Any,
    sketch: Sketch,
    status: int = 200,
    *,
    past: tuple[str, ...] = (),
    focus: str = "",
    strict: bool = False,
    stale: bool = False,
) -> ResponseReturnValue:
    named = _lists(document)
    written = read(sketch, named)
    shown = view.Shown(sketch, written, tuple(sorted(named)), strict)
    groups = written.groups if written.area is not None else document.text["groups"]
    return page(
        "builder/show.html",
        status,
        **_around(document, stale),
        shown=shown,
        fields=view.fields(),
        takes=view.TAKES,
        sketch=to_text(sketch),
        past=past,
        focus=forms.element(focus) if focus else "",
        changed=to_text(sketch) != to_text(_stored(document)),
        count=shown.count(),
        as_json=expert.spelled(groups),
        strict=strict,
    )


def _as_text(
    document: Any, text: str, status: int = 200, pasted: Pasted | None = None, *, stale: bool = False
) -> ResponseReturnValue:
    """The page for what is not written line by line."""
    read_now = pasted or expert.read(text, _lists(document))
    area = read_now.area
    counted = view.Count(*history.count(combined(area.groups))) if area and area.groups else None
    return page(
        "builder/text.html",
        status,
        **_around(document, stale),
        text=text,
        faults=view.told(read_now.faults),
        reading=area_sentence(area, language()) if area and area.groups else None,
        count=counted,
        lines_url=url_for("builder.show", code=acting().code, document_id=document.id),
    )


def _around(document: Any, stale: bool) -> dict[str, Any]:
    address = url_for("builder.show", code=acting().code, document_id=document.id)
    return {
        "document": document,
        "kind_label": frame.kind_label(document),
        "action": address,
        "back_url": document_link(document.document, document.id),
        "version": document.row_version,
        "stale": stale,
        "kept_now": area_words(document) if stale else None,
    }


def area_words(document: Any) -> str:
    """The reading of what is kept in the document now."""
    kept = expert.read(expert.spelled(document.text["groups"]), _lists(document))
    return area_sentence(kept.area, language()) if kept.area and kept.area.groups else "–"

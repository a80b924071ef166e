"""The course of a document as its timeline tells it, and the versions under its number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext
from jinja2.exceptions import TemplateNotFound
from markupsafe import Markup

from portal.store import documents, journal
from portal.web.documents.content import language
from portal.web.documents.done import done_words
from portal.web.filters import day
from portal.web.links import document_link
from portal.workflow.move import CARRIES
from portal.workflow.statuses import MEANINGS, status_of


@dataclass(frozen=True)
class Happening:
    """An entry of the timeline, in the terms of the macro `ui.timeline`."""

    at: datetime
    who: str
    text: str
    post: str
    for_whom: str
    tone: str
    detail: Markup | None


def timeline(document: Any) -> list[Happening]:
    """The journal of a document, the newest entry first."""
    entries = journal.entries(document.id)
    names = _names(entries)
    return [
        Happening(
            entry.at,
            entry.officer_name or gettext("The portal"),
            done_words(entry),
            gettext(entry.post_label) if entry.post_label else "",
            entry.acting_for,
            MEANINGS[status_of(document.document, entry.to_status)].tone,
            _detail(document, entry, names),
        )
        for entry in entries
    ]


def _detail(document: Any, entry: Any, names: dict[str, dict[int, str]]) -> Markup | None:
    """What the act carried; an event with words of its own has a template for them."""
    rows = carried(entry, names)
    context = {"entry": entry, "rows": rows, "carried": entry.carried, "status": _moved(document, entry)}
    try:
        words = render_template(f"journal/{entry.event}.html", **context)
    except TemplateNotFound:
        words = render_template("journal/_act.html", **context)
    return Markup(words) if words.strip() else None  # noqa: S704 - a template of ours escaped it


def _moved(document: Any, entry: Any) -> str | None:
    """The status to which the act led, when it led to another."""
    if not entry.from_status or entry.from_status == entry.to_status:
        return None
    return str(gettext(MEANINGS[status_of(document.document, entry.to_status)].label))


def carried(entry: Any, names: dict[str, dict[int, str]]) -> list[tuple[str, Any]]:
    """What an act carried, in words: label and value."""
    return [
        (gettext(CARRIES[name].label), _said(CARRIES[name].kind, value, names))
        for name, value in entry.carried.items()
        if name in CARRIES
    ]


def _said(kind: str, value: Any, names: dict[str, dict[int, str]]) -> Any:
    if kind == "unit":
        return names["units"].get(value, "")
    if kind == "units":
        return [names["units"].get(one, "") for one in value]
    if kind == "officer":
        return names["officers"].get(value, "")
    if kind == "yes_no":
        return gettext("Yes") if value else gettext("No")
    if kind == "date":
        return day(datetime.fromisoformat(value).date())
    return value


def _names(entries: list[Any]) -> dict[str, dict[int, str]]:
    units: set[int] = set()
    officers: set[int] = set()
    for entry in entries:
        for name, value in entry.carried.items():
            kind = CARRIES[name].kind if name in CARRIES else ""
            if kind in ("unit", "units"):
                units.update(value if isinstance(value, list) else [value])
            elif kind == "officer":
                officers.add(value)
    return {"units": journal.unit_names(units, language()), "officers": journal.officer_names(officers)}


def versions(document: Any) -> list[dict[str, Any]]:
    """The versions under the same number, with their statuses and addresses."""
    found = []
    for row in documents.versions(document):
        meaning = MEANINGS[status_of(row.document, row.status)]
        found.append(
            {
                "version": row.version,
                "status": (gettext(meaning.label), meaning.tone),
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "url": document_link(row.document, row.id),
                "this": row.id == document.id,
            }
        )
    return found

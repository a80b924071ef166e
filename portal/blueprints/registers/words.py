"""A line of a register, and the filters chosen, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext

from portal.blueprints.registers.forms import RegisterFilters
from portal.levels.words import N_
from portal.store.registers import Line, Note
from portal.web.acting import acting
from portal.web.documents.done import DONE
from portal.web.filters import day
from portal.web.links import document_link
from portal.workflow.statuses import MEANINGS, status_of

TITLES = {"draft": N_("Register of drafts"), "profile": N_("Register of profiles")}

#: What a later note to a line is called, where it is not called as the act that made it.
EVENTS = {
    "defect": N_("Defect"),
    "version": N_("New version"),
    "carrier": N_("Carrier"),
    "act": N_("Legal act"),
    "cancel": N_("Cancelled"),
    "expire": N_("Expired"),
    "supersede": N_("Superseded"),
}


@dataclass(frozen=True)
class Row:
    """A line as the page shows it; `at` is in the clock of the register's authority."""

    line: Line
    url: str | None
    at: datetime
    status: tuple[str, str]
    notes: list[str]


def row(line: Line, kind: str, zone: ZoneInfo, *, linked: bool = True) -> Row:
    meaning = MEANINGS[status_of(kind, line.status)] if line.status else None
    return Row(
        line,
        document_link(kind, line.document_id) if linked else None,
        line.at.astimezone(zone),
        (gettext(meaning.label), meaning.tone) if meaning else ("", "grey"),
        [_note(note, zone) for note in line.notes],
    )


def _note(note: Note, zone: ZoneInfo) -> str:
    label = gettext(EVENTS.get(note.event) or DONE.get(note.event, note.event))
    words = gettext("version %(number)s", number=note.version) if note.event == "version" else note.words
    said = f"{label}: {words}" if words else label
    return f"{day(note.at.astimezone(zone).date())} · {said}"


def tags(form: RegisterFilters, kind: str, arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    """The chosen filters, each with the address of the same list without it."""
    labels: dict[str, Callable[[], str]] = {
        "since": lambda: gettext("from %(day)s", day=day(form.since.data)),
        "until": lambda: gettext("to %(day)s", day=day(form.until.data)),
        "kind_code": lambda: _chosen(form.kind_code),
        "status": lambda: _chosen(form.status),
        "words": lambda: f"“{form.words.data.strip()}”",
    }
    kept = {name: arguments[name] for name in (*labels, "authority") if arguments.get(name)}
    return [
        (write(), _without(kind, kept, name))
        for name, write in labels.items()
        if form[name].data and not form[name].errors
    ]


def _without(kind: str, kept: Mapping[str, Any], name: str) -> str:
    others = {key: value for key, value in kept.items() if key != name}
    return url_for(f"registers.{kind}s", code=acting().code, **others)


def _chosen(field: object) -> str:
    return next(str(c.label) for c in field.choices if str(c.value) == str(field.data))  # type: ignore[attr-defined]

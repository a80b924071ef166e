"""The lists of drafts and profiles: filters in the URL, pages by key, export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, url_for
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, StringField

from portal.levels.signing import SCOPES
from portal.store import listings, stages
from portal.store.listings import Filters, Line, Slice
from portal.web import arguments
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.export import Cell, list_file
from portal.web.fields import One, choices
from portal.web.forms import PortalForm
from portal.web.links import document_link
from portal.workflow.clock import now
from portal.workflow.competence import DIRECTIONS
from portal.workflow.statuses import MEANINGS, D, P, status_of
from portal.workflow.text import KINDS


class FiltersForm(PortalForm):
    """What the list is asked for."""

    class Meta(PortalForm.Meta):
        csrf = False

    words = StringField(lazy_gettext("Number or words"))
    status = One(lazy_gettext("Status"), needed=False)
    scope = One(lazy_gettext("Territorial scope"), needed=False)
    direction = One(lazy_gettext("Direction of activity"), needed=False)
    kind = One(lazy_gettext("Kind"), needed=False)
    mine = BooleanField(lazy_gettext("My own only"))
    late = BooleanField(lazy_gettext("Overdue only"))


def _form(kind: str) -> FiltersForm:
    form = FiltersForm(arguments.every())
    every = gettext("All")
    statuses = D if kind == "draft" else P
    form.status.choices = choices([(one.value, gettext(MEANINGS[one].label)) for one in statuses], every)
    form.scope.choices = choices([(name, gettext(line.label)) for name, line in SCOPES.items()], every)
    form.direction.choices = choices([(str(key), gettext(words)) for key, words in DIRECTIONS.items()], every)
    form.kind.choices = choices([(key, gettext(words)) for key, words in KINDS.items()], every)
    return form


def _known(form: FiltersForm, name: str) -> str:
    """The value of a filter, when it is one of its choices."""
    value = form[name].data or ""
    return value if value in {choice.value for choice in form[name].choices} else ""


def _filters(form: FiltersForm) -> Filters:
    direction = _known(form, "direction")
    return Filters(
        status=_known(form, "status"),
        scope=_known(form, "scope"),
        direction=int(direction) if direction else None,
        kind=_known(form, "kind"),
        words=(form.words.data or "")[:100],
        officer=acting().officer.id if form.mine.data else None,
        late=bool(form.late.data),
    )


def listing(kind: str, endpoint: str) -> dict[str, Any]:
    """The context of the page of a list."""
    form = _form(kind)
    asked = _filters(form)
    found = listings.documents(kind, asked, arguments.number("older"), arguments.number("newer"))
    clocks = stages.clocks([line.document.id for line in found.lines], now())
    chosen = _arguments(form)
    return {
        "filters": form,
        "asked": asked,
        "lines": [_line(line, clocks.get(line.document.id)) for line in found.lines],
        "tags": list(_tags(form, endpoint, chosen)),
        "clear_url": _url(endpoint, {}),
        "list_url": _url(endpoint, {}),
        **_pages(found, endpoint, chosen),
    }


def _arguments(form: FiltersForm) -> dict[str, str]:
    """The filters as arguments of a URL."""
    given = {name: _known(form, name) for name in ("status", "scope", "direction", "kind")}
    given |= {
        "words": form.words.data or "",
        "mine": "y" if form.mine.data else "",
        "late": "y" if form.late.data else "",
    }
    return {name: value for name, value in given.items() if value}


def _pages(found: Slice, endpoint: str, chosen: dict[str, str]) -> dict[str, str | None]:
    return {
        "older_url": _url(endpoint, {**chosen, "older": found.older}) if found.older else None,
        "newer_url": _url(endpoint, {**chosen, "newer": found.newer}) if found.newer else None,
        "export_url": _url(endpoint.replace(".listing", ".export"), chosen),
    }


def _url(endpoint: str, arguments: dict[str, Any]) -> str:
    return url_for(endpoint, code=acting().code, **arguments)


def _tags(form: FiltersForm, endpoint: str, chosen: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in chosen:
        field = form[name]
        without = {other: value for other, value in chosen.items() if other != name}
        label = str(field.label.text)
        if hasattr(field, "iter_choices"):
            words = next(choice.label for choice in field.choices if choice.value == field.data)
            label = gettext("%(field)s: %(value)s", field=label, value=words)
        elif name == "words":
            label = gettext("%(field)s: %(value)s", field=label, value=field.data)
        yield label, _url(endpoint, without)


def _line(line: Line, clock: Any) -> dict[str, Any]:
    row = line.document
    meaning = MEANINGS[status_of(row.document, row.status)]
    return {
        "row": row,
        "url": document_link(row.document, row.id),
        "place": line.place(language()),
        "status": (gettext(meaning.label), meaning.tone),
        "scope": gettext(SCOPES[row.scope].label),
        "kind": gettext(KINDS[row.kind]),
        "clock": clock,
    }


def export(kind: str, name: str) -> Response:
    """The list as a file that a spreadsheet opens as it is."""
    header = (
        gettext("Number"),
        gettext("Version"),
        gettext("Title"),
        gettext("Kind"),
        gettext("Territorial scope"),
        gettext("Direction of activity"),
        gettext("Authority"),
        gettext("Status"),
        gettext("Valid from"),
        gettext("Valid to"),
        gettext("Due"),
    )
    return list_file(name, header, [_values(line) for line in listings.exported(kind, _filters(_form(kind)))])


def _values(line: Line) -> list[Cell]:
    row = line.document
    return [
        row.number or "",
        row.version,
        row.title,
        gettext(KINDS[row.kind]),
        gettext(SCOPES[row.scope].label),
        gettext(DIRECTIONS[row.direction]) if row.direction else "",
        f"{line.place_code} {line.place(language())}",
        gettext(MEANINGS[status_of(row.document, row.status)].label),
        row.valid_from.isoformat() if row.valid_from else "",
        row.valid_to.isoformat() if row.valid_to else "",
        line.due_at.astimezone(acting().zone).isoformat(timespec="minutes") if line.due_at else "",
    ]

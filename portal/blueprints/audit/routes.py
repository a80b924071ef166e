"""The audit trail of an authority, and its export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.forms import AuditFilters, filters
from portal.blueprints.audit.words import objects
from portal.errors import NotHere
from portal.store import audit_pages, authorities
from portal.store.audit_pages import Entry, Trail
from portal.store.authorities import Seen
from portal.web import arguments
from portal.web.access import AUDITOR
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.export import Cell, list_file
from portal.web.filters import day
from portal.web.page import page


@blueprint.get("/<code>/audit", access=AUDITOR)
def listing() -> ResponseReturnValue:
    """The entries that the filters leave, newest first."""
    places, here = _places()
    trail = Trail(here.path, here.zone)
    form = filters(places, audit_pages.tables(trail))
    asked = form.asked()
    found = audit_pages.page(trail, asked, before=arguments.number("before"), after=arguments.number("after"))
    return page(
        "audit/listing.html",
        place=here,
        place_name=here.name(language()),
        names={seen.path: seen.name(language()) for seen in places},
        form=form,
        several=len(places) > 1,
        own_url=_url(),
        rows=[(entry, objects(entry)) for entry in found.entries],
        filtered=asked.any,
        tags=_tags(form),
        clear_url=_url(authority=arguments.text("authority")),
        older_url=_url(**_kept(form), before=found.older) if found.older else None,
        newer_url=_url(**_kept(form), after=found.newer) if found.newer else None,
        export_url=url_for("audit.export", code=acting().code, **_kept(form)),
    )


@blueprint.get("/<code>/audit/export", access=AUDITOR)
def export() -> ResponseReturnValue:
    """All entries that the filters leave, as a file."""
    places, here = _places()
    trail = Trail(here.path, here.zone)
    entries = audit_pages.every(trail, filters(places, audit_pages.tables(trail)).asked())
    heads = ("Serial", "At (UTC)", "Officer", "Acting at", "Action", "Object", "Before", "After", "SHA-256")
    return list_file(f"audit-{here.code}", heads, _cells(entries))


def _cells(entries: Iterator[Entry]) -> Iterator[list[Cell]]:
    for entry in entries:
        yield [
            entry.serial,
            entry.at.isoformat(),
            entry.officer_name,
            entry.acting_at,
            entry.action,
            f"{entry.object_type} {entry.object_id or ''}".strip(),
            json.dumps(entry.before, ensure_ascii=False, sort_keys=True),
            json.dumps(entry.after, ensure_ascii=False, sort_keys=True),
            entry.hash,
        ]


def _places() -> tuple[list[Seen], Seen]:
    """The authorities whose trails may be read here, and the one whose trail is."""
    places = authorities.subtree()
    wanted = arguments.text("authority") or acting().code
    here = next((seen for seen in places if seen.code == wanted), None)
    if here is None:
        raise NotHere
    return places, here


def _tags(form: AuditFilters) -> list[tuple[str, str]]:
    """The chosen filters, each with the address of the trail without it."""
    kept = _kept(form)
    return [
        (
            f"{form[name].label.text}: {_said(form, name)}",
            _url(**{key: value for key, value in kept.items() if key != name}),
        )
        for name in kept
        if name != "authority"
    ]


def _said(form: AuditFilters, name: str) -> str:
    if name == "day":
        return day(form.day.data)
    return str(form[name].data).replace("_", " ")


def _kept(form: AuditFilters) -> dict[str, Any]:
    """The filters as the address holds them, without what is empty or wrong."""
    return {name: arguments.text(name) for name, one in form._fields.items() if one.data and not one.errors}


def _url(**values: Any) -> str:
    return url_for("audit.listing", code=acting().code, **values)

"""The audit trail of an authority, and its exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.forms import AuditFilters, filters
from portal.blueprints.audit.places import chosen, tabs
from portal.blueprints.audit.words import told
from portal.store import audit, audit_form, audit_pages
from portal.store.audit_pages import Entry, Trail
from portal.store.session import scope_of, session
from portal.web import arguments
from portal.web.access import AUDITOR
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.export import Cell, csv_file
from portal.web.filters import day
from portal.web.page import page
from portal.web.trail import acts


@blueprint.get("/<code>/audit", access=AUDITOR)
def listing() -> ResponseReturnValue:
    """The entries that the filters leave, newest first."""
    places, here = chosen()
    trail = Trail(here.path, here.zone)
    form = filters(places, audit_pages.actions(trail), audit_pages.tables(trail))
    asked = form.asked()
    found = audit_pages.page(trail, asked, before=arguments.number("before"), after=arguments.number("after"))
    return page(
        "audit/listing.html",
        place=here,
        place_name=here.name(language()),
        names={seen.path: seen.name(language()) for seen in places},
        tabs=tabs("listing", here),
        form=form,
        several=len(places) > 1,
        own_url=_url(),
        rows=told(found.entries, here.code),
        filtered=asked.any,
        tags=_tags(form),
        clear_url=_url(authority=arguments.text("authority")),
        older_url=_url(**_kept(form), before=found.older) if found.older else None,
        newer_url=_url(**_kept(form), after=found.newer) if found.newer else None,
        export_url=url_for("audit.export", code=acting().code, **_kept(form)),
        chain_url=url_for("audit.chain_export", code=acting().code, authority=here.code),
    )


@blueprint.get("/<code>/audit/export", access=AUDITOR)
def export() -> ResponseReturnValue:
    """All entries that the filters leave, as a CSV file."""
    places, here = chosen()
    trail = Trail(here.path, here.zone)
    form = filters(places, audit_pages.actions(trail), audit_pages.tables(trail))
    heads = (
        gettext("Serial"),
        gettext("At (UTC)"),
        gettext("Officer"),
        gettext("Acting at"),
        gettext("Address of the visitor"),
        gettext("Request"),
        gettext("Act"),
        gettext("Code of the act"),
        gettext("Object"),
        gettext("Before"),
        gettext("After"),
        gettext("SHA-256"),
    )
    return csv_file(f"audit-{here.code}", heads, _cells(audit_pages.every(trail, form.asked())))


def _cells(entries: Iterator[Entry]) -> Iterator[list[Cell]]:
    for entry in entries:
        yield [
            entry.serial,
            entry.at.isoformat(),
            entry.officer_name,
            entry.acting_at,
            entry.address,
            entry.request,
            acts.said(entry.action, entry.after),
            entry.action,
            f"{entry.object_type} {entry.object_id or ''}".strip(),
            json.dumps(entry.before, ensure_ascii=False, sort_keys=True),
            json.dumps(entry.after, ensure_ascii=False, sort_keys=True),
            entry.hash,
        ]


@blueprint.get("/<code>/audit/chain", access=AUDITOR)
def chain_export() -> ResponseReturnValue:
    """The whole chain as JSON Lines, as `flask audit export` writes it for the verifier of outsiders."""
    _, here = chosen()
    answer = Response(stream_with_context(_lines(acting().path, here.path)), mimetype="application/jsonl")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{here.code}.jsonl"'
    return answer


def _lines(home: str, path: str) -> Iterator[str]:
    session().enter(scope_of(home))  # the request's own session is gone when the answer is sent
    for entry in audit.entries(session(), path):
        yield audit_form.line(entry) + "\n"


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
    field = form[name]
    labels = {choice.value: choice.label for choice in getattr(field, "choices", ())}
    return str(labels.get(field.data, field.data))


def _kept(form: AuditFilters) -> dict[str, Any]:
    """The filters as the address holds them, without what is empty or wrong."""
    return {name: arguments.text(name) for name, one in form._fields.items() if one.data and not one.errors}


def _url(**values: Any) -> str:
    return url_for("audit.listing", code=acting().code, **values)

"""The timeline of one object: every entry that touched it, and for a document who read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.places import chosen, tabs
from portal.blueprints.audit.words import Told, told
from portal.errors import NotHere
from portal.levels.path import AuthorityPath
from portal.store import audit_object, authorities, documents
from portal.store.audit_object import Happening, Place, Read
from portal.store.authorities import Seen
from portal.web import arguments
from portal.web.access import AUDITOR
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.links import document_link
from portal.web.page import page
from portal.web.trail import acts, tables


@dataclass(frozen=True)
class Line:
    """A line of the timeline, in the terms of the macro `ui.timeline`."""

    at: datetime
    who: str
    text: str
    tone: str
    detail: Markup | None


@blueprint.get("/<code>/audit/<table>/<int:row>", access=AUDITOR)
def timeline(table: str, row: int) -> ResponseReturnValue:
    """The newest happenings of an object first."""
    if table not in audit_object.tables():
        raise NotHere
    place = _place(table, row)
    before = Place.read(arguments.text("before"))
    found, older = audit_object.page(place.path, table, row, before)
    if not found and before is None:
        raise NotHere
    url: dict[str, Any] = {"table": table, "row": row, "code": acting().code, "authority": place.code}
    return page(
        "audit/timeline.html",
        place=place,
        place_name=place.name(language()),
        tabs=tabs("listing", place),
        heading=gettext("Timeline: %(object)s", object=f"{tables.of_table(table)} {row}"),
        of_document=_document(row) if table == "document" else None,
        lines=_lines(found, f"{table}:{row}", place),
        older_url=url_for("audit.timeline", **url, before=older.text) if older else None,
        newest_url=url_for("audit.timeline", **url) if before else None,
    )


def _place(table: str, row: int) -> Seen:
    """Whose chain tells of the object: its owner's; of what is no more, that of the authority in the address."""
    path = audit_object.owner(table, row)
    if path is None:
        return chosen()[1]
    found = authorities.by_path(path)
    if found is None or not AuthorityPath(acting().path).covers(AuthorityPath(path)):
        raise NotHere
    return found


def _document(row: int) -> dict[str, Any] | None:
    document = documents.find(row)
    if document is None:
        return None
    return {
        "number": document.number,
        "title": document.title or gettext("Untitled"),
        "url": document_link(document.document, document.id),
    }


def _lines(found: Iterable[Happening], key: str, place: Seen) -> list[Line]:
    shown = list(found)
    names = {seen.path: seen.name(language()) for seen in authorities.subtree()}
    entries = iter(told((one.entry for one in shown if one.entry), place.code))
    return [_read(one.read, names) if one.read else _act(next(entries), key, place, names) for one in shown]


def _act(one: Told, key: str, place: Seen, names: dict[str, str]) -> Line:
    own = next(changed for changed in one.objects if changed.key == key)
    others = [changed for changed in one.objects if changed.key != key]
    detail = render_template("audit/_change.html", entry=one.entry, own=own, others=others)
    who = one.entry.officer_name or gettext("the portal")
    elsewhere = names.get(one.entry.acting_at, "") if one.entry.acting_at != place.path else ""
    tone = "green" if own.how == gettext("added") else "blue"
    return Line(one.entry.at, ", ".join(filter(None, (who, elsewhere))), one.act, tone, Markup(detail))  # noqa: S704 - a template of ours escaped it


def _read(one: Read, names: dict[str, str]) -> Line:
    where = names.get(one.acting_at) or gettext("an authority above")
    words = f"{gettext(acts.READINGS[one.how])}, {gettext('version %(version)s', version=one.version)}"
    detail = render_template("audit/_read.html", address=one.address)
    return Line(one.at, f"{one.officer_name}, {where}", words, "grey", Markup(detail))  # noqa: S704 - as above

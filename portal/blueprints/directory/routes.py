"""The directory of profiles in force, as the authorities where they apply need to know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from portal.blueprints.directory import blueprint
from portal.errors import NotHere
from portal.levels.signing import SCOPES
from portal.levels.words import N_
from portal.operations import receipts
from portal.store import publications, territory
from portal.store.publications import PAGE, Entry, Wanted
from portal.web import arguments
from portal.web.access import DIRECTORY
from portal.web.acting import acting
from portal.web.export import Cell, list_file
from portal.web.filters import day
from portal.web.hits import groups_read, measure_name
from portal.web.page import page
from portal.workflow.clock import now
from portal.workflow.competence import DIRECTIONS
from portal.workflow.text import FORMALISATIONS, KINDS, RISK_LEVELS, RISK_TYPES

_SCOPES = {name: scope.label for name, scope in SCOPES.items()}
_EXPORTED = 10_000

_STATES = {
    "in_force": (N_("In force"), "green"),
    "suspended": (N_("Suspended"), "violet"),
    "ended": (N_("Ended"), "grey"),
}


@blueprint.get("/<code>/directory", access=DIRECTORY)
def listing() -> ResponseReturnValue:
    """The profiles in force in the territory, the newest first."""
    here, wanted = acting(), _wanted()
    older, newer = arguments.number("older"), arguments.number("newer")
    rows = publications.listing(here.path, here.local_now().date(), here.officer.id, wanted, older, newer)
    more = len(rows) > PAGE
    rows = rows[-PAGE:] if newer is not None else rows[:PAGE]
    return page(
        "directory/listing.html",
        rows=rows,
        issuers=_names(row.issuer for row in rows),
        wanted=wanted,
        unread=publications.unread(here.path, here.local_now().date(), here.officer.id),
        older_url=_page(older=rows[-1].id) if rows and (more or newer is not None) else None,
        newer_url=_page(newer=rows[0].id)
        if rows and (older is not None or (newer is not None and more))
        else None,
        tags=_tags(wanted),
        kinds=KINDS,
        scopes=_SCOPES,
        levels=RISK_LEVELS,
        export_url=url_for("directory.export", code=here.code, **_kept()),
    )


@blueprint.get("/<code>/directory.csv", access=DIRECTORY)
def export() -> ResponseReturnValue:
    """The same list as a file, up to 10,000 lines."""
    here = acting()
    rows = publications.listing(
        here.path, here.local_now().date(), here.officer.id, _wanted(), most=_EXPORTED
    )
    columns = (
        gettext("Number"),
        gettext("Version"),
        gettext("Title"),
        gettext("Kind"),
        gettext("Territorial scope"),
        gettext("Risk level"),
        gettext("Issued by"),
        gettext("Valid from"),
        gettext("Valid to"),
        gettext("Read"),
    )
    issuers = _names(row.issuer for row in rows)
    return list_file(f"directory-{here.code}", columns, (_cells(row, issuers) for row in rows[:_EXPORTED]))


def _names(paths: Iterable[str]) -> dict[str, str]:
    return territory.names(paths, str(get_locale()))


def _cells(row: Entry, issuers: dict[str, str]) -> tuple[Cell, ...]:
    return (
        row.number,
        row.version,
        row.title,
        gettext(KINDS[row.kind]),
        gettext(_SCOPES[row.scope]),
        gettext(RISK_LEVELS[row.risk_level]) if row.risk_level else "",
        issuers[row.issuer],
        row.valid_from.isoformat(),
        row.valid_to.isoformat(),
        gettext("yes") if row.read else gettext("no"),
    )


def _wanted() -> Wanted:
    given = arguments.every()
    return Wanted(
        words=given.get("words", "")[:100],
        kind=given.get("kind", "") if given.get("kind") in KINDS else "",
        scope=given.get("scope", "") if given.get("scope") in _SCOPES else "",
        level=given.get("level", "") if given.get("level") in RISK_LEVELS else "",
        unread_by=acting().officer.id if given.get("unread") == "1" else None,
    )


def _kept(**changed: Any) -> dict[str, Any]:
    """The filters of this page for another address, those that are empty left out."""
    given = {name: arguments.text(name) for name in ("words", "kind", "scope", "level", "unread")}
    return {name: value for name, value in {**given, **changed}.items() if value}


def _page(**anchor: int) -> str:
    return url_for("directory.listing", code=acting().code, **_kept(**anchor))


def _tags(wanted: Wanted) -> list[tuple[str, str]]:
    words = {
        "words": wanted.words,
        "kind": gettext(KINDS[wanted.kind]) if wanted.kind else "",
        "scope": gettext(_SCOPES[wanted.scope]) if wanted.scope else "",
        "level": gettext(RISK_LEVELS[wanted.level]) if wanted.level else "",
        "unread": gettext("Not read yet") if wanted.unread_by is not None else "",
    }
    return [
        (label, url_for("directory.listing", code=acting().code, **_kept(**{name: None})))
        for name, label in words.items()
        if label
    ]


@blueprint.get("/<code>/directory/<int:publication_id>", access=DIRECTORY)
def show(publication_id: int) -> ResponseReturnValue:
    """What an officer who applies a profile needs to know of it."""
    here = acting()
    entry = publications.find(publication_id)
    if entry is None:
        raise NotHere
    label, tone = _STATES[entry.state]
    return page(
        "directory/show.html",
        entry=entry,
        state=(gettext(label), tone),
        facts=_facts(entry),
        groups=groups_read(entry.text),
        questions=entry.text["questions"],
        measures=[_measure(measure) for measure in entry.text["measures"]],
        contact=[
            (gettext("Monitoring unit"), entry.text["contact"]["unit"]),
            (gettext("Officer"), entry.text["contact"]["officer"]),
            (gettext("Telephone"), entry.text["contact"]["telephone"]),
        ],
        read_at=publications.receipt(entry.id, here.officer.id, here.path),
    )


def _facts(entry: Any) -> list[tuple[str, Any]]:
    header = entry.text["header"]
    named = _names((entry.applies_to, entry.authority_path))
    return [
        (gettext("Kind"), gettext(KINDS[entry.kind])),
        (gettext("Formalisation"), _word(FORMALISATIONS, header["formalisation"])),
        (gettext("Territorial scope"), gettext(_SCOPES[entry.scope])),
        (gettext("Applies to"), named.get(entry.applies_to, entry.applies_to)),
        (gettext("Direction of activity"), _word(DIRECTIONS, header["direction"])),
        (gettext("Risk type"), _word(RISK_TYPES, header["risk_type"])),
        (gettext("Risk level"), _word(RISK_LEVELS, header["risk_level"])),
        (gettext("Valid"), f"{day(entry.valid_from)} – {day(entry.valid_to)}"),
        (gettext("Issued by"), named[entry.authority_path]),
        (gettext("Published"), day(entry.published_at)),
    ]


def _word(words: dict[Any, str], key: Any) -> str | None:
    return gettext(words[key]) if key in words else None


def _measure(measure: dict[str, Any]) -> dict[str, Any]:
    """A measure without its share: who applies it must not know how often it is drawn."""
    return {
        "name": measure_name(measure["code"]),
        "duty": gettext("Mandatory") if measure["mandatory"] else gettext("Optional"),
        "description": measure.get("description", ""),
        "inspection_code": measure.get("inspection_code", ""),
    }


@blueprint.post("/<code>/directory/<int:publication_id>/receipt", access=DIRECTORY)
def receipt(publication_id: int) -> ResponseReturnValue:
    """Confirm that the officer has read the entry."""
    here = acting()
    receipts.confirm(publication_id, here.acts, now())
    flash(gettext("Your receipt is kept; the issuer sees it."), "info")
    return redirect(url_for("directory.show", code=here.code, publication_id=publication_id), 303)

"""The registers: lines by filter, their export, and the journal as it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.registers import blueprint
from portal.blueprints.registers.forms import RegisterFilters, filters
from portal.blueprints.registers.words import TITLES, Row, row, tags
from portal.errors import NotHere
from portal.store import authorities, registers
from portal.store.authorities import Seen
from portal.store.registers import SHEET, Book, Line
from portal.web import arguments
from portal.web.access import OFFICE
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.export import Cell, list_file
from portal.web.page import page


@blueprint.get("/<code>/registers/drafts", access=OFFICE)
def drafts() -> ResponseReturnValue:
    """The register of drafts."""
    return _listing("draft")


@blueprint.get("/<code>/registers/profiles", access=OFFICE)
def profiles() -> ResponseReturnValue:
    """The register of profiles."""
    return _listing("profile")


def _listing(kind: str) -> ResponseReturnValue:
    places, here = _places()
    form = filters(kind, places)
    book, asked = Book(here.path, kind, here.zone), form.asked()
    found = registers.page(book, asked, before=arguments.number("before"), after=arguments.number("after"))
    return page(
        "registers/listing.html",
        kind=kind,
        title=gettext(TITLES[kind]),
        place=here,
        place_name=here.name(language()),
        form=form,
        several=len(places) > 1,
        own_url=_url(kind),
        rows=[row(line, kind, ZoneInfo(book.zone)) for line in found.lines],
        last=registers.last_serial(book),
        filtered=asked.any,
        tags=tags(form, kind, arguments.every()),
        clear_url=_url(kind, authority=arguments.text("authority")),
        older_url=_url(kind, **_kept(form), before=found.older) if found.older else None,
        newer_url=_url(kind, **_kept(form), after=found.newer) if found.newer else None,
        export_url=url_for("registers.export", code=acting().code, kind=kind, **_kept(form)),
        journal_url=url_for("registers.journal", code=acting().code, kind=kind, authority=here.code),
    )


@blueprint.get("/<code>/registers/<any(draft, profile):kind>/export", access=OFFICE)
def export(kind: str) -> ResponseReturnValue:
    """All lines that the filters leave, as a file."""
    places, here = _places()
    book = Book(here.path, kind, here.zone)
    lines = registers.every(book, filters(kind, places).asked())
    heads = (
        gettext("Serial"),
        gettext("Number"),
        gettext("Registered"),
        gettext("Title"),
        gettext("Version"),
        gettext("Status"),
        gettext("Registered by"),
        gettext("Notes"),
        "SHA-256",
    )
    return list_file(f"register-{kind}s-{here.code}", heads, _cells(lines, kind, ZoneInfo(book.zone)))


def _cells(lines: Iterator[Line], kind: str, zone: ZoneInfo) -> Iterator[list[Cell]]:
    for line in lines:
        shown: Row = row(line, kind, zone, linked=False)
        yield [
            line.serial,
            line.number,
            shown.at.isoformat(timespec="minutes"),
            line.title,
            line.version,
            shown.status[0],
            line.officer_name,
            "; ".join(shown.notes),
            line.text_hash,
        ]


@blueprint.get("/<code>/registers/<any(draft, profile):kind>/journal", access=OFFICE)
def journal(kind: str) -> ResponseReturnValue:
    """One sheet of the journal in the order of its numbers, to be printed for the record."""
    _, here = _places()
    book = Book(here.path, kind, here.zone)
    number = max(arguments.number("sheet") or 1, 1)
    last = registers.last_serial(book)
    sheets = max(-(-last // SHEET), 1)
    if number > sheets:
        raise NotHere
    first = (number - 1) * SHEET + 1
    lines = registers.sheet(book, first)
    return page(
        "registers/journal.html",
        kind=kind,
        title=gettext(TITLES[kind]),
        place=here,
        place_name=here.name(language()),
        rows=[row(line, kind, ZoneInfo(book.zone), linked=False) for line in lines],
        sheet=number,
        sheets=sheets,
        last=last,
        first=first,
        until=min(first + SHEET - 1, last),
        back_url=_url(kind, authority=here.code),
        earlier_url=_sheet_url(kind, here, number - 1) if number > 1 else None,
        later_url=_sheet_url(kind, here, number + 1) if number < sheets else None,
    )


def _sheet_url(kind: str, here: Seen, number: int) -> str:
    return url_for("registers.journal", code=acting().code, kind=kind, authority=here.code, sheet=number)


def _places() -> tuple[list[Seen], Seen]:
    """The authorities whose registers may be read here, and the one whose register is."""
    places = authorities.subtree()
    wanted = arguments.text("authority") or acting().code
    here = next((seen for seen in places if seen.code == wanted), None)
    if here is None:
        raise NotHere
    return places, here


def _kept(form: RegisterFilters) -> dict[str, Any]:
    """The filters as the address holds them, without what is empty or wrong."""
    return {name: arguments.text(name) for name, one in form._fields.items() if one.data and not one.errors}


def _url(kind: str, **values: Any) -> str:
    return url_for(f"registers.{kind}s", code=acting().code, **values)

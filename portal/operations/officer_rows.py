"""Judges the rows of a table of officers, cell by cell, against the authorities, units and logins that exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale, get_locale, gettext

from portal.documents.spreadsheet import Cell, Table
from portal.levels.roles import Post
from portal.levels.words import N_
from portal.operations import administration
from portal.operations.officer_columns import TWICE, plain, recognise
from portal.screening.faults import Fault
from portal.store import authorities, officer_imports
from portal.store.authorities import Seen
from portal.store.officer_imports import UnitSeen

#: An officer to enrol with one post, as it is stored until it is confirmed.
Entry = dict[str, Any]

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2099, 12, 31)
LOCALES = {"en": "en", "english": "en", "английский": "en", "ru": "ru", "russian": "ru", "русский": "ru"}
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,79}")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

FORMULA = N_("This is a formula, or begins like one. Put the value itself here.")
SIGNS = N_("It holds signs that cannot be seen or stored. Type it anew.")
NEEDED = N_("This is needed.")
LONG = N_("At most %(most)s characters.")
NO_LOGIN = N_("A login has 2 to 80 Latin letters, digits and . _ @ -, and begins with a letter or digit.")
TWICE_HERE = N_("Row %(row)s has this login too.")
TAKEN = N_("Somebody has this login already.")
NO_EMAIL = N_("This is no e-mail address.")
NO_LANGUAGE = N_("The portal speaks en and ru.")
NO_AUTHORITY = N_("No authority of yours has this code.")
NO_POST = N_("There is no such post.")
NOT_AT_LEVEL = N_("Authorities of this level have no such post.")
NO_UNIT = N_("The authority has no unit of this name.")
UNIT_NEEDED = N_("This post belongs to a unit: name it.")
UNIT_NOT_NEEDED = N_("This post belongs to no unit: leave this empty.")
NOT_COORDINATION = N_("This post belongs to the coordination unit alone.")
NO_DAY = N_("Write a day as 2026-11-20 or 20.11.2026.")
FAR_DAY = N_("The day lies too far away.")
ENDS_BEFORE = N_("It ends before it begins.")
END_NEEDED = N_("Who acts for another does so until a day: name it.")
_WRONG_POST = {"level": ("post", NOT_AT_LEVEL), "unit": ("unit", UNIT_NEEDED), "no_unit": ("unit", UNIT_NOT_NEEDED),
               "coordination": ("unit", NOT_COORDINATION)}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A cell as the sender wrote it, and what is wrong with it, if anything."""

    text: str
    fault: Fault | None = None


@dataclass(frozen=True)
class JudgedRow:
    """A row with its number in the sender's table; `missing` are faults of columns that it has not."""

    number: int
    cells: tuple[Judged, ...]
    missing: tuple[Fault, ...] = ()

    @property
    def wrong(self) -> bool:
        return bool(self.missing) or any(cell.fault for cell in self.cells)


@dataclass(frozen=True)
class JudgedTable:
    """The sender's own table; `entries` are what it means, complete only when nothing is wrong."""

    heads: tuple[Judged, ...]
    rows: tuple[JudgedRow, ...]
    entries: tuple[Entry, ...]

    @property
    def faulty_rows(self) -> int:
        return sum(row.wrong for row in self.rows)

    @property
    def right(self) -> bool:
        return not self.faulty_rows and not any(head.fault for head in self.heads)


@dataclass(frozen=True)
class _Known:
    """What exists: authorities in scope by code, units by authority and name, logins in use, posts by their names."""

    places: Mapping[str, Seen]
    units: Mapping[tuple[str, str], UnitSeen]
    taken: frozenset[str]
    posts: Mapping[str, Post]
    at: datetime


class _Wrong(Exception):
    """A cell is refused."""

    def __init__(self, column: str, words: str, **params: object) -> None:
        self.fault = Fault(column, words, params)


def judge(table: Table, at: datetime) -> JudgedTable:
    """Judge every cell of a table in the scope of the acting authority; nothing is stored."""
    columns = recognise(table.heads)
    names = [column.name if column else "" for column in columns]
    heads = tuple(Judged(shown(head), _fault_of_head(names, place)) for place, head in enumerate(table.heads))
    named = [
        (row.number, {name: cell for name, cell in zip(names, row.cells, strict=False) if name})
        for row in table.rows
    ]
    known = _known((cells.get("login", Cell("")).text for _, cells in named), at)
    rows, entries, seen = [], [], dict[str, int]()
    for row, (number, cells) in zip(table.rows, named, strict=True):
        entry, faults = _judged(cells, known, seen, number)
        entries.append(entry)
        by_place = tuple(
            Judged(shown(cell.text), faults.pop(name, None) if name else None)
            for name, cell in zip([*names, *[""] * len(row.cells)], row.cells, strict=False)
        )
        rows.append(JudgedRow(number, by_place, tuple(faults.values())))
    return JudgedTable(heads, tuple(rows), tuple(entries))


def judge_entries(entries: Iterable[Entry], at: datetime) -> list[tuple[Entry, list[Fault]]]:
    """Judge entries that were right when they were prepared, against what exists now."""
    kept = list(entries)
    known, seen = _known((entry["login"] for entry in kept), at), dict[str, int]()
    found = []
    for number, entry in enumerate(kept, 1):
        cells = {name: Cell(str(value)) for name, value in entry.items()}
        found.append((entry, list(_judged(cells, known, seen, number)[1].values())))
    return found


def _fault_of_head(names: list[str], place: int) -> Fault | None:
    name = names[place]
    return Fault(name, TWICE) if name and names.index(name) != place else None


def post_names(language: str) -> dict[str, Post]:
    """The posts by their names in a language."""
    with force_locale(language):
        return {gettext(post.label): post for post in Post}


def _known(logins: Iterable[str], at: datetime) -> _Known:
    places = {seen.code: seen for seen in authorities.subtree() if seen.closed_on is None}
    units = officer_imports.units(seen.path for seen in places.values())
    posts = {plain(name): post for language in ("en", "ru") for name, post in post_names(language).items()}
    posts |= {plain(post.value): post for post in Post}
    asked = {login.casefold() for login in logins if _LOGIN.fullmatch(login)}
    return _Known(
        places,
        {(unit.path, plain(name)): unit for unit in units for name in (unit.name_en, unit.name_ru)},
        officer_imports.taken(asked),
        posts,
        at,
    )


def _judged(
    cells: Mapping[str, Cell], known: _Known, seen: dict[str, int], number: int
) -> tuple[Entry, dict[str, Fault]]:
    """What a row means, and the first fault of each of its columns."""
    entry: Entry = {"row": number}
    faults: dict[str, Fault] = {}

    def take(column: str, reading: Callable[[str], Any]) -> None:
        try:
            entry[column] = reading(_text(column, cells.get(column, Cell(""))))
        except _Wrong as wrong:
            faults.setdefault(wrong.fault.place, wrong.fault)

    take("login", lambda text: _login(text, known, seen, number))
    take("name", lambda text: _line("name", text, 200))
    take("email", _email)
    take("locale", _locale)
    take("authority", lambda text: _place(text, known).code)
    take("post", lambda text: _post(text, known).value)
    take("since", lambda text: _day("since", text) or _today(entry, known))
    take("until", lambda text: _until(text, entry))
    take("acting_for", lambda text: _acting_for(text, cells))
    take("unit", lambda text: _unit(text, entry, known, faults))
    return entry, faults


def _text(column: str, cell: Cell) -> str:
    if cell.formula:
        raise _Wrong(column, FORMULA)
    if any(_unseen(sign) for sign in cell.text):
        raise _Wrong(column, SIGNS)
    return cell.text.strip()


def _unseen(sign: str) -> bool:
    """Control signs, halves of signs, marks that turn the reading round, and what no standard names."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn")


def shown(text: str) -> str:
    """A text as a page can show it: what cannot be seen gives way to a mark."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _unseen(sign) else sign for sign in text)


def _line(column: str, text: str, longest: int, *, needed: bool = True) -> str:
    if needed and not text:
        raise _Wrong(column, NEEDED)
    if len(text) > longest:
        raise _Wrong(column, LONG, most=longest)
    return text


def _login(text: str, known: _Known, seen: dict[str, int], number: int) -> str:
    login = _line("login", text, 80)
    if not _LOGIN.fullmatch(login):
        raise _Wrong("login", NO_LOGIN)
    first = seen.setdefault(login.casefold(), number)
    if first != number:
        raise _Wrong("login", TWICE_HERE, row=first)
    if login.casefold() in known.taken:
        raise _Wrong("login", TAKEN)
    return login


def _email(text: str) -> str:
    if text and not _EMAIL.fullmatch(_line("email", text, 200)):
        raise _Wrong("email", NO_EMAIL)
    return text


def _locale(text: str) -> str:
    found = LOCALES.get(text.casefold()) if text else str(get_locale() or "en")
    if found is None:
        raise _Wrong("locale", NO_LANGUAGE)
    return found


def _place(text: str, known: _Known) -> Seen:
    """The authority; a spreadsheet that took its code for a number has lost the zeros before it."""
    code = _line("authority", text, 20)
    found = known.places.get(code.zfill(8) if code.isascii() and code.isdigit() else code)
    if found is None:
        raise _Wrong("authority", NO_AUTHORITY)
    return found


def _post(text: str, known: _Known) -> Post:
    found = known.posts.get(plain(_line("post", text, 200)))
    if found is None:
        raise _Wrong("post", NO_POST)
    return found


def _unit(text: str, entry: Entry, known: _Known, faults: Mapping[str, Fault]) -> str:
    """The unit by its English name, when the post stands at the level and the unit fits it."""
    if "authority" in faults or "post" in faults:
        return text
    place = known.places[entry["authority"]]
    unit = known.units.get((place.path, plain(text))) if text else None
    if text and unit is None:
        raise _Wrong("unit", NO_UNIT)
    try:
        administration.check_post(place.level, Post(entry["post"]), unit)
    except administration.WrongPost as wrong:
        column, words = _WRONG_POST[wrong.why]
        raise _Wrong(column, words) from wrong
    return unit.name_en if unit else ""


def _day(column: str, text: str) -> str:
    """A day as it is stored; empty when none is given."""
    if not text:
        return ""
    form = "%d.%m.%Y" if "." in text else "%Y-%m-%d"
    try:
        found = datetime.strptime(text.removesuffix(" 00:00:00"), form).date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        raise _Wrong(column, NO_DAY) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise _Wrong(column, FAR_DAY)
    return found.isoformat()


def _today(entry: Entry, known: _Known) -> str:
    place = known.places.get(entry.get("authority", ""))
    return known.at.astimezone(ZoneInfo(place.zone) if place else None).date().isoformat()


def _until(text: str, entry: Entry) -> str:
    day = _day("until", text)
    if day and entry.get("since") and day < entry["since"]:
        raise _Wrong("until", ENDS_BEFORE)
    return day


def _acting_for(text: str, cells: Mapping[str, Cell]) -> str:
    name = _line("acting_for", text, 200, needed=False)
    if name and not cells.get("until", Cell("")).text:
        raise _Wrong("until" if "until" in cells else "acting_for", END_NEEDED)
    return name

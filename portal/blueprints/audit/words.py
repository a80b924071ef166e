"""An entry of the trail as an auditor reads it: what each object was before and is after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.store import audit_object
from portal.store.audit_pages import Entry
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.trail import acts, tables, values
from portal.web.trail.values import Names


@dataclass(frozen=True)
class Changed:
    """One row of one table: what happened to it, its columns before and after, and the address of its timeline."""

    key: str
    name: str
    how: str
    columns: list[tuple[str, str, str]]
    url: str | None


@dataclass(frozen=True)
class Told:
    """An entry with its act and its objects in words."""

    entry: Entry
    act: str
    objects: list[Changed]


def told(entries: Iterable[Entry], place: str) -> list[Told]:
    """The entries of one page; `place` is the code of the authority whose chain it is."""
    shown = list(entries)
    rows = [row for one in shown for side in (one.before, one.after) for row in side.values()]
    known = values.names(rows, language())
    return [Told(one, acts.said(one.action, one.after), _objects(one, known, place)) for one in shown]


def _objects(entry: Entry, known: Names, place: str) -> list[Changed]:
    """Every row that an entry names, in the order in which it was touched."""
    return [
        _object(name, entry.before.get(name, {}), entry.after.get(name, {}), known, place)
        for name in entry.after
    ]


def _object(key: str, before: dict[str, Any], after: dict[str, Any], known: Names, place: str) -> Changed:
    table, _, number = key.partition(":")
    columns = [
        (
            tables.of_column(table, name),
            _value(before, name, known),
            _value(after, name, known) if after else "",
        )
        for name in dict.fromkeys((*before, *after))
        if name
    ]
    name = f"{tables.of_table(table)} {number}".strip()
    return Changed(key, name, _how(number, before, after), columns, _url(table, number, place))


def _url(table: str, number: str, place: str) -> str | None:
    if not number.isdigit() or table not in audit_object.tables():
        return None
    return url_for("audit.timeline", code=acting().code, table=table, row=int(number), authority=place)


def _how(number: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """What happened to the row; a statement over several rows names none of them."""
    if not number:
        return str(gettext("several rows removed") if "" in after else gettext("several rows changed"))
    if not before:
        return str(gettext("added") if "id" in after else gettext("noted"))
    return str(gettext("changed") if after else gettext("removed"))


def _value(row: dict[str, Any], name: str, known: Names) -> str:
    return values.said(name, row[name], known) if name in row else ""

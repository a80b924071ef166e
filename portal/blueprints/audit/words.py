"""An entry of the trail as an auditor reads it: what each object was before and is after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from portal.store.audit_pages import Entry


@dataclass(frozen=True)
class Changed:
    """One row of one table: what happened to it, and its columns before and after."""

    name: str
    how: str
    columns: list[tuple[str, str, str]]


def objects(entry: Entry) -> list[Changed]:
    """Every row that an entry names, in the order in which it was touched."""
    return [_object(name, entry.before.get(name, {}), entry.after.get(name, {})) for name in entry.after]


def _object(name: str, before: dict[str, Any], after: dict[str, Any]) -> Changed:
    table, _, number = name.partition(":")
    keys = dict.fromkeys((*before, *after))
    columns = [
        (key.replace("_", " "), _value(before, key), _value(after, key) if after else "") for key in keys
    ]
    return Changed(f"{table.replace('_', ' ')} {number}".strip(), _how(number, before, after), columns)


def _how(number: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """What happened to the row; a statement over several rows names none of them."""
    if not number:
        return str(gettext("several rows removed") if "" in after else gettext("several rows changed"))
    if not before:
        return str(gettext("added"))
    return str(gettext("changed") if after else gettext("removed"))


def _value(values: dict[str, Any], key: str) -> str:
    if key not in values:
        return ""
    value = values[key]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)

"""What a value in the trail says: a status by its name, a moment by the reader's clock, an officer by his name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from portal.store import journal, territory
from portal.web.filters import day, moment
from portal.web.trail.words import WORDS

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_OFFICERS = frozenset({"officer_id", "author_id", "executor_id", "opinion_by_id"})
_UNITS = frozenset({"unit_id", "competent_unit_id", "rtu_unit_id"})
_PLACES = frozenset({"authority_path", "applies_to", "addressee_path", "clock_path"})
_LONG = "sha256:"

_TRANSLATED = frozenset({"label", "post_label"})

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """The names behind the ids and paths of one page of the trail."""

    officers: Mapping[int, str]
    units: Mapping[int, str]
    places: Mapping[str, str]


def names(rows: Iterable[Values], locale: str) -> Names:
    """Asked for once for a whole page."""
    found: dict[frozenset[str], set[Any]] = {_OFFICERS: set(), _UNITS: set(), _PLACES: set()}
    for values in rows:
        for kind, wanted in found.items():
            wanted.update(values[key] for key in kind & set(values) if values[key])
    return Names(
        journal.officer_names(one for one in found[_OFFICERS] if isinstance(one, int)),
        journal.unit_names((one for one in found[_UNITS] if isinstance(one, int)), locale),
        territory.names((one for one in found[_PLACES] if isinstance(one, str)), locale),
    )


def said(column: str, value: Any, known: Names) -> str:
    """A value in words where there are some, else as it is stored."""
    if value is None or value in ("", {}, []):
        return ""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    named: tuple[tuple[frozenset[str], Mapping[Any, str]], ...] = (
        (_OFFICERS, known.officers),
        (_UNITS, known.units),
        (_PLACES, known.places),
    )
    for kind, words in named:
        if column in kind and isinstance(value, int | str):
            return str(words.get(value, value))
    if column in WORDS and isinstance(value, int | str) and value in WORDS[column]:
        return str(gettext(WORDS[column][value]))
    return _text(column, value) if isinstance(value, str) else _json(value)


def _text(column: str, value: str) -> str:
    if value == "(secret)":
        return str(gettext("(secret)"))
    if value.startswith(_LONG):
        return str(gettext("a long text, SHA-256 %(hash)s", hash=value.removeprefix(_LONG)))
    for form, read in _DATES:
        if form.fullmatch(value):
            try:
                return read(value)
            except ValueError:
                return value
    return str(gettext(value)) if column in _TRANSLATED else value


_DATES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_MOMENT, lambda value: moment(datetime.fromisoformat(value))),
    (_DAY, lambda value: day(date.fromisoformat(value))),
)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)

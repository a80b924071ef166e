"""What a declaration's page says: why it was selected, what to do, what was found, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import get_locale, gettext, ngettext

from portal.levels.words import N_
from portal.screening.area import Area
from portal.screening.faults import ConditionError
from portal.screening.fired import fired_sentences
from portal.screening.grammar import capital
from portal.screening.reading import sentence
from portal.screening.selection import AWAITS_ANSWERS
from portal.screening.text_area import AnyList, area_of
from portal.screening.vocabulary import FIELDS, Kind
from portal.store import declarations
from portal.web.filters import decimal
from portal.workflow.measures import MEASURES

#: The words for the codes of fields with a closed set of them.
WORDS = {
    "stage": {
        "preliminary": N_("Preliminary"),
        "registration": N_("Registration"),
        "release": N_("Release"),
        "after_release": N_("After release"),
    },
    "direction": {"import": N_("Import"), "export": N_("Export"), "transit": N_("Transit")},
    "trader_risk": {"low": N_("low"), "medium": N_("medium"), "high": N_("high"), "unknown": N_("unknown")},
}


def measure_name(code: str) -> str:
    """``109 Inspection of goods``."""
    return f"{code} {gettext(MEASURES[code].label)}" if code in MEASURES else code


def reason_words(reason: Mapping[str, Any]) -> str:
    """Why a declaration stands in its channel, as a line of its own."""
    words, params = reason["words"], reason["params"]
    if words == AWAITS_ANSWERS:
        said = ngettext(
            "the officer has %(num)s question to answer",
            "the officer has %(num)s questions to answer",
            params["count"],
        )
        return capital(said)
    return capital(gettext(words, **params))


def field_name(name: str) -> str:
    """The label of a declaration's field, as it begins a line."""
    return capital(gettext(FIELDS[name].label))


def field_value(name: str, text: str) -> str:
    """A stored value as it is read: numbers grouped, coded words in words, other codes as they stand."""
    if text in WORDS.get(name, {}):
        return str(gettext(WORDS[name][text]))
    return decimal(Decimal(text)) if FIELDS[name].kind is Kind.DECIMAL and text else text


def area_in_force(text: Mapping[str, Any]) -> Area:
    """The risk area of a profile of the directory, good for reading aloud; empty when it cannot be read."""
    try:
        return area_of(text, AnyList())
    except ConditionError:
        return Area()


@dataclass(frozen=True)
class GroupRead:
    """A group of indicators in words; no exception is an empty text."""

    condition: str
    exception: str


def groups_read(text: Mapping[str, Any]) -> list[GroupRead]:
    """The groups of indicators of a profile, in words."""
    language = str(get_locale())
    return [
        GroupRead(
            sentence(group.condition, language),
            sentence(group.exception, language) if group.exception else "",
        )
        for group in area_in_force(text).groups
    ]


@dataclass(frozen=True)
class Fired:
    """An indicator that fired, and the items in which it did."""

    words: str
    items: tuple[int, ...]


def fired_words(text: Mapping[str, Any], indicators: Iterable[Mapping[str, Any]]) -> list[Fired]:
    """The indicators of a hit, each once, in the order of the profile."""
    items: dict[str, set[int]] = {}
    for hit in indicators:
        for place in hit["fired"]:
            items.setdefault(place, set()).add(hit["item"])
    said = fired_sentences(area_in_force(text), items, str(get_locale()))
    return [Fired(words, tuple(sorted(items[place]))) for place, words in said.items()]


def against_release(declaration: Any) -> list[str]:
    """What stands against release, in words; nothing when it may be released."""
    return [str(gettext(words, **params)) for words, params in declarations.hindrances(declaration)]

"""What a text says, block by block, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext

from portal.levels.signing import SCOPES
from portal.levels.words import N_
from portal.screening.conditions import parse
from portal.screening.faults import ConditionError
from portal.screening.reading import Line, outline, sentence
from portal.store import territory
from portal.web.filters import day, decimal
from portal.workflow.competence import DIRECTIONS
from portal.workflow.measures import MEASURES
from portal.workflow.text import FORMALISATIONS, KINDS, RISK_LEVELS, RISK_TYPES

Text = Mapping[str, Any]
Row = tuple[str, Any]

_CONTACT = {"unit": N_("Monitoring unit"), "officer": N_("Officer"), "telephone": N_("Telephone")}
_NOTE = {
    "sources": N_("Sources of information"),
    "operations": N_("Operations that found the risk"),
    "methodology": N_("Approved target methodology"),
    "assessment": N_("Assessment of the risk level"),
    "consequences": N_("Potential negative consequences"),
    "validity": N_("Proposed validity"),
}


def language() -> str:
    return str(get_locale())


def header(text: Text) -> list[Row]:
    """The header of the printed act."""
    head = text["header"]
    return [
        (gettext("Title"), head["title"]),
        (gettext("Kind"), _word(KINDS, head["kind"])),
        (gettext("Formalisation"), _word(FORMALISATIONS, head["formalisation"])),
        (gettext("Territorial scope"), _scope(head["scope"])),
        (gettext("Direction of activity"), _word(DIRECTIONS, head["direction"])),
        (gettext("Risk type"), _word(RISK_TYPES, head["risk_type"])),
        (gettext("Risk level"), _word(RISK_LEVELS, head["risk_level"])),
        (gettext("Valid from"), _day(head["valid_from"])),
        (gettext("Valid to"), _day(head["valid_to"])),
    ]


def applies_to(text: Text) -> list[str]:
    """Names of the authorities where it applies; a path without an authority stands as it is."""
    named = territory.names(text["territory"], language())
    return [named.get(path, path) for path in text["territory"]]


@dataclass(frozen=True)
class Reading:
    """A condition read aloud, with its outline; `words` is None when it cannot be read."""

    words: str | None
    lines: Line | None


@dataclass(frozen=True)
class Group:
    """A group of indicators with its exceptions, as the signatory reads them."""

    number: int
    name: str
    condition: Reading
    exceptions: Reading | None


def groups(text: Text) -> list[Group]:
    """The groups of indicators in words."""
    return [
        Group(
            number,
            group.get("name") or "",
            _read(group.get("condition")),
            _read(group["exceptions"]) if group.get("exceptions") else None,
        )
        for number, group in enumerate(text["groups"], 1)
    ]


def _read(condition: object) -> Reading:
    try:
        node = parse(condition)
    except ConditionError:
        return Reading(None, None)
    return Reading(sentence(node, language()), outline(node, language()))


@dataclass(frozen=True)
class MeasureRead:
    """A measure as its line in the act says it."""

    code: str
    label: str
    description: str
    duty: str
    share: str
    inspection_code: str

    @property
    def words(self) -> str:
        parts = (f"{self.code} {self.label}", self.description, self.inspection_code, self.duty, self.share)
        return ", ".join(part for part in parts if part)


def measures(text: Text) -> list[MeasureRead]:
    return [
        MeasureRead(
            one["code"],
            gettext(MEASURES[one["code"]].label) if one["code"] in MEASURES else one["code"],
            one.get("description", ""),
            gettext("mandatory") if one.get("mandatory", True) else gettext("optional"),
            f"{decimal(one.get('share', 100))} %",
            one.get("inspection_code", ""),
        )
        for one in text["measures"]
    ]


def contact(text: Text) -> list[Row]:
    return [(gettext(label), text["contact"][field]) for field, label in _CONTACT.items()]


def note(text: Text) -> list[Row]:
    """The explanatory note; the methodology stands only where one was used (procedure §4)."""
    given = text["note"]
    rows: list[Row] = [
        (gettext(label), given[field])
        for field, label in _NOTE.items()
        if field != "methodology" or given[field]
    ]
    rows.append((gettext("Estimated number of consignments"), estimate(text)))
    if given["estimate_reason"]:
        rows.append((gettext("Reason for the estimate"), given["estimate_reason"]))
    return rows


def estimate(text: Text) -> str | None:
    """The estimate with where it comes from."""
    given = text["note"]
    if given["estimate"] is None:
        return None
    number = decimal(given["estimate"])
    if given["estimate_run"] is not None:
        return str(gettext("%(number)s, from back-test %(run)s", number=number, run=given["estimate_run"]))
    return str(gettext("%(number)s, the officer's own estimate", number=number))


def flat(text: Text) -> list[Row]:
    """Every line of a text, note included, under a label of its own: what a comparison compares."""
    lines: list[Row] = [*header(text), (gettext("Applies to"), applies_to(text))]
    for group in groups(text):
        label = gettext("Group %(number)s", number=group.number)
        lines.append((label, _group_words(group)))
    for number, question in enumerate(text["questions"], 1):
        lines.append((gettext("Question %(number)s to the officer", number=number), question))
    for number, measure in enumerate(measures(text), 1):
        lines.append((gettext("Measure %(number)s", number=number), measure.words))
    return [*lines, *contact(text), *note(text)]


def _group_words(group: Group) -> list[str]:
    unread = gettext("The indicators cannot be read.")
    said = [group.name, group.condition.words or unread]
    if group.exceptions is not None:
        said.append(gettext("Except: %(words)s", words=group.exceptions.words or unread))
    return [words for words in said if words]


def differences(before: Text, after: Text) -> list[tuple[str, str, str]]:
    """The lines in which two texts differ: label, before, after; a line that is not there is empty."""
    old, new = dict(flat(before)), dict(flat(after))
    return [
        (label, spelled(old.get(label)), spelled(new.get(label)))
        for label in dict.fromkeys((*old, *new))
        if spelled(old.get(label)) != spelled(new.get(label))
    ]


def spelled(value: Any) -> str:
    """A line's value as one text."""
    if value is None:
        return ""
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _word(words: Mapping[Any, str], key: Any) -> str | None:
    return gettext(words[key]) if key in words else None


def _scope(name: str) -> str:
    line = SCOPES[name]
    return f"{gettext(line.label)}: {gettext(line.territory)}"


def _day(iso: str | None) -> str | None:
    return day(date.fromisoformat(iso)) if iso else None


def summary(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Rows as plain pairs of words, for the comparison of two versions."""
    return [(label, spelled(value)) for label, value in rows]

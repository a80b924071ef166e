"""Composes the texts of the demonstration's drafts from its list of subjects."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from portal.demo.cast import BY_LOGIN
from portal.demo.tree import BY_CODE, path_of
from portal.workflow.measures import INSPECTIONS, MEASURES
from portal.workflow.text import Text, blank

_FILE = Path(__file__).with_name("subjects.toml")
_INSPECTION = "1 2 1 4 05 6 07"


@dataclass(frozen=True)
class About:
    """What a draft is about and where it shall apply.

    Attributes:
        subject: a key of `subjects.toml`.
        territory: codes of authorities.
        days: first and last day of validity, counted from the day of loading.
        title: instead of the subject's own.
        omits: parts of the note left empty, for a draft that is still being written.
    """

    subject: str
    scope: str
    territory: tuple[str, ...]
    days: tuple[int, int]
    title: str = ""
    kind: str = "profile"
    estimate: int = 60
    omits: tuple[str, ...] = ()


@cache
def subjects() -> dict[str, dict[str, Any]]:
    """The subjects by key."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def title_of(about: About) -> str:
    return about.title or str(subjects()[about.subject]["title"])


def compose(about: About, author: str, today: date) -> Text:
    """A text by the officer with the login `author`, complete but for what it omits."""
    subject = subjects()[about.subject]
    text = blank()
    first, last = (today + timedelta(days=days) for days in about.days)
    text["header"].update(
        title=title_of(about),
        kind=about.kind,
        scope=about.scope,
        formalisation=_formalisation(subject),
        direction=subject["direction"],
        risk_type=subject["risk_type"],
        risk_level="medium" if about.kind == "orientation" else "high",
        valid_from=first.isoformat(),
        valid_to=last.isoformat(),
    )
    text["territory"] = [path_of(code) for code in about.territory]
    if "condition" in subject:
        group = {"name": text["header"]["title"], "condition": subject["condition"], "exceptions": None}
        text["groups"] = [group | {"exceptions": subject.get("exceptions")}]
    text["questions"] = list(subject.get("questions", ()))
    text["measures"] = [] if about.kind == "orientation" else [_measure(m) for m in subject["measures"]]
    text["contact"] = _contact(author)
    text["note"].update(_note(about, subject, last))
    return text


def _formalisation(subject: dict[str, Any]) -> str:
    if "condition" not in subject:
        return "non_formalised"
    return "automated" if "questions" in subject else "automatic"


def _measure(written: str) -> dict[str, Any]:
    """``"109:40"`` is measure 109 on 40 per cent of the consignments."""
    code, _, share = written.partition(":")
    return {
        "code": code,
        "description": _WHAT_TO_DO[MEASURES[code].channel],
        "mandatory": True,
        "share": int(share or 100),
        "inspection_code": _INSPECTION if code in INSPECTIONS else "",
    }


_WHAT_TO_DO = {
    "red": "See the goods themselves; compare quantity, marks and description with the declaration.",
    "yellow": "Ask for the contract, the invoice and the carrier's papers; compare them with the declaration.",
    "blue": "Check the books of the importer after release.",
}


def _contact(author: str) -> dict[str, str]:
    member = BY_LOGIN[author]
    extension = 100 + sum(map(ord, author)) % 900
    return {
        "unit": f"{BY_CODE[member.code].name_en}, risk management unit",
        "officer": member.name,
        "telephone": f"+7 000 000-{extension}",
    }


def _note(about: About, subject: dict[str, Any], last: date) -> dict[str, Any]:
    written = {
        "sources": "Declarations of the past year; results of inspections; letters of the market's associations.",
        "operations": "Declarations were grouped by code, origin and importer; prices, masses and papers of each group "
        "were set against the median, and what lay outside was compared with the results of inspection.",
        "assessment": subject["assessment"],
        "consequences": subject["consequences"],
        "validity": f"Until {last.isoformat()}, when two seasons of imports will have shown whether the risk persists.",
        "estimate": about.estimate,
        "estimate_reason": "Counted over the past year without the days of holiday traffic.",
    }
    return {part: value for part, value in written.items() if part not in about.omits}

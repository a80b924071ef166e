"""The text of a draft or profile: its sections, its exact form for signature, and what it still lacks."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.levels.signing import SCOPES
from portal.levels.words import N_
from portal.workflow.measures import INSPECTION_CODE, MEASURES

Text = dict[str, Any]

KINDS = {
    "profile": N_("Risk profile"),
    "urgent": N_("Urgent profile"),
    "orientation": N_("Orientation"),
}
FORMALISATIONS = {
    "automatic": N_("Automatic: found by software alone"),
    "automated": N_("Automated: software, then the officer confirms"),
    "non_formalised": N_("Non-formalised: the officer finds it"),
}
RISK_LEVELS = {"low": N_("Low"), "medium": N_("Medium"), "high": N_("High")}
RISK_TYPES = {
    "classification": N_("Classification"),
    "preferences": N_("Preferences"),
    "payment_reliefs": N_("Payment reliefs"),
    "exemption": N_("Exemption"),
    "rate": N_("Rate applied"),
    "customs_value": N_("Customs value"),
    "licensing": N_("Licensing"),
    "veterinary": N_("Veterinary"),
    "phytosanitary": N_("Phytosanitary"),
    "technical_regulation": N_("Technical regulation and certification (consumer safety)"),
    "export_control": N_("Export control"),
    "intellectual_property": N_("Intellectual property"),
    "quantity": N_("Quantity or undeclared goods"),
    "currency_control": N_("Currency control"),
    "other": N_("Other"),
}

#: The risk level decides the artefact (procedure §3): low is a note in the risk register and no draft.
LEVEL_OF_KIND = {"profile": ("high",), "urgent": ("high",), "orientation": ("medium",)}

BLANK: Text = {
    "header": {
        "title": "",
        "kind": "profile",
        "formalisation": "automatic",
        "scope": "regional",
        "direction": None,
        "risk_type": None,
        "risk_level": "high",
        "valid_from": None,
        "valid_to": None,
    },
    "territory": [],
    "groups": [],
    "questions": [],
    "measures": [],
    "contact": {"unit": "", "officer": "", "telephone": ""},
    "note": {
        "sources": "",
        "operations": "",
        "methodology": "",
        "assessment": "",
        "consequences": "",
        "validity": "",
        "estimate": None,
        "estimate_run": None,
        "estimate_reason": "",
    },
}


@dataclass(frozen=True)
class Missing:
    """Something that a text lacks: the section and field where to mend it, and what to do in words."""

    section: str
    field: str
    words: str


def blank() -> Text:
    return copy.deepcopy(BLANK)


def exact(text: Mapping[str, Any]) -> str:
    """The one spelling of a text that is hashed and signed: canonical JSON."""
    return json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def text_hash(text: Mapping[str, Any]) -> str:
    """SHA-256 of the exact text, in hexadecimal."""
    return hashlib.sha256(exact(text).encode()).hexdigest()


def area_hash(text: Mapping[str, Any]) -> str:
    """What a back-test was made with: the indicators and exceptions, whatever else the text says."""
    return hashlib.sha256(
        exact(
            {"groups": [[group["condition"], group.get("exceptions")] for group in text["groups"]]}
        ).encode()
    ).hexdigest()


def missing_in_profile(text: Mapping[str, Any]) -> tuple[Missing, ...]:
    """What the profile lacks before anyone may sign it (procedure §3)."""
    return (*_header(text), *_area(text), *_measures(text), *_contact(text))


def missing_in_note(text: Mapping[str, Any]) -> tuple[Missing, ...]:
    """What the explanatory note lacks before anyone may sign it (procedure §4)."""
    return tuple(_note(text))


def _header(text: Mapping[str, Any]) -> Iterator[Missing]:
    header = text["header"]
    if not header["title"].strip():
        yield Missing("header", "title", N_("Give the profile a title"))
    for field, words in (
        ("direction", N_("Choose the direction of activity")),
        ("risk_type", N_("Choose the risk type")),
        ("valid_from", N_("Enter the first day of validity")),
        ("valid_to", N_("Enter the last day of validity")),
    ):
        if not header[field]:
            yield Missing("header", field, words)
    if header["valid_from"] and header["valid_to"] and header["valid_to"] < header["valid_from"]:
        yield Missing("header", "valid_to", N_("The last day of validity lies before the first"))
    if header["risk_level"] not in LEVEL_OF_KIND[header["kind"]]:
        yield Missing(
            "header",
            "risk_level",
            N_(
                "High risk makes a profile, medium an orientation; low risk is only noted in the risk register"
            ),
        )


def _area(text: Mapping[str, Any]) -> Iterator[Missing]:
    scope, territory = SCOPES[text["header"]["scope"]], text["territory"]
    if not territory:
        yield Missing("area", "territory", N_("Name the authorities where it applies"))
    elif len(territory) > 1 and not scope.several:
        yield Missing("area", "territory", N_("This territorial scope names one authority"))
    elif len(territory) < 2 and scope.several:
        yield Missing("area", "territory", N_("A zonal profile names at least two regions"))
    formalisation = text["header"]["formalisation"]
    if not text["groups"] and formalisation != "non_formalised":
        yield Missing("area", "groups", N_("Add a group of indicators"))
    if not text["questions"] and formalisation != "automatic":
        yield Missing("area", "questions", N_("Add an indicator for the officer to answer"))
    if text["questions"] and formalisation == "automatic":
        yield Missing("area", "questions", N_("An automatic profile asks the officer nothing"))


def _measures(text: Mapping[str, Any]) -> Iterator[Missing]:
    measures = text["measures"]
    if text["header"]["kind"] == "orientation":
        if measures:
            yield Missing("measures", "measures", N_("An orientation may not order any control"))
        return
    if not measures:
        yield Missing("measures", "measures", N_("Add a measure"))
    for measure in measures:
        if MEASURES[measure["code"]].inspects and not INSPECTION_CODE.fullmatch(measure["inspection_code"]):
            yield Missing("measures", "measures", N_("Give the inspection its code, as in 1 2 3 4 05 6 07"))
            return


def _contact(text: Mapping[str, Any]) -> Iterator[Missing]:
    for field, words in (
        ("unit", N_("Name the unit that monitors the profile")),
        ("officer", N_("Name its officer")),
        ("telephone", N_("Give a telephone")),
    ):
        if not text["contact"][field].strip():
            yield Missing("contact", field, words)


def _note(text: Mapping[str, Any]) -> Iterator[Missing]:
    note = text["note"]
    if not note["sources"].strip():
        yield Missing("note", "sources", N_("Name the sources of information"))
    if not note["operations"].strip():
        yield Missing(
            "note", "operations", N_("Describe the operations that found the risk, or the calculation")
        )
    for field, words in (
        ("assessment", N_("Assess the level of the risk")),
        ("consequences", N_("State the potential negative consequences")),
        ("validity", N_("Explain the proposed validity")),
    ):
        if not note[field].strip():
            yield Missing("note", field, words)
    if note["estimate"] is None:
        yield Missing("note", "estimate", N_("Run the back-test for the estimated number of consignments"))
    elif note["estimate_run"] is None and not note["estimate_reason"].strip():
        yield Missing("note", "estimate", N_("Give the reason for an estimate of your own"))

"""What the values that a trail keeps as short codes are called, by the column in which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.levels.roles import LABELS as POSTS
from portal.levels.signing import SCOPES
from portal.levels.tree import LEVELS
from portal.levels.words import N_
from portal.operations.administration_proposals import KINDS as PROPOSALS
from portal.operations.alert_words import LIMIT_WORDS, STEPS
from portal.web.documents.done import DONE
from portal.web.documents.sections import SECTIONS
from portal.web.hits import WORDS as DECLARED
from portal.workflow import circulation
from portal.workflow.competence import DIRECTIONS
from portal.workflow.move import SIGNATURES
from portal.workflow.results import RESULTS
from portal.workflow.seats import SEATS
from portal.workflow.statuses import MEANINGS
from portal.workflow.text import KINDS, RISK_LEVELS, RISK_TYPES

_STATUSES = {
    str(status): meaning.label for status, meaning in (*MEANINGS.items(), *circulation.MEANINGS.items())
}
_DOCUMENTS = {"draft": N_("Draft"), "profile": N_("Profile")}

WORDS: dict[str, Mapping[Any, str]] = {
    "answer": _STATUSES,
    "cancellation": {"proposed": N_("Proposed"), "signed": N_("Signed")},
    "channel": {"red": N_("Red"), "yellow": N_("Yellow"), "blue": N_("Blue"), "green": N_("Green")},
    "density": {"normal": N_("Comfortable"), "compact": N_("Compact")},
    "direction": DIRECTIONS,
    "document": _DOCUMENTS,
    "event": {
        **DONE,
        "act": N_("Legal act"),
        "begin": N_("Draft begun"),
        "begin_update": N_("New version"),
        "change": N_("Text changed"),
        "defect": N_("Defect"),
        "prepare_profile": N_("Profile begun from the draft"),
        "version": N_("New version"),
    },
    "from_status": _STATUSES,
    "kind": {
        **{name: kind.asks for name, kind in PROPOSALS.items()},
        **_DOCUMENTS,
        **KINDS,
        "totp": N_("App that shows codes"),
        "passkey": N_("Passkey"),
    },
    "level": {name: level.label for name, level in LEVELS.items()},
    "limit_name": LIMIT_WORDS,
    "locale": {"en": "English", "ru": "Русский"},
    "on_what": {"text": N_("Text"), "carrier": N_("Carrier"), "act": N_("Act of cancellation")},
    "post": POSTS,
    "result_code": RESULTS,
    "risk_level": RISK_LEVELS,
    "risk_type": RISK_TYPES,
    "role": SIGNATURES,
    "scope": {name: scope.label for name, scope in SCOPES.items()},
    "seat": {name: seat.label for name, seat in SEATS.items()},
    "section": {
        **{name: section.title for name, section in SECTIONS.items()},
        "area": N_("Indicators"),
    },
    "stage": DECLARED["stage"],
    "state": {
        "pending": N_("Waits for a second person"),
        "confirmed": N_("Confirmed"),
        "declined": N_("Declined"),
        "withdrawn": N_("Taken back"),
        "waiting": N_("Waits for a second administrator"),
        "done": N_("Enrolled"),
        "in_force": N_("In force"),
        "suspended": N_("Suspended"),
        "ended": N_("Ended"),
    },
    "status": _STATUSES,
    "step_name": STEPS,
    "theme": {
        "system": N_("As this device is set"),
        "light": N_("Light"),
        "dark": N_("Dark"),
        "contrast": N_("High contrast"),
    },
    "to_status": _STATUSES,
}

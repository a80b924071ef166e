"""Risk information and its answers in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from portal.store import authorities
from portal.web import arguments
from portal.web.documents.content import language
from portal.web.filters import moment
from portal.workflow.circulation import MEANINGS, I
from portal.workflow.competence import DIRECTIONS
from portal.workflow.text import RISK_TYPES

Label = tuple[str, str]


@dataclass(frozen=True)
class Answered:
    """How one state stands to a piece of information."""

    state: str
    name: str
    label: Label
    at: datetime | None
    reason: str


def label(status: I) -> Label:
    return gettext(MEANINGS[status].label), MEANINGS[status].tone


def awaited() -> Label:
    return gettext("Awaited"), "grey"


def by_state(answers: dict[str, Any]) -> list[Answered]:
    """Every state of the union, with its answer or none yet."""
    found = []
    for seen in sorted(authorities.states(), key=lambda seen: seen.state):
        answer = answers.get(seen.state)
        found.append(
            Answered(
                seen.state,
                seen.name(language()),
                label(I(answer.answer)) if answer else awaited(),
                answer.at if answer else None,
                answer.reason if answer else "",
            )
        )
    return found


def codes_of(groups: list[Any]) -> list[str]:
    """The commodity codes that the groups name."""
    leaves = (leaf for group in groups for leaf in group.get("condition", {}).get("all", ()))
    return [code for leaf in leaves if leaf.get("field") == "hs_code" for code in leaf.get("value", ())]


def content(information: Any) -> list[tuple[str, Any]]:
    """What is told, as a summary list."""
    return [
        (gettext("The risk in words"), information.words),
        (
            gettext("Direction of activity"),
            gettext(DIRECTIONS[information.direction]) if information.direction in DIRECTIONS else None,
        ),
        (
            gettext("Risk type"),
            gettext(RISK_TYPES[information.risk_type]) if information.risk_type in RISK_TYPES else None,
        ),
        (gettext("Commodity codes"), ", ".join(codes_of(information.groups)) or None),
        (gettext("Circulated"), moment(information.circulated_at) if information.circulated_at else None),
    ]


def place(name: str) -> int | None:
    """An id in the address, from which a list goes on."""
    return arguments.number(name)

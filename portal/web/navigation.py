"""The navigation of an officer: the pages of one table that the access rules of their routes open to him."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext

from portal.levels.words import N_
from portal.store import administration, officer_imports
from portal.web.acting import Acting
from portal.web.blueprint import rule_of

#: What waits on the pages of an entry.
COUNTS: dict[str, Callable[[], int]] = {
    "administration.tree": administration.pending_count,
    "officer_import.listing": officer_imports.waiting_count,
}

#: (group, label, endpoint): what is not registered or not admitted is left out.
ENTRIES: tuple[tuple[str, str, str], ...] = (
    ("", N_("My desk"), "desk.show"),
    ("", N_("Alerts"), "alerts.listing"),
    (N_("Point"), N_("Queue of declarations"), "inspection.queue"),
    (N_("Point"), N_("Screen a declaration"), "inspection.screen"),
    (N_("Procedure"), N_("Drafts"), "drafting.listing"),
    (N_("Procedure"), N_("Profiles"), "profiles.listing"),
    (N_("Procedure"), N_("Directory"), "directory.listing"),
    (N_("Procedure"), N_("Union information"), "circulation.listing"),
    (N_("Registers"), N_("Register of drafts"), "registers.drafts"),
    (N_("Registers"), N_("Register of profiles"), "registers.profiles"),
    (N_("Analysis"), N_("Past declarations"), "history.listing"),
    (N_("Analysis"), N_("Effectiveness"), "effectiveness.listing"),
    (N_("Union"), N_("States"), "union.states"),
    (N_("Union"), N_("Risk information"), "circulation.union_listing"),
    (N_("Administration"), N_("Authorities and officers"), "administration.tree"),
    (N_("Administration"), N_("Import of officers"), "officer_import.listing"),
    (N_("Trust"), N_("Audit trail"), "audit.listing"),
    (N_("Reference"), N_("Duties and procedure"), "duties.show"),
)

#: The letter that after `g` opens a page; two pages may share one where no officer has both.
KEYS: dict[str, str] = {
    "desk.show": "d",
    "alerts.listing": "a",
    "inspection.queue": "q",
    "inspection.screen": "s",
    "drafting.listing": "f",
    "profiles.listing": "p",
    "directory.listing": "i",
    "circulation.listing": "u",
    "circulation.union_listing": "u",
    "registers.drafts": "r",
    "registers.profiles": "n",
    "history.listing": "h",
    "effectiveness.listing": "e",
    "union.states": "s",
    "administration.tree": "o",
    "officer_import.listing": "m",
    "audit.listing": "t",
    "duties.show": "l",
}


@dataclass(frozen=True)
class Entry:
    """One line of the navigation; `key` is the letter that opens it after `g`."""

    group: str
    label: str
    url: str
    active: bool
    count: int | None = None
    key: str = ""


def navigation(acting: Acting | None) -> list[Entry]:
    """The entries open to the officer at his acting authority; none before he acts anywhere."""
    if acting is None:
        return []
    return [
        Entry(
            gettext(group) if group else "",
            gettext(label),
            url_for(endpoint, code=acting.code),
            _active(endpoint),
            _waiting(endpoint),
            key=KEYS.get(endpoint, ""),
        )
        for group, label, endpoint in ENTRIES
        if (rule := rule_of(endpoint)) and rule.level_has(acting) and rule.admits(acting)
    ]


def _waiting(endpoint: str) -> int | None:
    """What waits there; on a page of the officer's own nothing is read for an authority."""
    return COUNTS[endpoint]() or None if endpoint in COUNTS and "acting" in g else None


def _active(endpoint: str) -> bool:
    here = request.endpoint or ""
    return here == endpoint or (here.split(".")[0] == endpoint.split(".")[0] and _only_one_of(endpoint))


def _only_one_of(endpoint: str) -> bool:
    """True when the blueprint has one line in the table, so that its other pages belong to that line."""
    blueprint = endpoint.split(".")[0] + "."
    return sum(line[2].startswith(blueprint) for line in ENTRIES) == 1

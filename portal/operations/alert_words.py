"""What an alert says, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from portal.levels.words import N_
from portal.screening.grammar import capital

STEPS = {
    "half": N_("Half of the time has run"),
    "day_before": N_("One working day before the end"),
    "expiry": N_("The time has run out"),
    "ends_10": N_("The profile ends within ten working days"),
    "local_in_force": N_("A local profile has come into force"),
    "ends_1": N_("The profile ends within one working day"),
}

#: What each limit of procedure §8 is for, as an officer would say it.
LIMIT_WORDS = {
    "consideration": N_("consideration of the draft"),
    "expedient": N_("preparation of the profile"),
    "information": N_("collection of information"),
    "rework_central": N_("rework at the centre"),
    "rework_regional": N_("rework at the RTU or customs house"),
    "rtu_request": N_("opinion of the directorate"),
    "rtu_opinion": N_("decision after the opinion"),
    "registration_details": N_("details of the carrier"),
    "registration_number": N_("assignment of the number"),
    "urgent": N_("decision on the urgent profile"),
}


def said(step: str, limit: str) -> str:
    """Such as "Half of the time has run: consideration of the draft"; an announced end has no limit."""
    words = _step(step)
    return f"{words}: {gettext(LIMIT_WORDS[limit])}" if limit else words


def _step(step: str) -> str:
    if step.startswith("overdue_"):
        count = int(step.removeprefix("overdue_"))
        return capital(ngettext("%(num)s working day overdue", "%(num)s working days overdue", count))
    return str(gettext(STEPS[step]))

"""The list of direct measures (procedure §3.3), with the form of the inspection code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.levels.words import N_


@dataclass(frozen=True)
class Measure:
    """A coded control: its code of three digits, what it is, and the channel to which it sends a declaration."""

    code: str
    label: str
    channel: str

    @property
    def inspects(self) -> bool:
        """True when an inspection code must go with it."""
        return self.code in INSPECTIONS


INSPECTIONS = frozenset({"109", "110"})

MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure("101", N_("Documents check"), "yellow"),
        Measure("102", N_("Oral questioning"), "yellow"),
        Measure("103", N_("Explanations"), "yellow"),
        Measure("104", N_("Observation"), "yellow"),
        Measure("105", N_("Survey of goods"), "red"),
        Measure("106", N_("Survey of vehicles"), "red"),
        Measure("107", N_("Survey of baggage"), "red"),
        Measure("108", N_("Survey of other objects"), "red"),
        Measure("109", N_("Inspection of goods"), "red"),
        Measure("110", N_("Inspection of vehicles"), "red"),
        Measure("111", N_("Personal inspection"), "red"),
        Measure("112", N_("Check of marking"), "red"),
        Measure("615", N_("Customs value control"), "yellow"),
        Measure("623", N_("Agreement of the head of the point"), "yellow"),
        Measure("701", N_("Check after release"), "blue"),
    )
}

#: ``X X X X XX X XX``: seven classifier values; what each position means is an editable classifier.
INSPECTION_CODE = re.compile(r"\d \d \d \d \d{2} \d \d{2}")

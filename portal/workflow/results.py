"""The results that an officer records for a measure (procedure §9)."""

from __future__ import annotations

from portal.levels.words import N_

NOTHING_FOUND = "nothing_found"
NOT_APPLIED = "not_applied"

VIOLATIONS: dict[str, str] = {
    "misclassification": N_("Wrong commodity code"),
    "undervaluation": N_("Wrong customs value"),
    "origin": N_("Wrong country of origin"),
    "quantity": N_("Quantity, or undeclared goods"),
    "prohibitions": N_("Prohibitions and restrictions not observed"),
    "intellectual_property": N_("Intellectual property infringed"),
    "documents": N_("False or missing documents"),
    "other": N_("Other violation"),
}

RESULTS: dict[str, str] = {
    NOTHING_FOUND: N_("Applied: nothing found"),
    **VIOLATIONS,
    NOT_APPLIED: N_("Not applied"),
}

"""The signature table: who signs a profile for which territory, on which carrier (procedure §7)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.levels.words import N_


@dataclass(frozen=True)
class TerritorialScope:
    """One line of the signature table.

    Attributes:
        code: the kind code that opens the registration number.
        signs: name of the seat (`portal.workflow.seats`) that signs the carrier.
        several: whether the territory may name more than one authority.
    """

    code: str
    name: str
    label: str
    territory: str
    signs: str
    several: bool


SCOPES: dict[str, TerritorialScope] = {
    line.name: line
    for line in (
        TerritorialScope("11", "national", N_("National"), N_("the whole state"), "service_head", False),
        TerritorialScope("13", "zonal", N_("Zonal"), N_("several regions"), "supervising_deputy", True),
        TerritorialScope("12", "regional", N_("Regional"), N_("one region"), "profile_unit_head", False),
        TerritorialScope(
            "14", "local", N_("Local"), N_("one authority's own territory"), "authority_head", False
        ),
    )
}

#: Codes of kinds that go before the territorial code (procedure §7).
KIND_CODES: dict[str, tuple[str, str]] = {
    "urgent": ("20", N_("Urgent")),
    "target": ("21", N_("Law-enforcement target")),
    "model": ("32", N_("Model-based")),
    "mandatory": ("55", N_("Mandatory")),
    "selectivity": ("77", N_("Selectivity")),
    "dependent": ("88", N_("Dependent")),
}

#: The seats to which a state may give the signature for each territory, the usual one first.
MAY_SIGN: dict[str, tuple[str, ...]] = {
    "national": ("service_head", "supervising_deputy"),
    "zonal": ("supervising_deputy", "service_head"),
    "regional": ("profile_unit_head", "supervising_deputy", "service_head"),
    "local": ("authority_head", "profile_unit_head"),
}

UNION_CODE = "10"
DRAFT_CODE = "00"


@dataclass(frozen=True)
class Carrier:
    """The paper on which a profile is approved."""

    name: str
    label: str
    needs_records_number: bool


MEMORANDUM = Carrier("memorandum", N_("Memorandum"), needs_records_number=False)
LETTER = Carrier("letter", N_("Letter"), needs_records_number=True)

CARRIERS: dict[str, Carrier] = {
    "automatic": MEMORANDUM,
    "automated": MEMORANDUM,
    "non_formalised": LETTER,
}


def signature_table(overrides: dict[str, str] | None = None) -> dict[str, TerritorialScope]:
    """Return the table with a state's own signatories: `overrides` maps a scope's name to a seat's name.

    Raises:
        KeyError: an override names a scope that is not in the table.
    """
    table = dict(SCOPES)
    for name, seat in (overrides or {}).items():
        line = table[name]
        table[name] = TerritorialScope(line.code, line.name, line.label, line.territory, seat, line.several)
    return table


def kind_code(kind: str, scope: str) -> str:
    """The two digits that open a profile's number: the kind's own code, else that of the scope."""
    return KIND_CODES[kind][0] if kind in KIND_CODES else SCOPES[scope].code

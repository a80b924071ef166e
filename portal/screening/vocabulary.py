"""The fields of a declaration that a condition may name."""

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.levels.words import N_


class Kind(StrEnum):
    """What a field holds: `text`, `integer`, `decimal` (never a binary float) or `date`."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


class Unit(StrEnum):
    """In what a number is measured; `currency` is that of the declaration, `national` that of the state."""

    NONE = ""
    KILOGRAM = "kg"
    PERCENT = "per cent"
    CURRENCY = "currency"
    CURRENCY_PER_KILOGRAM = "currency per kg"
    NATIONAL = "national currency"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    `per_item` tells a field of a goods item from a field of the header; `choices` is a closed set of codes;
    `shape` is the pattern of a code; `whole_digits` and `decimals` bound a decimal; `numerator` names the
    dividend of a derived ratio, whose divisor is always `net_mass_kg`; `absent_as` stands for no value.
    """

    name: str
    kind: Kind
    label: str
    unit: Unit = Unit.NONE
    per_item: bool = False
    choices: tuple[str, ...] = ()
    shape: str = ""
    whole_digits: int = 0
    decimals: int = 0
    may_be_negative: bool = True
    numerator: str = ""
    absent_as: str | None = None

    @property
    def derived(self) -> bool:
        """Whether the field is worked out and never imported as a quotient."""
        return bool(self.numerator) or self.absent_as is not None

    def fits(self, code: str) -> bool:
        """Tell whether `code` has the shape that this field's codes have."""
        return not self.shape or re.fullmatch(self.shape, code) is not None

    def begins(self, text: str) -> bool:
        """Tell whether a code that this field can hold begins with `text`."""
        if self.choices:
            return any(choice.startswith(text) for choice in self.choices)
        return not self.shape or re.fullmatch(self.beginning, text) is not None

    @property
    def beginning(self) -> str:
        """The pattern of what codes of this field begin with: a shape is one kind of sign, so often."""
        return re.sub(r"\{(?:[0-9]+,)?([0-9]+)\}", r"{0,\1}", self.shape)

    @property
    def pattern(self) -> str:
        """The regular expression that every text of this field must match whole; Python and RE2 read it alike."""
        if self.kind is Kind.INTEGER:
            return r"0*[1-9][0-9]{0,2}"
        if self.kind is Kind.DATE:
            return r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        if self.kind is Kind.DECIMAL:
            sign = r"[+-]?" if self.may_be_negative else r"\+?"
            return rf"{sign}0*[0-9]{{1,{self.whole_digits}}}(\.[0-9]{{1,{self.decimals}}}0*)?"
        return "|".join(self.choices) or self.shape


DIVISOR = "net_mass_kg"

STAGES = ("preliminary", "registration", "release", "after_release")
DIRECTIONS = ("import", "export", "transit")
TRADER_RISKS = ("low", "medium", "high", "unknown")

_HS_CODE = r"[0-9]{2,10}"
_COUNTRY = r"[A-Z]{2}"
_CURRENCY = r"[A-Z]{3}"


def _text(name: str, label: str, *, per_item: bool = False, shape: str = "") -> Field:
    return Field(name, Kind.TEXT, label, per_item=per_item, shape=shape)


def _coded(name: str, label: str, choices: tuple[str, ...], absent_as: str | None = None) -> Field:
    return Field(name, Kind.TEXT, label, choices=choices, absent_as=absent_as)


def _money(name: str, label: str, unit: Unit) -> Field:
    return Field(name, Kind.DECIMAL, label, unit, per_item=True, whole_digits=14, decimals=18)


def _mass(name: str, label: str) -> Field:
    return Field(
        name,
        Kind.DECIMAL,
        label,
        Unit.KILOGRAM,
        per_item=True,
        whole_digits=12,
        decimals=6,
        may_be_negative=False,
    )


def _ratio(name: str, label: str, unit: Unit, numerator: str) -> Field:
    return Field(name, Kind.DECIMAL, label, unit, per_item=True, numerator=numerator)


_ALL = (
    _text("declaration_id", N_("declaration")),
    Field("item_no", Kind.INTEGER, N_("item number"), per_item=True),
    Field("date", Kind.DATE, N_("registration date")),
    _coded("stage", N_("stage"), STAGES),
    _text("authority", N_("customs point")),
    _coded("direction", N_("direction"), DIRECTIONS),
    _text("procedure", N_("customs procedure")),
    _text("declarant_id", N_("declarant")),
    _text("importer_id", N_("importer")),
    _text("exporter_id", N_("exporter")),
    _text("carrier_id", N_("carrier")),
    _text("courier_id", N_("courier")),
    _text("transport_mode", N_("mode of transport")),
    _text("vehicle_id", N_("vehicle")),
    _text("hs_code", N_("commodity code"), per_item=True, shape=_HS_CODE),
    _text("goods_description", N_("goods description"), per_item=True),
    _text("origin_country", N_("country of origin"), per_item=True, shape=_COUNTRY),
    _text("departure_country", N_("country of departure"), shape=_COUNTRY),
    _text("destination_country", N_("country of destination"), shape=_COUNTRY),
    _text("preference", N_("preference"), per_item=True),
    _text("tax_type", N_("tax type"), per_item=True),
    _text("payment_type", N_("payment type")),
    _text("import_type", N_("import type")),
    _text("import_use", N_("import use")),
    _text("origin_marking", N_("origin marking"), per_item=True),
    Field("tax_rate", Kind.DECIMAL, N_("tax rate"), Unit.PERCENT, per_item=True, whole_digits=12, decimals=6),
    _mass("net_mass_kg", N_("net mass")),
    _mass("gross_mass_kg", N_("gross mass")),
    _money("item_price", N_("item price"), Unit.CURRENCY),
    _money("customs_value", N_("customs value"), Unit.NATIONAL),
    _money("payments", N_("payments"), Unit.NATIONAL),
    _text("currency", N_("currency"), shape=_CURRENCY),
    _ratio("value_per_kg", N_("price per kilogram"), Unit.CURRENCY_PER_KILOGRAM, "item_price"),
    _ratio("gross_to_net", N_("ratio of gross to net mass"), Unit.NONE, "gross_mass_kg"),
    _coded("trader_risk", N_("risk category of the importer"), TRADER_RISKS, absent_as="unknown"),
)

FIELDS = MappingProxyType({field.name: field for field in _ALL})

STORED = tuple(field for field in _ALL if not field.numerator)
"""The fields that a normalised table holds: all but the ratios, whose comparisons are products."""

HEADER_FIELDS = tuple(field.name for field in _ALL if not field.per_item)
ITEM_FIELDS = tuple(field.name for field in _ALL if field.per_item)


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """Return the names of the fields of these kinds, in the order of the declaration."""
    return tuple(field.name for field in _ALL if field.kind in kinds)

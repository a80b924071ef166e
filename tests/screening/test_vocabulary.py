"""The vocabulary is the table of the language."""

import re

import pytest

from portal.screening.vocabulary import FIELDS, HEADER_FIELDS, ITEM_FIELDS, STORED, Kind, of_kind

DOCUMENTED = {
    "declaration_id",
    "item_no",
    "date",
    "stage",
    "authority",
    "direction",
    "procedure",
    "declarant_id",
    "importer_id",
    "exporter_id",
    "carrier_id",
    "courier_id",
    "transport_mode",
    "vehicle_id",
    "hs_code",
    "goods_description",
    "origin_country",
    "departure_country",
    "destination_country",
    "preference",
    "tax_type",
    "payment_type",
    "import_type",
    "import_use",
    "origin_marking",
    "tax_rate",
    "net_mass_kg",
    "gross_mass_kg",
    "item_price",
    "customs_value",
    "payments",
    "currency",
    "value_per_kg",
    "gross_to_net",
    "trader_risk",
}


def test_the_fields_are_those_documented() -> None:
    assert set(FIELDS) == DOCUMENTED


def test_kinds_are_those_documented() -> None:
    assert of_kind(Kind.INTEGER) == ("item_no",)
    assert of_kind(Kind.DATE) == ("date",)
    assert set(of_kind(Kind.DECIMAL)) == {
        "tax_rate",
        "net_mass_kg",
        "gross_mass_kg",
        "item_price",
        "customs_value",
        "payments",
        "value_per_kg",
        "gross_to_net",
    }


def test_every_field_belongs_to_the_header_or_to_the_item() -> None:
    assert set(HEADER_FIELDS) | set(ITEM_FIELDS) == set(FIELDS)
    assert not set(HEADER_FIELDS) & set(ITEM_FIELDS)
    assert {"date", "importer_id", "departure_country"} <= set(HEADER_FIELDS)
    assert {"hs_code", "item_no", "origin_country", "net_mass_kg"} <= set(ITEM_FIELDS)


def test_derived_fields_are_marked_and_ratios_are_not_stored() -> None:
    assert {name for name, field in FIELDS.items() if field.derived} == {
        "value_per_kg",
        "gross_to_net",
        "trader_risk",
    }
    assert set(FIELDS) - {field.name for field in STORED} == {"value_per_kg", "gross_to_net"}


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("hs_code", "0910", True),
        ("hs_code", "6", False),
        ("hs_code", "61091000001", False),
        ("hs_code", "61 09", False),
        ("origin_country", "NA", True),
        ("origin_country", "na", False),
        ("origin_country", "NAM", False),
        ("currency", "USD", True),
        ("item_no", "001", True),
        ("item_no", "0", False),
        ("item_no", "1000", False),
        ("net_mass_kg", "-1", False),
        ("net_mass_kg", "+0.000001000", True),
        ("net_mass_kg", "0.0000001", False),
        ("net_mass_kg", "000999999999999", True),
        ("net_mass_kg", "1000000000000", False),
        ("item_price", "-1.5", True),
        ("item_price", "1.", False),
        ("item_price", ".5", False),
        ("item_price", "1e5", False),
        ("item_price", "1,5", False),
        ("direction", "import", True),
        ("direction", "imports", False),
    ],
)
def test_the_pattern_of_a_field(name: str, text: str, taken: bool) -> None:
    assert (re.fullmatch(FIELDS[name].pattern, text) is not None) is taken

"""One declaration against many profiles: which items hit, and what fired."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.screening.area import Area, parse_area
from portal.screening.single import Hit, ItemHit, Screener

SHOES = {"field": "hs_code", "op": "starts_with", "value": ["64"]}
CHEAP = {"field": "value_per_kg", "op": "<", "value": "2.5"}
ELSEWHERE = {"field": "departure_country", "op": "differs_from", "other": "origin_country"}
TRUSTED = {"field": "importer_id", "op": "in", "value": ["T1"]}

HEADER = {"declaration_id": "D1", "date": date(2024, 3, 1), "importer_id": "T2", "departure_country": "AE"}
ITEMS = [
    {
        "item_no": 1,
        "hs_code": "640399",
        "origin_country": "CN",
        "item_price": Decimal(100),
        "net_mass_kg": Decimal(50),
    },
    {
        "item_no": 2,
        "hs_code": "640399",
        "origin_country": "AE",
        "item_price": Decimal(500),
        "net_mass_kg": Decimal(50),
    },
    {"item_no": 3, "hs_code": "080510", "origin_country": "CN"},
]


def area(*groups: dict[str, Any]) -> Area:
    return parse_area({"groups": list(groups)})


def test_the_items_and_indicators_that_fired_are_named() -> None:
    screener = Screener(
        {7: area({"condition": {"all": [SHOES, {"any": [CHEAP, ELSEWHERE]}, {"not": TRUSTED}]}})}
    )
    assert screener.screen(HEADER, ITEMS) == (
        Hit(
            7,
            (
                ItemHit(
                    1,
                    0,
                    (
                        "groups[0].condition.all[0]",
                        "groups[0].condition.all[1].any[0]",
                        "groups[0].condition.all[1].any[1]",
                        "groups[0].condition.all[2].not",
                    ),
                ),
            ),
        ),
    )


def test_each_group_is_named_and_spared_by_its_own_exception_alone() -> None:
    screener = Screener({"p": area({"condition": SHOES, "exception": CHEAP}, {"condition": ELSEWHERE})})
    assert screener.screen(HEADER, ITEMS) == (
        Hit(
            "p",
            (
                ItemHit(1, 1, ("groups[1].condition",)),
                ItemHit(2, 0, ("groups[0].condition",)),
                ItemHit(3, 1, ("groups[1].condition",)),
            ),
        ),
    )


def test_profiles_keep_their_order_and_those_without_groups_never_hit() -> None:
    screener = Screener(
        {"b": area({"condition": SHOES}), "q": Area((), ("Is it new?",)), "a": area({"condition": SHOES})}
    )
    assert [hit.profile for hit in screener.screen(HEADER, ITEMS)] == ["b", "a"]


def test_an_item_without_a_number_is_counted() -> None:
    screener = Screener({1: area({"condition": SHOES})})
    [hit] = screener.screen({}, [{"hs_code": "01"}, {"hs_code": "64"}])
    assert [item.item_no for item in hit.items] == [2]


def test_a_declaration_without_items_hits_nothing() -> None:
    assert Screener({1: area({"condition": {"not": SHOES}})}).screen(HEADER, []) == ()

"""One declaration against many profiles, beside the plain evaluator that defines what is right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from bench import Case
from portal.screening import area, reference
from portal.screening.single import Screener

PROFILES, DECLARATIONS = 1_000, 50
COUNTRIES = ("CN", "DE", "TR", "RU", "KZ", "BY")


def _area(chance: random.Random) -> area.Area:
    prefix = f"{chance.randrange(1, 98):02d}{chance.randrange(100):02d}"
    leaves = [
        {"field": "hs_code", "op": "starts_with", "value": [prefix]},
        {"field": "origin_country", "op": "in", "value": chance.sample(COUNTRIES, 2)},
        {"field": "value_per_kg", "op": "<", "value": str(chance.randrange(1, 50))},
    ]
    return area.parse_area({"groups": [{"condition": {"all": leaves}}], "questions": []})


def _item(chance: random.Random) -> dict[str, object]:
    return {
        "item_no": 1,
        "hs_code": f"{chance.randrange(1, 98):02d}{chance.randrange(10000):04d}",
        "origin_country": chance.choice(COUNTRIES),
        "item_price": Decimal(chance.randrange(1, 10_000)),
        "net_mass_kg": Decimal(chance.randrange(1, 500)),
    }


def cases() -> Iterator[Case]:
    chance = random.Random(1)
    areas = {number: _area(chance) for number in range(PROFILES)}
    items = [_item(chance) for _ in range(DECLARATIONS)]
    screener = Screener(areas)

    def ours() -> list[list[int]]:
        return [[hit.profile for hit in screener.screen({}, [item])] for item in items]

    def peer() -> list[list[int]]:
        nodes = {number: area.combined(found.groups) for number, found in areas.items()}
        return [[n for n, node in nodes.items() if reference.holds(node, item)] for item in items]

    yield f"{DECLARATIONS} declarations × {PROFILES:,} profiles; peer: the reference evaluator", ours, peer

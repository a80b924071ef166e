"""Makes up declarations: believable goods at every point, with risks planted among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from portal.demo.goods import CATALOGUE, RUSES, Goods, Row, Ruse
from portal.demo.tree import Place

#: Of a hundred declarations without a planted risk: how many were sent to which channel.
_USUAL = {"red": 3, "yellow": 9, "blue": 4, "green": 84}
#: The same where a risk is planted: some of it was known before there was a profile.
_SUSPECT = {"red": 42, "yellow": 28, "blue": 6, "green": 24}
#: Per cent of a channel's declarations that were inspected, and of those without a planted risk that were violations.
_INSPECTED = {"red": 100, "yellow": 60, "blue": 25, "green": 0}
_CHANCE_FINDS = 3

_CURRENCIES = {"import": ("USD", "EUR", "CNY"), "export": ("RUB", "USD")}
_RATES = {"RU": 92.0, "AM": 388.0, "BY": 3.2, "KZ": 480.0, "KG": 87.0}
_TRANSPORT = (("30", 55), ("20", 20), ("10", 15), ("40", 6), ("50", 4))


@dataclass(frozen=True)
class Made:
    """A declaration as rows, one for each item, with the ruse planted in it, the channel and the outcome known.

    `violation` is None where nobody looked.
    """

    declaration_id: str
    rows: tuple[Row, ...]
    ruse: Ruse | None
    channel: str
    violation: bool | None


def make(place: Place, day: date, serial: int, random: Random, suspect: float = 1.0) -> Made:
    """One declaration at a point on a day; risks are planted `suspect` times as often as is usual.

    Its id is made of code, day and serial, as registries do.
    """
    declaration_id = f"{place.code}/{day:%d%m%y}/{serial:07d}"
    goods = _goods(place, random)
    header = _header(place, day, goods, random)
    rows = [header | _item(number, goods if number == 1 else _beside(goods, random), place, random)
            for number in range(1, _items(random) + 1)]  # fmt: skip
    ruse = _ruse(place, goods, random, suspect)
    if ruse is not None:
        ruse.change(rows[0], random)
    for row in rows:
        _money(row, place)
        row["declaration_id"] = declaration_id
        row["importer_id"] = rows[0]["importer_id"]
        row["trader_risk"] = rows[0]["trader_risk"]
        row["departure_country"] = rows[0]["departure_country"]
    channel = _drawn(_SUSPECT if ruse else _USUAL, random)
    return Made(declaration_id, tuple(rows), ruse, channel, _outcome(ruse, channel, random))


def _goods(place: Place, random: Random) -> Goods:
    offered = [goods for goods in CATALOGUE if goods.direction == "import" or place.state in goods.origins]
    return random.choices(offered, [goods.weight for goods in offered])[0]


def _beside(goods: Goods, random: Random) -> Goods:
    """Another item of the same consignment: mostly of the same chapter."""
    near = [other for other in CATALOGUE if other.hs_code[:2] == goods.hs_code[:2]]
    return random.choice(near)


def _items(random: Random) -> int:
    return random.choices((1, 2, 3, 5), (66, 20, 10, 4))[0]


def _header(place: Place, day: date, goods: Goods, random: Random) -> Row:
    exported = goods.direction == "export"
    origin = place.state if exported else random.choice(goods.origins.split())
    trader = random.randrange(420)
    return {
        "date": day.isoformat(),
        "stage": "after_release",
        "authority": place.code,
        "direction": goods.direction,
        "procedure": "10" if exported else random.choices(("40", "80", "78", "31"), (90, 4, 4, 2))[0],
        "declarant_id": f"BR{random.randrange(60):03d}",
        "importer_id": f"{place.state}{trader:05d}",
        "exporter_id": f"{origin}-{random.randrange(160):04d}",
        "carrier_id": f"TC{random.randrange(90):03d}",
        "transport_mode": _drawn(dict(_TRANSPORT), random),
        "departure_country": origin,
        "destination_country": random.choice(("CN", "UZ", "EG")) if exported else place.state,
        "payment_type": random.choices(("ADVANCE", "GUARANTEE", "ON_RELEASE"), (60, 10, 30))[0],
        "currency": random.choice(_CURRENCIES[goods.direction]),
        "trader_risk": ("high" if trader % 23 == 0 else "medium" if trader % 5 == 0 else "low"),
        "origin_country": origin,
    }


def _item(number: int, goods: Goods, place: Place, random: Random) -> Row:
    mass = round(goods.mass * random.lognormvariate(0, 0.45), 2)
    return {
        "item_no": number,
        "hs_code": goods.hs_code,
        "goods_description": goods.description,
        "preference": "GSP" if random.random() < 0.06 else "",
        "tax_type": "EXEMPT" if goods.rate == "0" and random.random() < 0.3 else "STANDARD",
        "origin_marking": "" if random.random() < 0.01 else "LABEL",
        "tax_rate": goods.rate,
        "net_mass_kg": mass,
        "gross_mass_kg": round(mass * random.uniform(1.04, 1.18), 2),
        "item_price": round(mass * goods.price * random.lognormvariate(0, 0.14), 2),
    }


def _ruse(place: Place, goods: Goods, random: Random, suspect: float) -> Ruse | None:
    for ruse in RUSES:
        if place.state in ruse.states and goods.hs_code.startswith(ruse.goods):
            return ruse if random.uniform(0, 100) < ruse.share * suspect else None
    return None


def _money(row: Row, place: Place) -> None:
    row["customs_value"] = round(row["item_price"] * _RATES[place.state], 2)
    row["payments"] = round(row["customs_value"] * (0.2 + float(row["tax_rate"]) / 100), 2)


def _outcome(ruse: Ruse | None, channel: str, random: Random) -> bool | None:
    if random.uniform(0, 100) >= _INSPECTED[channel]:
        return None
    return random.uniform(0, 100) < (ruse.proof if ruse else _CHANCE_FINDS)


def _drawn(shares: dict[str, int], random: Random) -> str:
    return random.choices(tuple(shares), tuple(shares.values()))[0]


def flat(made: Made) -> Iterator[dict[str, Any]]:
    """The rows of a file: every field, and beside them the channel and the outcome where one is known."""
    outcome = "" if made.violation is None else str(int(made.violation))
    for row in made.rows:
        yield row | {"channel": made.channel, "violation": outcome}

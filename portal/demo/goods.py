"""What passes the points of the demonstration: goods, and the ways in which some of it is not as declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Goods:
    """A line of the catalogue.

    Attributes:
        price: usual price of a kilogram, in the currency of the contract.
        mass: usual net mass of a consignment, in kilograms.
        rate: duty, per cent.
        weight: how often it comes, against the others.
    """

    hs_code: str
    description: str
    price: float
    mass: float
    rate: str
    origins: str
    weight: int = 10
    direction: str = "import"


CATALOGUE = (
    Goods("6403999600", "Leather shoes, men's", 18, 2600, "10", "CN VN IT TR", 16),
    Goods("6402999800", "Sports shoes with rubber soles", 11, 4200, "10", "CN VN", 18),
    Goods("6404110000", "Trainers with textile uppers", 13, 3100, "10", "CN VN ID", 14),
    Goods("6109100000", "T-shirts of cotton", 14, 2900, "10", "BD CN UZ TR", 20),
    Goods("6203423500", "Trousers of cotton, men's", 17, 2400, "10", "BD CN TR", 16),
    Goods("6204623100", "Jeans, women's", 19, 2100, "10", "CN TR BD", 14),
    Goods("8708299009", "Body parts of vehicles", 9, 5200, "5", "CN KR TR", 18),
    Goods("8708809909", "Shock absorbers and their parts", 8, 3900, "5", "CN KR DE", 12),
    Goods("8517790009", "Parts of telephones: displays", 62, 420, "0", "CN VN", 14),
    Goods("8517130000", "Smartphones", 520, 380, "0", "CN VN IN", 10),
    Goods("8471300000", "Portable computers", 210, 640, "0", "CN TW", 14),
    Goods("0805102200", "Oranges, fresh", 0.8, 21000, "5", "EG TR ZA MA", 20),
    Goods("0808108006", "Apples, fresh", 0.7, 20500, "4", "RS MD TR CN", 16),
    Goods("3304990000", "Skin care preparations", 22, 1800, "6.5", "KR FR CN", 16),
    Goods("3305100000", "Shampoo", 4, 6400, "6.5", "TR KR CN", 10),
    Goods("0406909900", "Cheese, semi-hard", 6.5, 11000, "15", "RS TR AR", 8),
    Goods("2208303000", "Whisky in bottles", 14, 5200, "1.5", "GB IN", 6),
    Goods("2208201200", "Brandy in bottles", 11, 4800, "1.5", "AM GE FR", 6),
    Goods("4407119300", "Sawn pine, planed", 0.55, 42000, "0", "RU BY", 10, "export"),
    Goods("9018909999", "Devices for physiotherapy", 55, 900, "0", "CN DE IT", 6),
    Goods("1209918000", "Seeds of vegetables for sowing", 48, 300, "5", "NL CN TR", 4),
    Goods("0207149100", "Cuts of poultry, frozen", 1.9, 19500, "25", "BR AR TR", 8),
    Goods("9503007000", "Toys of plastic", 6, 3300, "7.5", "CN VN", 14),
    Goods("4011100009", "Tyres for cars", 4.1, 14000, "10", "CN KR JP", 10),
    Goods("4202210000", "Handbags of leather", 38, 700, "11.3", "CN IT", 8),
    Goods("7117190000", "Costume jewellery", 24, 160, "10", "CN TH", 4),
    Goods("3808929000", "Fungicides", 9, 7800, "5", "CN IN DE", 4),
    Goods("8539520000", "Lamps with light-emitting diodes", 12, 2900, "6", "CN", 10),
    Goods("8711601000", "Bicycles with a motor", 16, 2400, "14", "CN TW", 6),
    Goods("3004900002", "Medicines for retail sale", 120, 1400, "2", "IN DE CH", 8),
    Goods("7304510009", "Tubes of alloy steel", 1.9, 24000, "10", "CN UA KR", 6),
    Goods("0901210001", "Coffee, roasted", 9, 4600, "8", "BR IT VN", 8),
    Goods("5702420000", "Carpets, woven", 7, 5200, "12.5", "TR IR CN", 6),
    Goods("8541430000", "Photovoltaic panels", 2.6, 16000, "5", "CN", 4),
    Goods("9403609009", "Furniture of wood", 3.2, 8800, "9", "CN PL BY", 8),
    Goods("0303899000", "Fish, frozen whole", 2.4, 20000, "3", "NO CN VN", 6),
    Goods("8482109008", "Ball bearings", 7, 6100, "12", "CN IN JP", 6),
    Goods("9027500000", "Instruments with optical rays", 180, 120, "0", "DE US CN", 2),
    Goods("8419899890", "Machinery for treatment by temperature", 14, 9500, "0", "CN DE IT", 12),
    Goods("4810138009", "Paper, coated", 1.1, 19000, "10", "FI CN DE", 6),
    Goods("3902100000", "Polypropylene in granules", 1.2, 22000, "6.5", "KR CN SA", 8),
)


@dataclass(frozen=True)
class Ruse:
    """A way in which goods are not as declared.

    Attributes:
        goods: how the codes of the goods begin.
        states: where it is practised.
        share: how many consignments of such goods are concerned, per cent.
        proof: how many of those that are inspected turn out to be violations, per cent.
        result: what an inspector then records.
    """

    name: str
    goods: tuple[str, ...]
    states: tuple[str, ...]
    share: int
    proof: int
    result: str
    change: Callable[[Row, Random], None]


def _times(row: Row, field: str, factor: float) -> None:
    row[field] = round(row[field] * factor, 2)


def _cheap_shoes(row: Row, random: Random) -> None:
    row["item_price"] = round(row["net_mass_kg"] * random.uniform(2.2, 5.6), 2)


def _by_a_third_country(row: Row, random: Random) -> None:
    row["departure_country"] = random.choice([c for c in ("TR", "AE", "GE") if c != row["origin_country"]])
    row["preference"] = "GSP"


def _heavy_packing(row: Row, random: Random) -> None:
    row["gross_mass_kg"] = round(row["net_mass_kg"] * random.uniform(1.45, 1.9), 2)


def _whole_telephones(row: Row, random: Random) -> None:
    row["item_price"] = round(row["net_mass_kg"] * random.uniform(310, 480), 2)


def _no_mark(row: Row, random: Random) -> None:
    row["origin_marking"] = ""


def _bad_name(row: Row, random: Random) -> None:
    row["importer_id"], row["trader_risk"] = f"HR{random.randrange(9):02d}", "high"
    _times(row, "item_price", 0.4)


def _foreign_dairy(row: Row, random: Random) -> None:
    row["origin_country"], row["departure_country"] = "RS", random.choice(["PL", "LT", "DE"])


def _cheap_timber(row: Row, random: Random) -> None:
    row["item_price"] = round(row["net_mass_kg"] * random.uniform(0.12, 0.29), 2)


def _small_lot(row: Row, random: Random) -> None:
    mass = round(random.uniform(40, 390), 2)
    row["item_price"] = round(row["item_price"] * mass / row["net_mass_kg"], 2)
    row["net_mass_kg"], row["gross_mass_kg"] = mass, round(mass * 1.3, 2)


def _other_warehouse(row: Row, random: Random) -> None:
    row["origin_country"], row["departure_country"] = random.choice(["MY", "VN", "AE"]), "CN"


ALL = ("RU", "AM", "BY", "KZ", "KG")
RUSES = (
    Ruse("footwear", ("64",), ALL, 14, 55, "undervaluation", _cheap_shoes),
    Ruse("garments", ("61", "62"), ALL, 15, 38, "origin", _by_a_third_country),
    Ruse("vehicle-parts", ("8708",), ("RU", "BY", "KZ"), 12, 42, "quantity", _heavy_packing),
    Ruse("telephones", ("851779",), ("RU", "KZ"), 25, 52, "misclassification", _whole_telephones),
    Ruse("fruit", ("0805", "0808"), ("RU", "AM", "KG"), 12, 30, "origin", _by_a_third_country),
    Ruse("cosmetics", ("33",), ("RU", "BY"), 16, 46, "documents", _no_mark),
    Ruse("computers", ("8471",), ("RU", "KZ"), 14, 36, "undervaluation", _bad_name),
    Ruse("cheese", ("0406",), ("RU", "BY"), 25, 44, "prohibitions", _foreign_dairy),
    Ruse("timber", ("4407",), ("RU",), 20, 50, "undervaluation", _cheap_timber),
    Ruse("spirits", ("2208",), ("RU", "AM"), 18, 33, "documents", _small_lot),
    Ruse("pipes", ("7304",), ("RU", "BY"), 22, 40, "origin", _other_warehouse),
)

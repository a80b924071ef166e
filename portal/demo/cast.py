"""The officers of the demonstration and the units in which they serve."""

from __future__ import annotations

from dataclasses import dataclass

from portal.levels.roles import Post

#: The one password of all demonstration officers; no production portal lets them in.
PASSWORD = "four-levels"  # noqa: S105 - public on purpose


@dataclass(frozen=True)
class UnitRow:
    """A unit of an authority, by a short name used in this package alone."""

    key: str
    name_en: str
    name_ru: str
    directions: tuple[int, ...] = ()
    coordination: bool = False


RISK = UnitRow("risk", "Risk management unit", "Подразделение управления рисками", coordination=True)

#: A centre covers all nine directions of activity in four units.
CENTRAL_UNITS = (
    UnitRow("goods", "Commodity nomenclature and origin department", "Отдел товарной номенклатуры и происхождения",
            (1, 2)),
    UnitRow("value", "Customs value and payments department", "Отдел таможенной стоимости и платежей", (5, 6, 7)),
    UnitRow("trade", "Trade restrictions and export control department",
            "Отдел торговых ограничений и экспортного контроля", (3, 4, 9)),
    UnitRow("control", "Customs procedures and control department", "Отдел таможенных процедур и контроля", (8,)),
    RISK,
)  # fmt: skip
REGIONAL_UNITS = (
    UnitRow("goods", "Commodity nomenclature and origin unit", "Отделение товарной номенклатуры и происхождения",
            (1, 2, 3)),
    UnitRow("value", "Customs value and payments unit", "Отделение таможенной стоимости и платежей", (5, 6, 7)),
    UnitRow("control", "Customs control unit", "Отделение таможенного контроля", (4, 8, 9)),
    RISK,
)  # fmt: skip
POINT_UNITS = (UnitRow("clearance", "Clearance section", "Отделение оформления", tuple(range(1, 10))), RISK)

UNITS: dict[str, tuple[UnitRow, ...]] = {
    "union": (),
    "central": CENTRAL_UNITS,
    "regional": REGIONAL_UNITS,
    "point": POINT_UNITS,
}


@dataclass(frozen=True)
class Member:
    """An officer: his own authority, and his posts as (authority, post, key of the unit or "")."""

    login: str
    name: str
    code: str
    posts: tuple[tuple[str, Post, str], ...]
    locale: str


@dataclass(frozen=True)
class Deputy:
    """An officer who acts for another in his post, from `before` days before the loading until `after` days after."""

    login: str
    acts_for: str
    before: int
    after: int


# login, name, then for each post: code of the authority, post, unit.
_ROWS = """
aitmatova  Jyldyz Aitmatova       00000000 union_coordinator
hovsepyan  Karine Hovsepyan       00000000 auditor
savchuk    Maksim Savchuk         00000000 administrator

vasilyev   Konstantin Vasilyev    10000000 head
morozova   Irina Morozova         10000000 first_deputy
gromov     Pavel Gromov           10000000 deputy_head
kuznetsova Olga Kuznetsova        10000000 unit_head goods
lebedev    Dmitry Lebedev         10000000 officer goods
sorokina   Elena Sorokina         10000000 officer goods
orlov      Sergey Orlov           10000000 unit_head value
belova     Natalia Belova         10000000 officer value
tarasov    Viktor Tarasov         10000000 unit_head trade
zimin      Alexey Zimin           10000000 officer trade
frolova    Marina Frolova         10000000 unit_head control
nikitin    Andrey Nikitin         10000000 unit_head risk
egorova    Tatiana Egorova        10000000 registrar risk
isaeva     Svetlana Isaeva        10000000 auditor
maltsev    Ilya Maltsev           10000000 administrator
sviridov   Georgy Sviridov        10000000 administrator

antonov    Gennady Antonov        10100000 head
gusev      Leonid Gusev           10100000 first_deputy
komarov    Yuri Komarov           10100000 unit_head goods
osipova    Daria Osipova          10100000 officer goods
ryabov     Stepan Ryabov          10100000 unit_head value
belyaeva   Galina Belyaeva        10100000 unit_head risk
somov      Valery Somov           10100000 registrar risk
tikhonov   Arkady Tikhonov        10100000 auditor + 10130000 auditor
blinova    Oksana Blinova         10100000 administrator + 10130000 administrator

zhukova    Lyudmila Zhukova       10130000 head
vorobyev   Nikolai Vorobyev       10130000 first_deputy
sokolov    Mikhail Sokolov        10130000 unit_head goods
petrova    Anna Petrova           10130000 officer goods
kiselev    Boris Kiselev          10130000 unit_head value
fedorova   Vera Fedorova          10130000 officer value
polyakov   Denis Polyakov         10130000 unit_head control
grigoryeva Inna Grigoryeva        10130000 unit_head risk
makarov    Timur Makarov          10130000 registrar risk

efimov     Oleg Efimov            10130010 head
titova     Raisa Titova           10130010 first_deputy
baranov    Kirill Baranov         10130010 unit_head clearance
klimova    Polina Klimova         10130010 officer clearance
shubina    Zoya Shubina           10130010 unit_head risk
orekhova   Nina Orekhova          10130010 registrar risk
sidorov    Artem Sidorov          10130010 inspector
novikova   Yulia Novikova         10130020 inspector

larina     Kira Larina            10210000 officer goods
kotov      Fyodor Kotov           10210000 unit_head goods
rogova     Alla Rogova            10210000 unit_head risk
lipina     Sofia Lipina           10210000 registrar risk
danilov    Roman Danilov          10210000 first_deputy
pavlov     Gleb Pavlov            10210010 inspector
kim        Stanislav Kim          10700010 inspector

sargsyan   Levon Sargsyan         05000000 head
petrosyan  Anahit Petrosyan       05000000 unit_head goods
grigoryan  Tigran Grigoryan       05000000 officer goods
vardanyan  Narine Vardanyan       05000000 unit_head risk + 05000000 registrar risk
hakobyan   Armen Hakobyan         05100000 officer goods
mkrtchyan  Ruzanna Mkrtchyan      05100000 unit_head goods
harutyunyan Gevorg Harutyunyan    05100000 unit_head risk
galstyan   Lusine Galstyan        05100000 registrar risk
danielyan  Mariam Danielyan       05100000 first_deputy
abrahamyan Hayk Abrahamyan        05100010 inspector

kavaliou   Ales Kavaliou          11000000 unit_head risk + 11000000 registrar risk
novik      Iryna Novik            11200000 officer goods
zhuk       Siarhei Zhuk           11200000 unit_head goods
lukashuk   Volha Lukashuk         11200000 unit_head risk
melnik     Dzmitry Melnik         11200000 registrar risk
karpovich  Andrei Karpovich       11200000 first_deputy
bondar     Halina Bondar          11200000 head
sauchanka  Pavel Sauchanka        11200010 inspector

nurlanov   Yerlan Nurlanov        39000000 head
abdrakhmanova Saule Abdrakhmanova 39000000 unit_head goods
ospanov    Daniyar Ospanov        39000000 officer goods
zhaksybekova Gulnara Zhaksybekova 39000000 unit_head risk + 39000000 registrar risk
tulegenov  Aidos Tulegenov        39120000 officer goods
kassymova  Madina Kassymova       39120000 unit_head goods
iskakov    Bauyrzhan Iskakov      39120000 unit_head risk
omarova    Zhanna Omarova         39120000 registrar risk
smagulova  Aliya Smagulova        39120000 first_deputy
seitkali   Nursultan Seitkali     39120010 inspector

usenov     Bakyt Usenov           41000000 unit_head risk + 41000000 registrar risk
toktogulova Aizada Toktogulova    41210000 officer goods
mamytov    Azamat Mamytov         41210000 unit_head goods
sydykova   Cholpon Sydykova       41210000 unit_head risk
isakov     Talant Isakov          41210000 registrar risk
joldoshev  Ulan Joldoshev         41210000 first_deputy
abdyldaev  Ermek Abdyldaev        41210000 head
kadyrova   Nurgul Kadyrova        41210010 inspector
"""

#: Those who begin in Russian; all may change their language.
_RUSSIAN = frozenset(
    {"egorova", "belyaeva", "makarov", "kiselev", "novikova", "larina", "lukashuk", "joldoshev"}
)

DEPUTIES = (Deputy("sorokina", "kuznetsova", before=16, after=12),)


def _member(row: str) -> Member:
    login, first, last, *rest = row.split()
    posts = tuple(_post(part.split()) for part in " ".join(rest).split(" + "))
    return Member(login, f"{first} {last}", posts[0][0], posts, "ru" if login in _RUSSIAN else "en")


def _post(words: list[str]) -> tuple[str, Post, str]:
    code, post, *unit = words
    return code, Post(post), "".join(unit)


CAST = tuple(_member(row) for row in _ROWS.splitlines() if row)
BY_LOGIN = {member.login: member for member in CAST}

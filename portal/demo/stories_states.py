"""Drafts and profiles of the four other states, each with titles as its officers write them."""

from __future__ import annotations

from portal.demo.steps import (
    AGREED,
    REGISTERED,
    SENT,
    SUBMITTED,
    Story,
    do,
    into_force,
    local_into_force,
    read,
    reviewed,
)
from portal.demo.texts import About

YEAR = (-120, 245)
SOON = (15, 380)
_GROUNDS = "Expedient: what the house has seen holds for the whole territory."

_ARMENIA = (
    Story(About("garments", "national", ("05000000",), YEAR, estimate=60,
                title="Հագուստ՝ այն երկրով, որտեղ հագուստ չեն կարում"), "hakobyan",
          (*into_force("goods", "grigoryan", _GROUNDS, "AM-31"), *read("abrahamyan")), rest=52),
    Story(About("fruit", "regional", ("05100000",), YEAR, estimate=35, title="Նարինջ՝ սակագնային արտոնությամբ ձմռանը"),
          "hakobyan", (*into_force("goods", "grigoryan", _GROUNDS, "AM-36"), *read("abrahamyan")), rest=40),
    Story(About("carpets", "regional", ("05100000",), SOON, title="Գորգեր՝ հնացած ծագման վկայականներով"), "hakobyan",
          (*reviewed("goods", "grigoryan"),
           do("collect_information", 3, information="Destroyed forms", information_from="Chamber of commerce")),
          rest=20),
    Story(About("bearings", "national", ("05000000",), SOON, title="Առանցքակալներ՝ երկու դրոշմով"), "hakobyan",
          reviewed("goods", "grigoryan"), rest=11),
    Story(About("lamps", "regional", ("05100000",), SOON, title="Ջահեր՝ որպես լամպեր"), "hakobyan", AGREED,
          rest=2),
)  # fmt: skip

_BELARUS = (
    Story(About("garments", "local", ("11200000",), YEAR, estimate=70, title="Одежда через мост на Буге"), "novik",
          (*local_into_force("BR-12"), *read("sauchanka")), rest=45),
    Story(About("cheese", "local", ("11200000",), YEAR, estimate=20, title="Транзитный сыр, проданный в пути"),
          "novik", (*local_into_force("BR-15"), *read("sauchanka")), rest=33),
    Story(About("pipes", "national", ("11000000",), SOON, title="Трубы, перекатанные только на бумаге"), "novik",
          (*SENT, do("receive", competent_unit="goods")), rest=13),
    Story(About("paper", "regional", ("11200000",), SOON, title="Бумага двух кодов в одной машине"), "novik", SUBMITTED,
          rest=1),
)  # fmt: skip

_KAZAKHSTAN = (
    Story(About("garments", "national", ("39000000",), YEAR, estimate=150, title="Одежда через сухой порт"),
          "tulegenov", (*into_force("goods", "ospanov", _GROUNDS, "KZ-204"), *read("seitkali")), rest=60),
    Story(About("solar-panels", "regional", ("39100000",), YEAR, estimate=45, title="Панели в ящиках со стеклом"),
          "tulegenov", (*into_force("goods", "ospanov", _GROUNDS, "KZ-219"), *read("seitkali")), rest=28),
    Story(About("seeds", "national", ("39000000",), SOON, title="Семена без карантинного разрешения"), "tulegenov",
          (*reviewed("goods", "ospanov"), do("rework_at_centre", 3, reason="Name the pests.")), rest=4),
    Story(About("lamps", "regional", ("39100000",), SOON, title="Лампы вагонами"), "tulegenov",
          (*reviewed("goods", "ospanov"), do("find_inexpedient", 4, justification="Two lorries a year.")), rest=9),
    Story(About("paper", "national", ("39000000",), SOON, title="Бумага для стаканчиков"), "tulegenov", REGISTERED,
          rest=1),
)  # fmt: skip

_KYRGYZSTAN = (
    Story(About("garments", "local", ("41210000",), YEAR, estimate=80, title="Одежда по Алайской дороге"),
          "toktogulova", (*local_into_force("OSH-4"), *read("kadyrova")), rest=50),
    Story(About("fruit", "local", ("41210000",), YEAR, estimate=15, title="Яблоки с подменённым сертификатом"),
          "toktogulova", (*local_into_force("OSH-7"), *read("kadyrova")), rest=26),
    Story(About("carpets", "national", ("41000000",), SOON, title="Войлочные ковры из полиэстера"), "toktogulova",
          SENT, rest=3),
    Story(About("bearings", "national", ("41000000",), SOON, title="Подшипники к грузовикам, которых здесь не продают"),
          "toktogulova", SUBMITTED, rest=2),
)  # fmt: skip

STORIES = (*_ARMENIA, *_BELARUS, *_KAZAKHSTAN, *_KYRGYZSTAN)

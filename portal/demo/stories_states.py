"""Drafts and profiles of the four other states."""

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
                title="Garments by way of a country that sews none"), "hakobyan",
          (*into_force("goods", "grigoryan", _GROUNDS, "AM-31"), *read("abrahamyan")), rest=52),
    Story(About("fruit", "regional", ("05100000",), YEAR, estimate=35, title="Oranges under a preference in winter"),
          "hakobyan", (*into_force("goods", "grigoryan", _GROUNDS, "AM-36"), *read("abrahamyan")), rest=40),
    Story(About("carpets", "regional", ("05100000",), SOON, title="Carpets with old certificates"), "hakobyan",
          (*reviewed("goods", "grigoryan"),
           do("collect_information", 3, information="Destroyed forms", information_from="Chamber of commerce")),
          rest=20),
    Story(About("bearings", "national", ("05000000",), SOON, title="Bearings with two stamps"), "hakobyan",
          reviewed("goods", "grigoryan"), rest=11),
    Story(About("lamps", "regional", ("05100000",), SOON, title="Chandeliers as lamps"), "hakobyan", AGREED, rest=2),
)  # fmt: skip

_BELARUS = (
    Story(About("garments", "local", ("11200000",), YEAR, estimate=70, title="Garments over the Bug bridge"), "novik",
          (*local_into_force("BR-12"), *read("sauchanka")), rest=45),
    Story(About("cheese", "local", ("11200000",), YEAR, estimate=20, title="Cheese in transit that is sold on the way"),
          "novik", (*local_into_force("BR-15"), *read("sauchanka")), rest=33),
    Story(About("pipes", "national", ("11000000",), SOON, title="Pipes re-rolled on paper"), "novik",
          (*SENT, do("receive", competent_unit="goods")), rest=13),
    Story(About("paper", "regional", ("11200000",), SOON, title="Paper of two codes in one lorry"), "novik", SUBMITTED,
          rest=1),
)  # fmt: skip

_KAZAKHSTAN = (
    Story(About("garments", "national", ("39000000",), YEAR, estimate=150, title="Garments through the dry port"),
          "tulegenov", (*into_force("goods", "ospanov", _GROUNDS, "KZ-204"), *read("seitkali")), rest=60),
    Story(About("solar-panels", "regional", ("39100000",), YEAR, estimate=45, title="Panels in crates of glass"),
          "tulegenov", (*into_force("goods", "ospanov", _GROUNDS, "KZ-219"), *read("seitkali")), rest=28),
    Story(About("seeds", "national", ("39000000",), SOON, title="Seeds without a quarantine permit"), "tulegenov",
          (*reviewed("goods", "ospanov"), do("rework_at_centre", 3, reason="Name the pests.")), rest=4),
    Story(About("lamps", "regional", ("39100000",), SOON, title="Lamps by the wagon"), "tulegenov",
          (*reviewed("goods", "ospanov"), do("find_inexpedient", 4, justification="Two lorries a year.")), rest=9),
    Story(About("paper", "national", ("39000000",), SOON, title="Paper for cups"), "tulegenov", REGISTERED, rest=1),
)  # fmt: skip

_KYRGYZSTAN = (
    Story(About("garments", "local", ("41210000",), YEAR, estimate=80, title="Garments over the Alay road"),
          "toktogulova", (*local_into_force("OSH-4"), *read("kadyrova")), rest=50),
    Story(About("fruit", "local", ("41210000",), YEAR, estimate=15, title="Apples with a changed certificate"),
          "toktogulova", (*local_into_force("OSH-7"), *read("kadyrova")), rest=26),
    Story(About("carpets", "national", ("41000000",), SOON, title="Felt carpets that are polyester"), "toktogulova",
          SENT, rest=3),
    Story(About("bearings", "national", ("41000000",), SOON, title="Bearings for lorries that are not sold here"),
          "toktogulova", SUBMITTED, rest=2),
)  # fmt: skip

STORIES = (*_ARMENIA, *_BELARUS, *_KAZAKHSTAN, *_KYRGYZSTAN)

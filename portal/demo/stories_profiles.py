"""Russian profiles of every territorial scope, resting in every status of the procedure."""

from __future__ import annotations

from portal.demo.steps import (
    CARRIER,
    COLLECT,
    ENDORSE,
    Steps,
    Story,
    do,
    into_force,
    local_into_force,
    numbered,
    preparing,
    read,
    remark,
    reviewed,
    signed,
)
from portal.demo.texts import About

CENTRAL = ("10100000",)
BALTIC = ("10200000",)
ZONES = ("10100000", "10200000")
STATE = ("10000000",)
HOUSE = ("10130000",)
POINT = ("10130010",)
YEAR = (-150, 215)
_GROUNDS = "Expedient: the note is sound, the figures were checked on the declarations of the whole state."
_READERS = read("sidorov", "novikova", "pavlov")

_IN_FORCE = (
    Story(About("footwear", "national", STATE, YEAR, estimate=210), "fedorova",
          (*into_force("value", "belova", _GROUNDS, "M-0117"), *read("sidorov", "novikova", "pavlov", "kim"),
           do("record_act", 3, act_number="O-411", act_date="today")), rest=95),
    Story(About("garments", "zonal", ZONES, YEAR, estimate=320), "petrova",
          (*into_force("goods", "lebedev", _GROUNDS, "M-0131"), *_READERS), rest=88),
    Story(About("telephones", "regional", CENTRAL, YEAR, estimate=95), "petrova",
          (*into_force("goods", "sorokina", _GROUNDS, "M-0139"), *read("sidorov")), rest=80),
    Story(About("cosmetics", "national", STATE, YEAR, estimate=160), "petrova",
          (*reviewed("trade", "zimin"), do("call_workshop", 2, units=["goods", "trade"]),
           do("enter_minutes", 2, held_on="today", participants=["V. Tarasov, trade", "O. Kuznetsova, goods"],
              found_expedient="yes", responsible_unit="trade"),
           do("propose_expedient", 2, grounds=_GROUNDS), do("agree_expedient"), do("prepare_profile"),
           *signed(), *CARRIER, *numbered("M-0144"), *read("novikova", "pavlov")), rest=72),
    Story(About("spirits", "national", STATE, YEAR, estimate=75), "fedorova",
          (*into_force("value", "belova", _GROUNDS, "M-0150"), *read("sidorov", "kim")), rest=66),
    Story(About("timber", "national", STATE, YEAR, estimate=110), "fedorova",
          (*into_force("value", "belova", _GROUNDS, "M-0152"), *read("kim")), rest=64),
    Story(About("cheese", "zonal", ZONES, YEAR, estimate=40), "petrova",
          (*reviewed("goods", "lebedev"),
           do("ask_rtu", 2, question="Which of your points receives cheese by road?", rtu_unit="goods"),
           do("write_opinion", 3, opinion="The Western Gate alone; the inspectors there support the profile."),
           do("agree_opinion", 1), do("propose_expedient", 2, grounds=_GROUNDS), do("agree_expedient"),
           do("prepare_profile"), *signed(), *CARRIER, *numbered("M-0158"), *read("sidorov")), rest=58),
    Story(About("courier-parcels", "regional", CENTRAL, YEAR, estimate=140), "petrova",
          (*into_force("goods", "lebedev", _GROUNDS, "M-0163"), *read("novikova")), rest=50),
    Story(About("antiques", "national", STATE, YEAR, estimate=12), "petrova",
          (*into_force("goods", "lebedev", _GROUNDS, "L-0021", records="R-3318"),), rest=46),
    Story(About("fruit", "regional", BALTIC, YEAR, estimate=130, kind="urgent",
                title="Apples of a blocked plantation, on their way"), "larina",
          (*into_force("goods", "sorokina", _GROUNDS, "M-0170"), *read("pavlov")), rest=30),
    Story(About("computers", "regional", CENTRAL, YEAR, estimate=85), "petrova",
          (*into_force("goods", "lebedev", _GROUNDS, "M-0181", by="sorokina"),), rest=2),
)  # fmt: skip

_LOCAL = (
    Story(About("vehicle-parts", "local", HOUSE, YEAR, estimate=60), "petrova",
          (*local_into_force("H-14"), *read("sidorov", "novikova")), rest=77),
    Story(About("night-lorries", "local", POINT, YEAR, estimate=25), "klimova",
          (*local_into_force("P-03", "W-77"), *read("sidorov")), rest=55),
    Story(About("tyres", "local", CENTRAL, YEAR, estimate=90), "osipova",
          (*local_into_force("D-08"), do("suspend", 6, reason="A third of all tyres is more than the points can "
           "check; a national profile is being prepared.")), rest=18),
    Story(About("coffee", "local", HOUSE, (-240, -12), estimate=30,
                title="Roasted coffee of one importer at the price of green"), "fedorova",
          local_into_force("H-09"), rest=120),
    Story(About("lamps", "local", HOUSE, YEAR, kind="orientation", estimate=0,
                title="Watch: lighting fittings by the lorry"), "petrova", local_into_force("H-21"), rest=14),
)  # fmt: skip

_ENDED = (
    Story(About("bearings", "regional", CENTRAL, (-300, 60), title="Bearings through one free port"), "petrova",
          (*into_force("goods", "lebedev", _GROUNDS, "M-0088"), *read("sidorov"),
           do("propose_cancellation", 60, reason="The port has closed; not one hit in six months."),
           do("sign_cancellation", 2), do("cancel", 2)), rest=12),
    Story(About("toys", "regional", CENTRAL, YEAR, title="Toys of rubber with a smell"), "petrova",
          (*preparing("trade", "zimin", _GROUNDS), *signed(), do("put_on_carrier"),
           do("refuse", 2, reason="The limit of the smell test is not in the technical regulation.")), rest=41),
    Story(About("carpets", "regional", CENTRAL, YEAR, title="Prayer mats under a preference"), "petrova",
          (*preparing("goods", "lebedev", _GROUNDS), do("abandon", 3, reason="One text with the draft on carpets; "
           "to be prepared together with it."), ), rest=9),
)  # fmt: skip

_VERSIONED = (
    Story(About("pipes", "national", STATE, (-260, 105), title="Steel pipes named by the country of the warehouse"),
          "petrova",
          (*into_force("goods", "lebedev", _GROUNDS, "M-0091"), *read("sidorov"),
           do("begin_update", 60), do("change", 2, section="measures", value=[
               {"code": "101", "description": "Ask for the certificate of the mill.", "mandatory": True, "share": 100,
                "inspection_code": ""}]),
           *signed(), *CARRIER, *numbered("M-0149"), *read("novikova")), rest=35),
    Story(About("seeds", "national", STATE, (-200, 40), title="Seeds of tomato and pepper"), "petrova",
          (*into_force("goods", "sorokina", _GROUNDS, "M-0120"), do("begin_update", 40), COLLECT, ENDORSE), rest=2),
)  # fmt: skip

_AHEAD = (25, 390)


def _on_its_way(subject: str, title: str, steps: Steps, rest: int, scope: str = "regional") -> Story:
    territory = {"regional": CENTRAL, "zonal": ZONES, "national": STATE}[scope]
    return Story(About(subject, scope, territory, _AHEAD, title=title), "petrova", steps, rest)


_BEGUN = preparing("goods", "lebedev", _GROUNDS)
_VALUE_BEGUN = preparing("value", "belova", _GROUNDS)

_IN_PREPARATION = (
    _on_its_way("fish", "Frozen fish under the code of bait",
                (*_BEGUN, remark("kuznetsova", "The threshold must be a share, not kilograms.", "area")), rest=4),
    _on_its_way("furniture", "Chairs by the container, priced by the crate", (*_VALUE_BEGUN, COLLECT), rest=2),
    _on_its_way("coffee", "Instant coffee at the price of green", (*_VALUE_BEGUN, COLLECT, ENDORSE), rest=1),
    _on_its_way("solar-panels", "Panels for roofs as glass", (*_BEGUN, do("sign_as_executor")), rest=1),
    _on_its_way("handbags", "Purses with the marks of two houses", (*_VALUE_BEGUN, *signed()), rest=2),
    _on_its_way("electric-bicycles", "Scooters with a seat", (*_BEGUN, *signed(), do("put_on_carrier")), 3, "zonal"),
    _on_its_way("medicines", "Vitamins by weight", (*_BEGUN, *signed(), do("put_on_carrier")), 2, "national"),
    _on_its_way("machine-tools", "Lathes in two crates", (*_VALUE_BEGUN, *signed(), *CARRIER), rest=3),
    _on_its_way("medical-devices", "Baths with a diploma", (*_VALUE_BEGUN, *signed(), *CARRIER, do(
        "give_details", carrier_number="M-0190", carrier_date="today")), rest=1),
    _on_its_way("polymers", "Granules that are waste", (*_BEGUN, *signed(), *CARRIER, *numbered("M-0188")), rest=5),
)  # fmt: skip

STORIES = (*_IN_FORCE, *_LOCAL, *_ENDED, *_VERSIONED, *_IN_PREPARATION)

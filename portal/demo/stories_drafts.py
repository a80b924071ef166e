"""Drafts of Russian customs houses, one resting in each status of the procedure."""

from __future__ import annotations

from portal.demo.steps import (
    AGREED,
    BACK_TEST,
    ENDORSE,
    HEAD_SIGNED,
    REGISTERED,
    SENT,
    SUBMITTED,
    Step,
    Steps,
    Story,
    do,
    expedient,
    proposed,
    remark,
    reviewed,
)
from portal.demo.texts import About

HOUSE = ("10130000",)
RTU = ("10100000",)
STATE = ("10000000",)
SOON = (20, 385)
_GROUNDS = (
    "The indicators part risky consignments from the rest: the share of violations among them is tripled."
)


def _about(subject: str, scope: str = "regional", territory: tuple[str, ...] = RTU, **more: object) -> About:
    return About(subject, scope, territory, SOON, **more)  # type: ignore[arg-type]


_AT_HOME = (
    Story(
        _about("lamps", omits=("sources", "operations", "validity", "estimate")),
        "petrova",
        (remark("petrova", "Ask the Northern Terminal for the weights of October.", "note"),),
        rest=1,
    ),
    Story(
        _about("furniture", omits=("estimate",)),
        "fedorova",
        (
            do("change", 2, section="note", field="assessment", value="Chipboard of sixteen millimetres costs more."),
            do("change", 4, section="note", field="sources", value="Exchange prices of board; declarations of a year."),
        ),
        rest=3,
    ),
    Story(_about("toys"), "petrova", (BACK_TEST, *SUBMITTED), rest=2),
    Story(_about("coffee"), "fedorova", (*SUBMITTED, ENDORSE), rest=1),
    Story(
        _about("carpets"),
        "petrova",
        (
            *HEAD_SIGNED,
            remark("grigoryeva", "The second group repeats the first; leave one.", "area"),
            do("return", 0, reason="Two groups of indicators say the same; join them and submit anew."),
            do("change", 2, section="note", field="operations", value="Fourteen numbers are those of destroyed forms."),
            *HEAD_SIGNED,
        ),
        rest=2,
    ),
    Story(_about("bearings"), "petrova", (*HEAD_SIGNED, do("agree")), rest=1),
    Story(_about("paper"), "petrova", (BACK_TEST, *AGREED), rest=1),
    Story(_about("pipes", "zonal", ("10100000", "10200000")), "petrova", REGISTERED, rest=1),
    Story(
        _about("polymers"),
        "petrova",
        (*REGISTERED, do("withdraw", 5, reason="The environment service has issued a ban of its own.")),
        rest=22,
    ),
    Story(_about("solar-panels"), "larina", REGISTERED, rest=4),
)  # fmt: skip

_AT_CENTRE = (
    Story(_about("seeds"), "petrova", (BACK_TEST, *SENT), rest=2),
    Story(
        _about("medical-devices", "national", STATE),
        "fedorova",
        reviewed("value", "belova"),
        rest=8,
    ),
    Story(_about("jewellery", "national", STATE), "larina", (*SENT, do("receive", competent_unit="goods")), rest=12),
    Story(
        _about("handbags", "national", STATE),
        "petrova",
        (
            *reviewed("trade", "zimin"),
            do("call_workshop", 2, units=["goods", "value", "trade"]),
        ),
        rest=3,
    ),
    Story(
        _about("tobacco", "national", STATE),
        "fedorova",
        (
            *reviewed("goods", "sorokina"),
            do("call_workshop", 2, units=["goods", "trade"]),
            Step("enter_minutes", 3, {
                "held_on": "today",
                "participants": ["O. Kuznetsova, nomenclature", "V. Tarasov, restrictions", "A. Nikitin, risks"],
                "found_expedient": "yes",
                "responsible_unit": "trade",
            }),
            do("name_executor", executor="zimin"),
        ),
        rest=1,
    ),
    Story(
        _about("medicines", "national", STATE),
        "fedorova",
        (
            *reviewed("value", "belova"),
            do("collect_information", 4, information="Registered names and prices of the eleven preparations",
               information_from="Ministry of health, department of medicines"),
        ),
        rest=31,
    ),
    Story(
        _about("machine-tools", "national", STATE),
        "petrova",
        (
            *reviewed("trade", "zimin"),
            do("rework_at_centre", 5, reason="Name the heads of the control list; the codes alone let spare parts by."),
        ),
        rest=13,
    ),
    Story(
        _about("electric-bicycles"),
        "petrova",
        (
            *reviewed("goods", "lebedev"),
            do("send_back", 4, defects=[
                "The threshold of 25 a kilogram is not explained.",
                "The exception for electric wheelchairs is missing.",
                "The estimate counts November twice.",
            ]),
        ),
        rest=7,
    ),
    Story(
        _about("pesticides"),
        "petrova",
        (
            *reviewed("trade", "zimin"),
            do("ask_rtu", 3, question="Do the other houses of the directorate see the same names?", rtu_unit="goods"),
        ),
        rest=6,
    ),
    Story(
        _about("fish"),
        "petrova",
        (
            *reviewed("goods", "lebedev"),
            do("ask_rtu", 3, question="Is glazing weighed at the lakeside points?", rtu_unit="goods"),
            do("write_opinion", 4, opinion="It is weighed at one point of four; a common method would help more."),
            do("agree_opinion", 2),
        ),
        rest=6,
    ),
    Story(_about("sources", "national", STATE), "petrova", expedient("trade", "zimin", _GROUNDS), rest=3),
    Story(_about("advance-payments", "national", STATE), "fedorova", proposed("value", "belova", _GROUNDS), rest=1),
    Story(
        _about("poultry"),
        "petrova",
        (
            *reviewed("trade", "zimin"),
            do("find_inexpedient", 6, justification="The plants are blocked in the register of certificates; "
               "no declaration passes it."),
        ),
        rest=25,
    ),
)  # fmt: skip


def _reworked() -> Steps:
    """A second version that mended its defects and was sent anew."""
    return (
        *reviewed("goods", "lebedev"),
        do("send_back", 3, defects=["The list of models is older than a year."]),
        do(
            "change",
            4,
            section="note",
            field="operations",
            value="The list of models was renewed from the register.",
        ),
        *HEAD_SIGNED,
        do("agree"),
        do("agree"),
        do("send"),
    )


STORIES = (
    *_AT_HOME,
    *_AT_CENTRE,
    Story(
        _about("paper", title="Coated paper: newsprint under the code of packing"),
        "petrova",
        _reworked(),
        rest=1,
    ),
)

"""The ten limits of the procedure, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from portal.levels.words import N_
from portal.workflow.calendar import Counted, WorkingCalendar

Seat = Literal[
    "executor",
    "competent_unit_head",
    "central_coordination",
    "central_coordination_head",
    "author_unit",
    "author_coordination",
    "rtu_unit",
    "rtu_coordination",
]


class Unit(StrEnum):
    DAYS = "days"
    HOURS = "hours"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: `amount` working days or working hours after the event `from_`, or by the end of that day.

    `responsible` is the seat that must act, alerted at every step; `responsible_before` stands in until that
    seat is filled. `also_alerted` are the seats alerted besides once the limit has passed.
    """

    name: str
    amount: int
    unit: Unit
    from_: str
    responsible: Seat
    also_alerted: tuple[Seat, ...]
    responsible_before: Seat | None = None
    source: str = "procedure §8"


_TABLE = (
    Limit(
        "consideration",
        10,
        Unit.DAYS,
        N_("receipt at the centre"),
        "executor",
        ("competent_unit_head", "central_coordination"),
        responsible_before="central_coordination",
    ),
    Limit("expedient", 2, Unit.DAYS, N_("resolution Expedient"), "executor", ("competent_unit_head",)),
    Limit("information", 60, Unit.DAYS, N_("status set"), "executor", ("competent_unit_head",)),
    Limit("rework_central", 10, Unit.DAYS, N_("status set"), "executor", ("competent_unit_head",)),
    Limit(
        "rework_regional",
        10,
        Unit.DAYS,
        N_("defects entered"),
        "author_unit",
        ("author_coordination", "executor"),
    ),
    Limit(
        "rtu_request",
        10,
        Unit.DAYS,
        N_("receipt of the request"),
        "rtu_unit",
        ("rtu_coordination", "executor"),
    ),
    Limit("rtu_opinion", 5, Unit.DAYS, N_("receipt of the opinion"), "executor", ("competent_unit_head",)),
    Limit(
        "registration_details",
        1,
        Unit.DAYS,
        N_("signed letter or resolution"),
        "executor",
        ("central_coordination",),
    ),
    Limit(
        "registration_number",
        1,
        Unit.HOURS,
        N_("details received"),
        "central_coordination",
        ("central_coordination_head",),
    ),
    Limit(
        "urgent",
        1,
        Unit.SAME_DAY,
        N_("receipt of the urgent profile"),
        "central_coordination",
        ("central_coordination_head",),
    ),
)

LIMITS: Mapping[str, Limit] = MappingProxyType({limit.name: limit for limit in _TABLE})


def due(limit: Limit, start: datetime, calendar: WorkingCalendar) -> Counted:
    """When `limit` ends if its event happened at `start`, on the calendar of the responsible authority.

    Raises ValueError when `start` is naive.
    """
    match limit.unit:
        case Unit.DAYS:
            return calendar.add_working_days(start, limit.amount)
        case Unit.HOURS:
            return calendar.add_working_hours(start, limit.amount)
        case Unit.SAME_DAY:
            return calendar.same_working_day(start)

"""The ten limits against the text of the procedure and its worked examples."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.workflow.calendar import WorkingCalendar
from portal.workflow.clocks import LIMITS, Unit, due

MOSCOW = ZoneInfo("Europe/Moscow")
PLAIN = WorkingCalendar("Europe/Moscow")

# procedure §8, read off the page: name, amount, unit, responsible, also alerted when overdue
PROCEDURE = """
consideration        10 days     executor              competent_unit_head central_coordination
expedient             2 days     executor              competent_unit_head
information          60 days     executor              competent_unit_head
rework_central       10 days     executor              competent_unit_head
rework_regional      10 days     author_unit           author_coordination executor
rtu_request          10 days     rtu_unit              rtu_coordination executor
rtu_opinion           5 days     executor              competent_unit_head
registration_details  1 days     executor              central_coordination
registration_number   1 hours    central_coordination  central_coordination_head
urgent                1 same_day central_coordination  central_coordination_head
"""


def test_the_table_is_the_procedure() -> None:
    rows = [line.split() for line in PROCEDURE.strip().splitlines()]
    written = [[name, int(amount), unit, who, tuple(also)] for name, amount, unit, who, *also in rows]
    kept = [[v.name, v.amount, v.unit.value, v.responsible, v.also_alerted] for v in LIMITS.values()]
    assert kept == written
    assert list(LIMITS) == [row[0] for row in written]


def test_only_consideration_has_someone_before_the_executor() -> None:
    assert {name: limit.responsible_before for name, limit in LIMITS.items() if limit.responsible_before} == {
        "consideration": "central_coordination"
    }


def test_every_limit_says_where_it_comes_from() -> None:
    assert {limit.source for limit in LIMITS.values()} == {"procedure §8"}
    assert all(limit.from_ for limit in LIMITS.values())


def test_the_table_cannot_be_changed_in_passing() -> None:
    with pytest.raises(TypeError):
        LIMITS["urgent"] = LIMITS["expedient"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "start", "due_on"),
    [
        ("expedient", date(2024, 3, 1), date(2024, 3, 5)),
        ("rework_central", date(2024, 3, 4), date(2024, 3, 18)),
        ("rework_regional", date(2024, 3, 4), date(2024, 3, 18)),
        ("rtu_opinion", date(2024, 3, 7), date(2024, 3, 14)),
        ("information", date(2024, 3, 4), date(2024, 5, 27)),
    ],
)
def test_worked_examples_of_the_procedure(name: str, start: date, due_on: date) -> None:
    event = datetime(start.year, start.month, start.day, 11, 20, tzinfo=MOSCOW)
    counted = due(LIMITS[name], event, PLAIN)
    assert counted.due_at == datetime(due_on.year, due_on.month, due_on.day, 18, tzinfo=MOSCOW)
    assert len(counted.counted) == LIMITS[name].amount


def test_the_hour_and_the_same_day_run_in_working_hours() -> None:
    friday_evening = datetime(2024, 3, 1, 17, 40, tzinfo=MOSCOW)
    hour = due(LIMITS["registration_number"], friday_evening, PLAIN)
    assert hour.due_at == datetime(2024, 3, 4, 9, 40, tzinfo=MOSCOW)
    assert due(LIMITS["urgent"], friday_evening, PLAIN).due_at == datetime(2024, 3, 1, 18, tzinfo=MOSCOW)


def test_an_administrator_may_change_an_amount() -> None:
    three_hours = replace(LIMITS["registration_number"], amount=3)
    assert three_hours.unit is Unit.HOURS
    start = datetime(2024, 3, 4, 9, tzinfo=MOSCOW)
    assert due(three_hours, start, PLAIN).due_at == datetime(2024, 3, 4, 12, tzinfo=MOSCOW)


@pytest.mark.parametrize("name", LIMITS)
def test_a_naive_moment_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="offset from UTC"):
        due(LIMITS[name], datetime(2024, 3, 4, 12), PLAIN)  # noqa: DTZ001 - what must be refused

"""The seeded calendars against official production calendars and dates counted by hand.

Russia's working days as decreed, written down from the decrees and not from the package:

2024  1-8 January and 23 February, 8 March, 1 and 9 May, 12 June, 4 November; Sat 6 January moved to Fri 10 May,
      Sun 7 January to Tue 31 December; Sat 27 April worked for Mon 29 April, Sat 2 November for Tue 30 April,
      Sat 28 December for Mon 30 December.
2025  1-8 January and the same feasts; Sat 4 January moved to Fri 2 May, Sun 23 February to Thu 8 May, Sat 8 March
      to Fri 13 June, Sun 5 January to Wed 31 December; Sat 1 November worked for Mon 3 November.
2026  1-8 January and the same feasts; Sat 3 January moved to Fri 9 January, Sun 4 January to Thu 31 December;
      Sun 8 March followed by Mon 9 March, Sat 9 May by Mon 11 May, by the labour code.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.store.calendar_seed import SEEDED_YEARS, ZONES, calendar_of, seed, seeded_calendar, zone_of
from portal.workflow.calendar import DAY
from portal.workflow.clocks import LIMITS, due

RUSSIA_WEEKDAYS_OFF = {
    2024: "0101 0102 0103 0104 0105 0108 0223 0308 0429 0430 0501 0509 0510 0612 1104 1230 1231",
    2025: "0101 0102 0103 0106 0107 0108 0501 0502 0508 0509 0612 0613 1103 1104 1231",
    2026: "0101 0102 0105 0106 0107 0108 0109 0223 0309 0501 0511 0612 1104 1231",
}
RUSSIA_WEEKENDS_WORKED = {2024: "0427 1102 1228", 2025: "1101", 2026: ""}

# Each counted by hand on the decrees above; the days that count are those written in the comment.
WORKED_DATES = [
    # Wed 27 Dec 2023: 28 29 Dec | 1-8 Jan off | 9 10 11 12 . 15 16 17 18 Jan
    ("consideration", "2023-12-27T10:00", "2024-01-18T18:00"),
    # Fri 26 Apr 2024: Sat 27 Apr is worked | 29 30 Apr, 1 May off | Thu 2 May
    ("expedient", "2024-04-26T15:00", "2024-05-02T18:00"),
    # Wed 8 May 2024: 9 10 May off | 13 14 15 16 17 May
    ("rtu_opinion", "2024-05-08T09:30", "2024-05-17T18:00"),
    # Wed 25 Dec 2024: 26 27 Dec, Sat 28 Dec worked | 30 Dec-8 Jan off | 9 10 . 13 14 15 16 17 Jan
    ("consideration", "2024-12-25T12:00", "2025-01-17T18:00"),
    # Fri 27 Dec 2024 17:30: half an hour left that day, the other half on the worked Sat 28 Dec
    ("registration_number", "2024-12-27T17:30", "2024-12-28T09:30"),
    # Tue 31 Dec 2024 is off, so are 1-8 Jan: Thu 9 Jan
    ("urgent", "2024-12-31T11:00", "2025-01-09T18:00"),
    # Fri 25 Apr 2025: 28 29 30 Apr | 1 2 off | 5 6 7 May | 8 9 off | 12 13 14 15 May
    ("consideration", "2025-04-25T15:00", "2025-05-15T18:00"),
    # Mon 3 Mar 2025: March 4-7 (4) 10-14 (9) 17-21 (14) 24-28 (19) 31-4 Apr (24) 7-11 (29) 14-18 (34) 21-25 (39)
    # 28-30 (42) | 1 2 May off | 5-7 (45) | 8 9 off | 12-16 (50) 19-23 (55) 26-30 May (60)
    ("information", "2025-03-03T16:00", "2025-05-30T18:00"),
    # Tue 28 Oct 2025: 29 30 31 Oct, Sat 1 Nov worked | 3 4 off | 5 6 7 . 10 11 12 Nov
    ("consideration", "2025-10-28T08:00", "2025-11-12T18:00"),
    # Thu 25 Dec 2025: 26 . 29 30 Dec | 31 Dec-9 Jan off | 12 13 14 15 16 . 19 20 Jan
    ("consideration", "2025-12-25T17:00", "2026-01-20T18:00"),
    # Tue 30 Dec 2025: 31 Dec-11 Jan off | 12 13 Jan
    ("expedient", "2025-12-30T23:00", "2026-01-13T18:00"),
    # Fri 24 Apr 2026: 27 28 29 30 Apr | 1 off | 4 5 6 7 8 May | 11 off | 12 May
    ("consideration", "2026-04-24T10:00", "2026-05-12T18:00"),
    # Fri 8 May 2026: 9 10 weekend, 11 off | Tue 12 May
    ("registration_details", "2026-05-08T10:00", "2026-05-12T18:00"),
]


def days_of(year: int, text: str) -> set[date]:
    return {date(year, int(day[:2]), int(day[2:])) for day in text.split()}


@pytest.mark.parametrize("year", RUSSIA_WEEKDAYS_OFF)
def test_russia_is_the_decreed_calendar(year: int) -> None:
    calendar = seeded_calendar("RU")
    year_days = [date(year, 1, 1) + DAY * n for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    off = {day for day in year_days if day.weekday() < 5 and not calendar.is_working_day(day)}
    worked = {day for day in year_days if day.weekday() >= 5 and calendar.is_working_day(day)}
    assert off == days_of(year, RUSSIA_WEEKDAYS_OFF[year])
    assert worked == days_of(year, RUSSIA_WEEKENDS_WORKED[year])


@pytest.mark.parametrize(("year", "official"), [(2024, 248), (2025, 247), (2026, 247)])
def test_russia_has_the_official_number_of_working_days(year: int, official: int) -> None:
    counted = seeded_calendar("RU").working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
    assert counted == official


@pytest.mark.parametrize(("name", "start", "due_at"), WORKED_DATES)
def test_dates_counted_by_hand(name: str, start: str, due_at: str) -> None:
    moscow = ZoneInfo("Europe/Moscow")
    counted = due(LIMITS[name], datetime.fromisoformat(start).replace(tzinfo=moscow), seeded_calendar("RU"))
    assert counted.due_at == datetime.fromisoformat(due_at).replace(tzinfo=moscow)
    assert not counted.provisional


@pytest.mark.parametrize(
    ("state", "worked"),
    [
        ("BY", ["2025-01-11", "2025-04-26", "2025-07-12", "2025-12-20", "2026-04-25"]),
        ("KZ", ["2025-01-05"]),
        ("KG", ["2025-01-11"]),
        ("RU", ["2025-11-01"]),
        ("AM", []),
    ],
)
def test_working_weekends_are_seeded(state: str, worked: list[str]) -> None:
    rows = seed(state, [2025, 2026])
    assert [row.date.isoformat() for row in rows if row.is_working] == worked


def test_armenia_keeps_its_own_days() -> None:
    """28 January and 24 April are off in Armenia, 23 February and 12 June are not."""
    calendar = seeded_calendar("AM")
    assert [calendar.is_working_day(date(2025, *day)) for day in ((1, 28), (4, 24))] == [False, False]
    assert [calendar.is_working_day(date(2026, *day)) for day in ((2, 23), (6, 12))] == [True, True]


def test_rows_are_of_the_years_asked_for_in_order_and_one_a_day() -> None:
    for state in ZONES:
        rows = [row.date for row in seed(state, [2026, 2025])]
        assert rows == sorted(set(rows))
        assert {day.year for day in rows} == {2025, 2026}


def test_a_year_without_its_decree_is_marked() -> None:
    assert all(row.decree_known for row in seed("RU", [2026, 2027]))
    assert not any(row.decree_known for row in seed("BY", [2027]))
    assert seeded_calendar("RU").covers(2027)
    assert not seeded_calendar("BY").covers(2027)
    assert not seeded_calendar("RU").covers(2028)
    assert not seeded_calendar("RU").covers(SEEDED_YEARS[0] - 1)


def test_an_estimated_lunar_day_is_marked_within_a_known_year() -> None:
    """Kurban Ait of 2026, 27 May: the package says "(estimated)" for Kazakhstan."""
    calendar = seeded_calendar("KZ")
    assert calendar.covers(2026)
    assert date(2026, 5, 27) in calendar.estimated
    almaty = ZoneInfo("Asia/Almaty")
    near = due(LIMITS["expedient"], datetime(2026, 5, 25, 12, tzinfo=almaty), calendar)
    far = due(LIMITS["expedient"], datetime(2026, 6, 1, 12, tzinfo=almaty), calendar)
    assert (near.provisional, far.provisional) == (True, False)


def test_an_uncovered_year_is_still_counted() -> None:
    start = datetime(2040, 1, 16, 12, tzinfo=ZoneInfo("Europe/Minsk"))
    counted = due(LIMITS["expedient"], start, seeded_calendar("BY"))
    assert counted.provisional
    assert counted.counted == (date(2040, 1, 17), date(2040, 1, 18))


def test_names_carry_no_american_dates() -> None:
    names = {row.date: row.name for row in seed("RU", [2024])}
    assert names[date(2024, 4, 29)] == "Day off (substituted from 2024-04-27)"
    assert names[date(2024, 4, 27)] == "Working day in place of a day off"


def test_zones_are_those_of_the_capitals() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("UTC"))
    local = {state: noon.astimezone(ZoneInfo(zone_of(state))).hour for state in ZONES}
    assert local == {"AM": 16, "BY": 15, "KZ": 17, "KG": 18, "RU": 15}


def test_the_rows_given_are_all_that_counts() -> None:
    """The row of Thu 28 May 2026 is taken out of the table."""
    rows = [row for row in seed("AM", [2026]) if row.date != date(2026, 5, 28)]
    calendar = calendar_of("AM", rows, [2026])
    assert calendar.is_working_day(date(2026, 5, 28))
    assert not calendar.is_working_day(date(2026, 4, 24))


def test_another_state_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="'UZ': one of AM, BY, KZ, KG, RU"):
        seed("UZ", [2026])
    with pytest.raises(ValueError, match="one of"):
        seeded_calendar("ru")
    with pytest.raises(ValueError, match="one of"):
        calendar_of("XX", [], [2026])

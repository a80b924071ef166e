"""`flask deadlines due` as a program and as an officer read it."""

import json

import pytest
from click.testing import CliRunner, Result

from portal.cli.deadlines_due import command


def run(
    limit: str = "consideration", state: str = "RU", start: str = "2025-04-25T15:00+03:00", *more: str
) -> Result:
    return CliRunner().invoke(command, ["--limit", limit, "--state", state, "--from", start, *more])


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2024-12-25T15:00+03:00", "2025-01-17T18:00+03:00"),
        ("2025-04-25T15:00+03:00", "2025-05-15T18:00+03:00"),
        ("2025-10-28T15:00+03:00", "2025-11-12T18:00+03:00"),
        ("2025-12-25T15:00+03:00", "2026-01-20T18:00+03:00"),
        ("2026-04-24T15:00+03:00", "2026-05-12T18:00+03:00"),
    ],
)
def test_reference_dates(start: str, due: str) -> None:
    result = run("consideration", "RU", start, "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert set(printed) == {"due", "counted"}
    assert printed["due"] == due
    assert len(printed["counted"]) == 10
    assert printed["counted"][-1] == due[:10]
    assert result.stderr == ""


def test_every_day_counted_is_printed() -> None:
    printed = json.loads(run("consideration", "RU", "2025-04-25T15:00+03:00", "--json").stdout)
    april, may = (28, 29, 30), (5, 6, 7, 12, 13, 14, 15)
    assert printed["counted"] == [f"2025-04-{d:02}" for d in april] + [f"2025-05-{d:02}" for d in may]


def test_the_answer_is_in_the_zone_of_the_state() -> None:
    """21:30 UTC on 24 April is already 25 April in Bishkek; 26 and 27 are the weekend."""
    printed = json.loads(run("registration_details", "KG", "2025-04-24T21:30Z", "--json").stdout)
    assert printed == {"due": "2025-04-28T18:00+06:00", "counted": ["2025-04-28"]}


def test_seconds_are_not_lost() -> None:
    printed = json.loads(run("registration_number", "RU", "2025-04-25T15:00:20+03:00", "--json").stdout)
    assert printed["due"] == "2025-04-25T16:00:20+03:00"


def test_in_words() -> None:
    result = run("expedient")
    assert result.stdout == "expedient: due 2025-04-29T18:00+03:00; counted 2025-04-28, 2025-04-29\n"


def test_a_provisional_answer_says_so_beside_the_json() -> None:
    result = run("expedient", "BY", "2027-06-01T12:00+03:00", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["due"] == "2027-06-03T18:00+03:00"
    assert result.stderr == "Provisional: not every day off of BY in this period is decreed yet.\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("consideration", "RU", "2025-04-25T15:00"), "No offset from UTC in '2025-04-25T15:00'"),
        (("consideration", "RU", "2025-04-25"), "No offset from UTC"),
        (("consideration", "RU", "yesterday"), "Not a moment: 'yesterday'"),
        (("consideration", "UZ"), "No state 'UZ'. States: AM, BY, KZ, KG, RU."),
        (("consider",), "No limit 'consider'. Limits: consideration, expedient, information,"),
    ],
)
def test_a_refusal_is_one_line(arguments: tuple[str, ...], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""

"""Registration numbers, written and read back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workflow.numbering import number, parse


def test_the_form_of_procedure_a5() -> None:
    assert str(number("00", "10130000", 5, date(2024, 3, 1), 17)) == "00/10130/01032024/00017"


def test_a_point_shows_its_whole_code() -> None:
    assert str(number("14", "10130010", 8, date(2026, 11, 22), 100000)) == "14/10130010/22112026/100000"


@pytest.mark.parametrize(("width", "code"), [(4, "10130000"), (9, "101300001"), (8, "1013"), (5, "1013")])
def test_widths_outside_five_to_eight_are_refused(width: int, code: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        number("00", code, width, date(2024, 3, 1), 1)


@pytest.mark.parametrize("serial", [0, -1])
def test_serials_begin_at_one(serial: int) -> None:
    with pytest.raises(ValueError, match="begins at 1"):
        number("00", "10130000", 5, date(2024, 3, 1), serial)


@pytest.mark.parametrize(
    "text",
    ["", "00/10130/01032024/17", "00/1013/01032024/00017", "00/10130/31022024/00017", "0/10130/01032024/00017",
     "00/10130/01032024/00017 ", "00/101300000/01032024/00017", "00/10130/01032024/00000"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - three kinds of fault, one type
        parse(text)


@given(
    st.from_regex(r"[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.integers(5, 8),
    st.dates(date(1000, 1, 1)),
    st.integers(1, 10**9),
)
def test_what_is_written_is_read_back(kind: str, code: str, width: int, day: date, serial: int) -> None:
    made = number(kind, code, width, day, serial)
    assert parse(str(made)) == made

"""The pages of duties say what the tables say, for each level and post."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import Browser, Page

Browse = Callable[[str], Browser]


def row(page: Page, table: str, act: str) -> list[str]:
    """The cells of the row that begins with an act, in the table of a caption."""
    for found in page.soup.find_all("table"):
        if found.caption.get_text(strip=True) == table:
            for line in found.tbody.find_all("tr"):
                cells = [" ".join(cell.get_text(" ").split()) for cell in line.find_all(["th", "td"])]
                if cells[0].startswith(act):
                    return cells
    raise AssertionError(f"no row {act!r} under {table!r}")


def test_an_executors_acts_with_their_limits(browse: Browse) -> None:
    page = browse("10000000.officer.goods").get("/10000000/duties")
    cells = row(page, "Officer of the unit", "Decide: inexpedient")
    assert cells[1] == "Draft Executor"
    assert cells[2] == "Under review, Information collection, Rework at the centre, RTU opinion"
    assert cells[3] == "Inexpedient"
    assert cells[4] == (
        "10 working days from receipt at the centre; 60 working days from status set; "
        "10 working days from status set; 5 working days from receipt of the opinion"
    )
    assert page.words.index("Your post: Officer of the unit") < page.words.index("Other posts at this level")


def test_who_signs_for_which_scope(browse: Browse) -> None:
    page = browse("10000000.head").get("/10000000/duties")
    assert row(page, "Head of the authority", "Approve and sign")[0] == "Approve and sign scope: National"


def test_a_house_has_no_duties_of_the_centre(browse: Browse) -> None:
    page = browse("10130000.unit_head.risk").get("/10130000/duties")
    assert "Confirm receipt" not in page.words
    assert row(page, "Head of unit", "Agree as head of the coordination unit")[3].startswith(
        "Agreement of the first deputy"
    )


def test_posts_outside_the_procedure_name_their_pages(browse: Browse) -> None:
    page = browse("10130010.inspector").get("/10130010/duties")
    assert "This post takes no part in the moves of drafts and profiles." in page.words
    assert "Duties and procedure" in page.words.split("Pages open to this post:")[1]


def test_the_union_circulates(browse: Browse) -> None:
    page = browse("00000000.union_coordinator").get("/00000000/duties")
    cells = row(page, "Union coordinator", "Circulate to the states")
    assert cells[1].startswith("Union risk information")
    assert "Confirm receipt" not in page.words


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("interaction", "Confirm receipt"),
        ("limits", "1 working hour from details received"),
        ("limits", "the same working day, from receipt of the urgent profile"),
        ("statuses", "A newer version is in force under the same number."),
        ("nonsense", "Your post"),
    ],
)
def test_the_other_tables(browse: Browse, part: str, said: str) -> None:
    page = browse("10000000.unit_head.goods").get(f"/10000000/duties?part={part}")
    assert page.status == 200
    assert said in page.words


def test_interaction_names_giver_taker_and_time(browse: Browse) -> None:
    page = browse("10000000.unit_head.goods").get("/10000000/duties?part=interaction")
    cells = [
        [" ".join(cell.get_text(" ").split()) for cell in line.find_all(["th", "td"])]
        for line in page.soup.tbody.find_all("tr")
    ]
    asked = next(line for line in cells if line[2] == "Agree the opinion")
    assert asked == [
        "RTU coordination unit",
        "Draft",
        "Agree the opinion",
        "Head of the competent central unit, Executor",
        "RTU opinion",
        "10 working days from receipt of the request",
        "procedure §6",
    ]


def test_a_stranger_is_not_told(browse: Browse) -> None:
    assert browse("05000000.unit_head.goods").get("/10000000/duties").status == 404
    assert browse("").get("/10000000/duties", follow=False).status == 303

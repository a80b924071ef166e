"""The pages of the registers: lines, filters, export and the printed journal."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask

from portal.web.export import safe
from tests import texts
from tests.browser import Browser
from tests.office import Office

Browse = Callable[[str], Browser]
READER = "10130000.unit_head.goods"


@pytest.fixture
def office(app: Flask) -> Office:
    office = Office(app)
    for title in ("Footwear", '=HYPERLINK("x")', "Сыр <b>"):
        office.registered_draft(text=texts.complete(title=title))
    return office


def test_an_empty_register_says_what_belongs_there(browse: Browse) -> None:
    page = browse(READER).get("/10130000/registers/drafts")
    assert "Nothing is registered yet" in page.words
    assert "Nothing is registered yet" in browse(READER).get("/10130000/registers/profiles").words


def test_lines_stand_newest_first(browse: Browse, office: Office) -> None:
    page = browse(READER).get("/10130000/registers/drafts")
    rows = [row.get_text(" ", strip=True) for row in page.soup.tbody.find_all("tr")]
    assert [row.split()[0] for row in rows] == ["3", "2", "1"]
    assert "Footwear" in rows[2]
    assert "last number given: 3" in page.words


def test_filters_become_removable_tags(browse: Browse, office: Office) -> None:
    browser = browse(READER)
    page = browser.get("/10130000/registers/drafts?words=footwear&status=registered")
    assert len(page.soup.tbody.find_all("tr")) == 1
    tags = page.soup.select(".rp-tag")
    assert [tag.get_text(" ", strip=True) for tag in tags] == [
        "Remove the filter Registered",
        "Remove the filter “footwear”",
    ]
    assert len(browser.get(tags[1]["href"]).soup.tbody.find_all("tr")) == 3
    nothing = browser.get("/10130000/registers/drafts?words=nothing")
    assert "No line fits the filters" in nothing.words


def test_a_false_day_is_told_and_not_asked_for(browse: Browse, office: Office) -> None:
    page = browse(READER).get("/10130000/registers/drafts?since=yesterday")
    assert "Enter a day, such as 2026-11-20" in page.words
    assert len(page.soup.tbody.find_all("tr")) == 3


def test_the_region_answers_alone(browse: Browse, office: Office) -> None:
    headers = {"HX-Request": "true", "HX-Target": "register_lines"}
    page = browse(READER).get("/10130000/registers/drafts?words=footwear", **headers)
    assert page.text.strip().startswith('<div id="register_lines">')
    assert len(page.soup.tbody.find_all("tr")) == 1


def test_the_export_holds_every_line_and_no_formula(browse: Browse, office: Office) -> None:
    response = browse(READER).client.get("/10130000/registers/draft/export?status=registered")
    assert response.mimetype == "text/csv"
    assert "register-drafts-10130000.csv" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0][:4] == ["Serial", "Number", "Registered", "Title"]
    assert [row[3] for row in rows[1:]] == ["Сыр <b>", '\'=HYPERLINK("x")', "Footwear"]
    assert [row[0] for row in rows[1:]] == ["3", "2", "1"]
    assert all(len(row[-1]) == 64 for row in rows[1:])


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_cells_that_begin_like_formulas_are_marked(begin: str) -> None:
    assert safe(f"{begin}1") == f"'{begin}1"
    assert safe(f"1{begin}") == f"1{begin}"


def test_empty_cells_and_numbers() -> None:
    assert [safe(None), safe(12), safe("")] == ["", "12", ""]


def test_the_journal_is_printed_in_the_order_of_numbers(browse: Browse, office: Office) -> None:
    page = browse(READER).get("/10130000/registers/draft/journal")
    assert [row.td.get_text() for row in page.soup.tbody.find_all("tr")] == ["1", "2", "3"]
    assert "Sheet 1 of 1: lines 1 to 3 of 3." in page.words
    assert browse(READER).get("/10130000/registers/draft/journal?sheet=2").status == 404


def test_registers_of_authorities_below_and_no_others(browse: Browse, office: Office) -> None:
    centre = browse("10000000.unit_head.risk")
    assert len(centre.get("/10000000/registers/drafts?authority=10130000").soup.tbody.find_all("tr")) == 3
    assert "Nothing is registered yet" in centre.get("/10000000/registers/drafts").words
    for below_or_foreign in ("10000000", "05100000", "nonsense"):
        page = browse(READER).get(f"/10130000/registers/drafts?authority={below_or_foreign}")
        assert page.status == 404
    assert browse("05000000.unit_head.risk").get("/10000000/registers/drafts").status == 404
    assert browse("10130000.inspector").get("/10130000/registers/drafts").status == 403
    assert browse("00000000.union_coordinator").get("/00000000/registers/drafts").status == 404


def test_the_export_of_a_foreign_register_is_not_here(browse: Browse, office: Office) -> None:
    client = browse("05100000.unit_head.goods").client
    assert client.get("/05100000/registers/draft/export?authority=10130000").status_code == 404
    assert client.get("/05100000/registers/draft/journal?authority=10130000").status_code == 404
    assert client.get("/05100000/registers/other/export").status_code == 404

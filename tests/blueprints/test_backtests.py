"""The page of a back-test: the sentence, the tables, the sample, and the act of attaching."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import past, texts
from tests.browser import Browser, Page
from tests.cast import CENTRE
from tests.office import Office

Browse = Callable[[str], Browser]
WRITER = "10130000.officer.goods"


@pytest.fixture
def office(app: Flask, tmp_path: Path) -> Office:
    past.taken(app, CENTRE, past.csv(tmp_path))
    return Office(app)


def run(browse: Browse, draft: int, login: str = WRITER, **days: str) -> Page:
    code = login.split(".")[0]
    page = browse(login).get(f"/{code}/documents/{draft}/back-test")
    return page.form("/back-test").submit(**days)


def test_the_first_line_says_it_in_words(office: Office, browse: Browse) -> None:
    page = run(browse, office.draft())
    assert "Would have selected 4 of 8 items (50.0 %), 2 with violations: 1.5 times random." in page.words
    assert "4 of 7 declarations" in page.words
    assert "no evidence of quality" in page.words


def test_every_chart_has_its_table(office: Office, browse: Browse) -> None:
    page = run(browse, office.draft())
    charts = page.soup.select("figure.rp-chart")
    assert charts
    assert all(chart.find("table") for chart in charts)
    months = [
        [cell.get_text() for cell in row.find_all(["th", "td"])] for row in charts[0].select("tbody tr")
    ]
    assert months == [["Jan 2025", "3"], ["Feb 2025", "1"]]


def test_authorities_are_named(office: Office, browse: Browse) -> None:
    words = run(browse, office.draft()).words
    assert "10130010 Western point 3 5 60.0 %" in words
    assert "10130020 Eastern point 1 2 50.0 %" in words


def test_days_that_are_the_wrong_way_round_are_refused(office: Office, browse: Browse) -> None:
    page = run(browse, office.draft(), start="2025-02-01", end="2025-01-01")
    assert (page.status, "The last day lies before the first" in page.words) == (422, True)
    assert 'value="2025-02-01"' in page.text


def test_traders_are_shown_to_those_who_analyse_alone(office: Office, browse: Browse) -> None:
    draft = office.draft()
    assert "IMPORTER-W1" in run(browse, draft).words
    for login in ("10130000.auditor", "10130000.head", "10130000.registrar.risk"):
        page = browse(login).get(f"/10130000/documents/{draft}/back-test")
        assert "W1" in page.words
        assert "IMPORTER" not in page.text, login
        assert "Traders are left out" in page.words


def test_the_writer_attaches_the_run(office: Office, browse: Browse) -> None:
    draft = office.draft()
    page = run(browse, draft)
    page = page.form("/attach").submit()
    assert "The run is the estimate of the explanatory note now." in page.words
    assert office.document(draft)["text"]["note"]["estimate"] == 4
    assert "This run is the estimate of the explanatory note: 4 declarations." in page.words


def test_others_are_offered_no_attaching_and_may_not(office: Office, browse: Browse) -> None:
    draft = office.draft()
    page = run(browse, draft)
    action = str(page.form("/attach").tag["action"])
    other = browse("10130000.unit_head.goods")
    seen = other.get(f"/10130000/documents/{draft}/back-test")
    assert "/attach" not in seen.text
    guard = dict(seen.form("/back-test").values)
    answer = other.post(action, {"csrf_token": guard["csrf_token"], "form_key": "k" * 20})
    assert answer.status == 403
    assert office.document(draft)["text"]["note"]["estimate_run"] is None


def test_a_stale_form_attaches_nothing(office: Office, browse: Browse) -> None:
    draft = office.draft()
    page = run(browse, draft)
    assert page.form("/attach").submit(version="99").status == 409


def test_a_run_of_an_earlier_text_is_marked(office: Office, browse: Browse) -> None:
    draft = office.draft()
    run(browse, draft)
    builder = browse(WRITER).get(f"/10130000/documents/{draft}/groups")
    kept = builder.form("/groups").submit(**{"do": "save@", "p-0-condition-0-value": "65"})
    assert kept.status == 200
    page = browse(WRITER).get(f"/10130000/documents/{draft}/back-test")
    assert "Out of date" in page.words
    assert "/attach" not in page.text
    assert "IMPORTER" not in page.text


def test_empty_states_say_what_to_do(app: Flask, browse: Browse, tmp_path: Path) -> None:
    office = Office(app)
    draft = office.draft()
    page = browse(WRITER).get(f"/10130000/documents/{draft}/back-test")
    assert "No past declarations" in page.words
    assert "/10130000/history" in page.links()
    bare = texts.complete()
    bare["groups"] = []
    page = browse(WRITER).get(f"/10130000/documents/{office.draft(text=bare)}/back-test")
    assert "Nothing to run yet" in page.words
    past.taken(app, CENTRE, past.csv(tmp_path))
    assert "Not run yet" in browse(WRITER).get(f"/10130000/documents/{draft}/back-test").words


def test_what_the_centre_ran_is_not_the_houses(office: Office, browse: Browse) -> None:
    draft = office.reviewed_draft()
    page = run(browse, draft, "10000000.officer.goods")
    assert "Would have selected 5 of 9 items" in page.words
    house = browse(WRITER).get(f"/10130000/documents/{draft}/back-test")
    assert "Not run yet" in house.words


@pytest.mark.parametrize(
    "login", ["10110000.officer.goods", "05100000.officer.goods", "05000000.officer.goods"]
)
def test_a_foreign_document_is_not_there(office: Office, browse: Browse, login: str) -> None:
    draft = office.draft()
    assert browse(login).get(f"/{login.split('.')[0]}/documents/{draft}/back-test").status == 404


def test_inspectors_have_no_back_tests(office: Office, browse: Browse) -> None:
    draft = office.draft()
    assert browse("10130000.inspector").get(f"/10130000/documents/{draft}/back-test").status == 403

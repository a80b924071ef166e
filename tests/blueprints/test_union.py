"""The union's page shows what the states handed up, says what is suppressed, and opens to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.operations import summaries
from portal.workflow import clock
from tests.browser import Browser, Page
from tests.office import Office

Browse = Callable[[str], Browser]
COORDINATOR = "00000000.union_coordinator"


def panel(page: Page, measure: str, state: str) -> str:
    found = page.soup.find("section", attrs={"aria-label": f"{measure}: {state}"})
    assert found is not None
    return " ".join(found.get_text(" ").split())


def figures(red: int | None) -> dict[str, object]:
    def cell(value: float | None) -> dict[str, object]:
        return {"value": value, "suppressed": value is None}

    return {
        "period": {"from": "2025-07-01", "to": "2026-06-30"},
        "profiles": {
            "total": 3,
            "by_scope": {"national": 1, "local": 2},
            "by_level": {"central": 1, "regional": 2},
            "by_direction": {"1": 3},
            "by_risk_type": {"classification": 3},
        },
        "drafts": {"in_work": 12, "overdue": 2},
        "declarations": {
            "total": cell(1000),
            "by_channel": {"red": cell(red), "yellow": cell(100), "blue": cell(None), "green": cell(800)},
        },
        "hits": cell(250),
        "hits_by_chapter": {"61": cell(45), "64": cell(200), "other": cell(5)},
        "hit_rate": cell(0.125),
        "release_minutes": {"red": cell(135.4), "yellow": cell(40), "blue": cell(None), "green": cell(2.5)},
    }


@pytest.fixture
def handed_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "figures", lambda day: figures(80))
    with app.app_context():
        summaries.write("eeu.ru.", date(2026, 6, 30))


def test_states_without_sums_say_so(browse: Browse) -> None:
    page = browse(COORDINATOR).get("/00000000/states")
    assert page.words.count("no sums received") == 2 * 11
    assert "Customs Service of Armenia" in page.words


def test_figures_stand_side_by_side(browse: Browse, handed_up: None) -> None:
    page = browse(COORDINATOR).get("/00000000/states")
    russia, armenia = "Federal Customs Service", "Customs Service of Armenia"
    assert panel(page, "Declarations by channel", russia) == (
        f"{russia} Red 80 Yellow 100 Blue suppressed Green 800 All channels 1,000"
    )
    assert panel(page, "Declarations by channel", armenia) == f"{armenia} no sums received"
    assert panel(page, "Profiles in force", russia) == f"{russia} National 1 Zonal 0 Regional 0 Local 2"
    assert panel(page, "Drafts", russia) == f"{russia} In work 12 Overdue 2"
    assert panel(page, "Hit rate", russia).replace("\xa0", " ").endswith("With a violation 12.5 %")
    chapters = panel(page, "Declarations hit by chapter of the goods", russia)
    assert chapters == f"{russia} 61 45 64 200 Other chapters 5"
    assert (
        panel(page, "Profiles in force by level", russia) == f"{russia} Central customs 1 Regional customs 2"
    )
    assert "Red 2 h 15 min" in panel(page, "Time to release", russia)
    assert "Sums of 30 Jun 2026, Tue" in page.words
    assert "Nuclear" not in panel(page, "Profiles in force by risk type", russia)
    assert panel(page, "Profiles in force by risk type", russia) == f"{russia} Classification 3"


def test_sums_of_an_earlier_version_say_nothing_of_what_they_did_not_count(
    browse: Browse, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    older: dict[str, Any] = figures(80)
    del older["hits_by_chapter"], older["profiles"]["by_level"]
    with app.app_context():
        for path, told in (("eeu.ru.", older), ("eeu.am.", figures(80))):
            monkeypatch.setattr(summaries, "figures", lambda day, t=told: t)
            summaries.write(path, date(2026, 6, 30))
    page = browse(COORDINATOR).get("/00000000/states")
    russia, armenia = "Federal Customs Service", "Customs Service of Armenia"
    for title in ("Declarations hit by chapter of the goods", "Profiles in force by level"):
        assert panel(page, title, russia) == f"{russia} no sums received"
        assert "no sums" not in panel(page, title, armenia)
    assert panel(page, "Declarations hit", russia) == f"{russia} Hit 250"


def test_a_chapter_that_is_not_told_is_suppressed(
    browse: Browse, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        for path, told in (("eeu.ru.", {"64": 30, "other": 9}), ("eeu.am.", {"61": 245, "other": 5})):
            cells = {name: {"value": value, "suppressed": False} for name, value in told.items()}
            monkeypatch.setattr(
                summaries, "figures", lambda day, c=cells: figures(80) | {"hits_by_chapter": c}
            )
            summaries.write(path, date(2026, 6, 30))
    page = browse(COORDINATOR).get("/00000000/states")
    title, russia, armenia = (
        "Declarations hit by chapter of the goods", "Federal Customs Service", "Customs Service of Armenia"
    )  # fmt: skip
    assert panel(page, title, russia) == f"{russia} 61 suppressed 64 30 Other chapters 9"
    assert panel(page, title, armenia) == f"{armenia} 61 245 64 suppressed Other chapters 5"


def test_every_measure_has_its_definition_and_table(browse: Browse, handed_up: None) -> None:
    page = browse(COORDINATOR).get("/00000000/states")
    assert len(page.soup.select(".rp-definition p")) == len(page.soup.select(".rp-figures table")) == 10


def test_bars_share_one_scale(browse: Browse, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        for path, red in (("eeu.ru.", 1000), ("eeu.am.", 500)):
            monkeypatch.setattr(summaries, "figures", lambda day, red=red: figures(red))
            summaries.write(path, date(2026, 6, 30))
    page = browse(COORDINATOR).get("/00000000/states")
    widths = {}
    for state in ("Federal Customs Service", "Customs Service of Armenia"):
        section = page.soup.find("section", attrs={"aria-label": f"Declarations by channel: {state}"})
        widths[state] = float(section.select_one("rect.rp-series-1")["width"].rstrip("%"))
    assert widths["Federal Customs Service"] == 2 * widths["Customs Service of Armenia"] == 100


def test_old_sums_say_so(browse: Browse, handed_up: None) -> None:
    browser = browse(COORDINATOR)
    assert "old" not in browser.get("/00000000/states").soup.select_one(".rp-abreast").get_text().split()
    with clock.at(clock.now() + timedelta(days=3)):
        browser = browse("")
        browser.sign_in(COORDINATOR, "correct horse battery")
        page = browser.get("/00000000/states")
    assert "old" in page.soup.select_one(".rp-abreast").get_text().split()


def test_no_national_text_reaches_the_page(browse: Browse, app: Flask) -> None:
    Office(app).registered_draft()
    with app.app_context():
        summaries.write_all()
    page = browse(COORDINATOR).get("/00000000/states")
    assert page.status == 200
    assert "Footwear" not in page.text
    assert "10130" not in page.text


@pytest.mark.parametrize(
    ("login", "url", "status"),
    [
        ("00000000.auditor", "/00000000/states", 403),
        ("10000000.head", "/10000000/states", 404),
        ("10000000.head", "/00000000/states", 404),
    ],
)
def test_the_coordinator_alone(browse: Browse, login: str, url: str, status: int) -> None:
    assert browse(login).get(url).status == status

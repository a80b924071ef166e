"""The page of the audit trail: who may read it, what it shows of a change, its filters and export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update

from portal.models import Authority, Unit
from portal.operations import administration
from portal.store import audit_pages, authorities
from portal.store.audit import Who
from portal.store.session import acting, session
from tests.browser import Browser, Page
from tests.cast import HOUSE
from tests.office import Office

Browse = Callable[[str], Browser]
AUDITOR = "10130000.auditor"


@pytest.fixture
def office(app: Flask) -> Office:
    office = Office(app)
    office.registered_draft()
    return office


def actions(page: Page) -> list[str]:
    return [row.find_all("td", recursive=False)[2].get_text(strip=True) for row in _rows(page)]


def _rows(page: Page) -> list:  # type: ignore[type-arg]
    return page.soup.select("#audit_entries .rp-sticky > tbody > tr")


def test_before_and_after_can_be_read(browse: Browse, office: Office) -> None:
    page = browse(AUDITOR).get("/10130000/audit")
    row = next(row for row in _rows(page) if "Last number given" in row.get_text())
    cells = [
        [c.get_text(strip=True) for c in r.find_all(["th", "td"])] for r in row.select("details tbody tr")
    ]
    assert ["Last number given", "0", "1"] in cells
    assert any(line[0] == "Number" and line[1] == "–" and line[2].startswith("00/10130/") for line in cells)


def test_of_a_large_act_the_first_objects_are_listed_and_the_others_folded(
    browse: Browse, office: Office
) -> None:
    shown = [row.select("td:last-child > details") for row in _rows(browse(AUDITOR).get("/10130000/audit"))]
    longest = max(shown, key=len)
    assert len(longest) == 7
    folded = longest[-1].find_all("details", recursive=False)
    assert longest[-1].summary.get_text().split()[0] == str(len(folded))


def test_filters(browse: Browse, office: Office) -> None:
    browser = browse(AUDITOR)
    today = datetime.now(ZoneInfo("Europe/Moscow")).date()
    everything = _rows(browser.get("/10130000/audit"))
    assert len(everything) > 5
    assert len(_rows(browser.get(f"/10130000/audit?day={today}"))) == len(everything)
    assert "No entry fits the filters" in browser.get("/10130000/audit?day=2020-01-01").words
    assert set(actions(browser.get("/10130000/audit?action=cast"))) == {"cast"}
    assert len(_rows(browser.get("/10130000/audit?action=cas"))) == len(everything), "no act is called so"
    assert len(_rows(browser.get("/10130000/audit?table=authority&row=4"))) == 1
    assert "Enter a whole number" in browser.get("/10130000/audit?row=x").words
    page = browser.get("/10130000/audit?action=cast&table=authority")
    assert [tag.get_text(" ", strip=True) for tag in page.soup.select(".rp-tag")] == [
        "Remove the filter Act: cast",
        "Remove the filter Object: Authority",
    ]


def test_an_officer_is_found_by_a_part_of_his_name(browse: Browse, office: Office, app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "retold"):
        session().info["who"] = Who(7, "Анна Петрова", HOUSE, "drafting.remark")
        home = authorities.by_path(HOUSE)
        assert home is not None
        administration.found_unit(session().get_one(Authority, home.id), "New unit", "Новый отдел", (4,))
    browser = browse(AUDITOR)
    assert actions(browser.get("/10130000/audit?officer=петрова")) == ["Remark on a draft"]
    assert "No entry fits the filters" in browser.get("/10130000/audit?officer=nobody").words


def test_pages_follow_each_other(browse: Browse, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_pages, "PAGE", 3)
    browser = browse(AUDITOR)
    first = browser.get("/10130000/audit")
    older = next(link for link in first.links() if "before=" in link)
    second = browser.get(older)
    serials = [int(row.th.get_text()) for row in (*_rows(first), *_rows(second))]
    assert serials == list(range(serials[0], serials[0] - 6, -1))
    newer = next(link for link in second.links() if "after=" in link)
    assert [int(row.th.get_text()) for row in _rows(browser.get(newer))] == serials[:3]


def test_the_export_holds_the_whole_chain(browse: Browse, office: Office) -> None:
    response = browse(AUDITOR).client.get("/10130000/audit/export")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    serials = [int(row[0]) for row in rows[1:]]
    assert serials == list(range(len(serials), 0, -1))
    assert rows[1][3] == HOUSE
    assert all(len(row[11]) == 64 for row in rows[1:])


def test_a_formula_in_the_trail_stays_words(browse: Browse, app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "=cmd()"):
        session().info["who"] = Who(7, "=HYPERLINK(1)", HOUSE, "@SUM(1)", "+1", "-2")
        home = authorities.by_path(HOUSE)
        assert home is not None
        administration.found_unit(session().get_one(Authority, home.id), "=1+1", "=1+1", (4,))
    text = browse(AUDITOR).client.get("/10130000/audit/export").get_data(as_text=True)
    row = next(csv.reader(io.StringIO(text.lstrip("\ufeff").split("\r\n", 1)[1])))
    assert row[2:8] == ["'=HYPERLINK(1)", HOUSE, "'+1", "'-2", "'@SUM(1)", "'@SUM(1)"]


def test_the_chain_is_given_as_the_command_gives_it(
    browse: Browse, office: Office, app: Flask, tmp_path: Path
) -> None:
    given = browse(AUDITOR).client.get("/10130000/audit/chain")
    assert given.headers["Content-Disposition"] == 'attachment; filename="audit-10130000.jsonl"'
    file = tmp_path / "chain.jsonl"
    app.test_cli_runner().invoke(args=["audit", "export", "--authority", "10130000", "--to", str(file)])
    assert given.get_data(as_text=True) == file.read_text()
    assert (
        browse("10000000.auditor").client.get("/10000000/audit/chain?authority=10130000").data == given.data
    )
    assert (
        browse("05000000.auditor").client.get("/05000000/audit/chain?authority=10130000").status_code == 404
    )


def test_auditors_alone_and_never_beside_or_above(browse: Browse) -> None:
    assert browse("10130000.head").get("/10130000/audit").status == 403
    assert browse(AUDITOR).get("/10130000/audit?authority=10000000").status == 404
    assert browse(AUDITOR).get("/10130000/audit?authority=10110000").status == 404
    assert browse("05000000.auditor").get("/10130000/audit").status == 404
    assert browse("10000000.auditor").get("/10000000/audit?authority=10130000").status == 200
    assert browse("00000000.auditor").get("/00000000/audit").status == 200
    assert browse("00000000.auditor").get("/00000000/audit?authority=10000000").status == 404


def test_no_password_is_shown(browse: Browse) -> None:
    page = browse(AUDITOR).get("/10130000/audit?table=authority")
    assert "(secret)" in page.text
    assert "$argon2" not in page.text


def test_a_statement_over_several_rows_says_so(browse: Browse, app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "renaming"):
        session().execute(update(Unit).values(name_ru="Отдел"))
    page = browse(AUDITOR).get("/10130000/audit?action=renaming")
    assert _rows(page)[0].summary.get_text() == "Unit: several rows changed"

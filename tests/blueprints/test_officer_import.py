"""Officers by spreadsheet: faults are shown in the sender's table, a second administrator enrols all or none."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.models import Officer, OfficerImport
from portal.operations import administration, officer_import, sign_in
from portal.operations.officer_columns import COLUMNS, recognise
from portal.store.session import acting, session
from portal.workflow.clock import now
from tests.cast import HOUSE
from tests.officer_tables import (
    ABOVE,
    BELOW,
    GOOD,
    HEADS,
    POINT,
    SENDER,
    Browse,
    confirmed,
    counted,
    faults,
    last,
    officer,
    send,
    sheet,
    text,
)


def test_another_administrator_enrols_all_at_once(app: Flask, browse: Browse) -> None:
    before = counted(app, Officer)
    page = send(browse(SENDER), sheet(GOOD, POINT))
    assert page.response.request.path == "/10130000/officer-imports/1"
    assert "Waits for a second administrator" in page.words
    assert "Confirm the import" not in page.words
    entry = next(
        link
        for link in browse(ABOVE).get("/10100000/").soup.select("nav a")
        if "Import of" in link.get_text()
    )
    assert entry.select_one(".rp-count").get_text() == "1", "whoever may confirm it sees that it waits"
    assert counted(app, Officer) == before
    check = browse(ABOVE).get("/10100000/officer-imports/1/confirm")
    assert "2 accounts are opened" in check.words
    done = check.form("/confirm").submit()
    assert "Enrolled" in done.words
    assert counted(app, Officer) == before + 2
    assert officer(app, "ivanov") == {
        "name": "Иванов И. И.", "email": "i@example.org", "locale": "ru", "path": HOUSE, "unit": "Goods unit",
        "must": True, "post": "officer", "since": date(2026, 1, 15), "until": None, "acting_for": "",
        "held_at": HOUSE,
    }  # fmt: skip
    assert officer(app, "petrov") == {
        "name": "Петров П. П.", "email": "", "locale": "en", "path": f"{HOUSE}10130010.", "unit": "",
        "must": True, "post": "inspector", "since": date(2026, 1, 15), "until": date(2026, 12, 31),
        "acting_for": "Сидоров", "held_at": f"{HOUSE}10130010.",
    }  # fmt: skip


def test_the_same_form_sent_twice_enrols_once(app: Flask, browse: Browse) -> None:
    before = counted(app, Officer)
    send(browse(SENDER), sheet(GOOD))
    form = browse(ABOVE).get("/10100000/officer-imports/1/confirm").form("/confirm")
    assert form.submit(follow=False).status == 303
    assert form.submit(follow=False).status == 303
    assert counted(app, Officer) == before + 1
    assert browse(ABOVE).get("/10100000/officer-imports/1/confirm").status == 409


def test_nobody_confirms_his_own_table_and_the_database_refuses_it_too(app: Flask, browse: Browse) -> None:
    browser = browse(SENDER)
    page = send(browser, sheet(GOOD))
    assert browser.get("/10130000/officer-imports/1/confirm").status == 403
    form = page.form("/withdraw")
    form.tag["action"] = "/10130000/officer-imports/1/confirm"
    assert form.submit().status == 403
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        own = mine.scalars(select(OfficerImport)).one()
        own.state, own.decided_at, own.decided_by_id = "done", own.prepared_at, own.prepared_by_id
        with pytest.raises(IntegrityError, match="second_person"):
            mine.flush()
    assert counted(app, OfficerImport) == 1


def test_administrators_below_and_beside_see_nothing_of_it(browse: Browse) -> None:
    send(browse(SENDER), sheet(GOOD))
    for login in (BELOW, "10110000.administrator", "05000000.administrator", "00000000.administrator"):
        browser, home = browse(login), f"/{login.split('.')[0]}/officer-imports"
        assert "No officers were imported yet" in browser.get(home).words
        for place in ("", "/confirm", "/passwords"):
            assert browser.get(f"{home}/1{place}").status == 404
    assert browse("10130000.head").get("/10130000/officer-imports").status == 403


def test_a_withdrawn_table_enrols_nobody(app: Flask, browse: Browse) -> None:
    page = send(browse(SENDER), sheet(GOOD)).form("/withdraw").submit()
    assert "Withdrawn" in page.words
    assert browse(ABOVE).get("/10100000/officer-imports/1/confirm").status == 409


def test_an_old_form_is_stale(app: Flask, browse: Browse) -> None:
    send(browse(SENDER), sheet(GOOD))
    form = browse(ABOVE).get("/10100000/officer-imports/1/confirm").form("/confirm")
    assert form.submit(version="7").status == 409
    assert form.submit(version="no number", form_key="k2").status == 409


FAULTY = (
    ("login", "o", "2 to 80 Latin letters"),
    ("login", "иванов", "2 to 80 Latin letters"),
    ("login", "", "This is needed"),
    ("login", "10130000.HEAD", "Somebody has this login already"),
    ("login", "05000000.head", "Somebody has this login already"),
    ("login", "=cmd|' /C calc'!A0", "formula"),
    ("login", "@sum", "formula"),
    ("name", "", "This is needed"),
    ("name", "x" * 201, "At most 200 characters"),
    ("name", "a\u202eb", "cannot be seen or stored"),
    ("email", "nobody", "no e-mail address"),
    ("email", "a@b@c.d", "no e-mail address"),
    ("email", "a@b.c\u200b", "cannot be seen or stored"),
    ("locale", "hy", "speaks en and ru"),
    ("authority", "10000000", "No authority of yours"),
    ("authority", "05100000", "No authority of yours"),
    ("authority", "nonsense", "No authority of yours"),
    ("unit", "Nowhere", "no unit of this name"),
    ("unit", "", "belongs to a unit"),
    ("post", "emperor", "no such post"),
    ("post", "deputy_head", "have no such post"),
    ("post", "union_coordinator", "have no such post"),
    ("post", "head", "belongs to no unit"),
    ("post", "registrar", "coordination unit alone"),
    ("since", "tomorrow", "Write a day as"),
    ("since", "01/02/2026", "Write a day as"),
    ("since", "2026-02-30", "Write a day as"),
    ("since", "1026-01-01", "too far away"),
    ("until", "2025-01-01", "ends before it begins"),
    ("acting_for", "Сидоров", "until a day"),
)


@pytest.mark.parametrize(("column", "value", "said"), FAULTY)
def test_what_is_wrong_is_said_beside_the_cell(
    app: Flask, browse: Browse, column: str, value: str, said: str
) -> None:
    if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"] and value != "10130000.HEAD":
        pytest.skip("the judgement is the same; what asks the database is asked on both")
    row = dict(zip((one.name for one in COLUMNS), GOOD, strict=True)) | {column: value}
    page = send(browse(SENDER), text(list(row.values())), "table.csv")
    assert page.status == 422
    found = faults(page)
    assert [words for words in found.values() if said in words], found
    assert len(found) == 1
    assert "Rows at fault: 1 of 1. Nothing was kept." in page.words
    assert counted(app, OfficerImport) == 0


def test_formulas_of_a_workbook_are_refused_as_cells(browse: Browse) -> None:
    formula = "=HYPERLINK(A1)"
    page = send(browse(SENDER), sheet([*GOOD[:1], formula, *GOOD[2:]], [*POINT[:4], "=1+1", *POINT[5:]]))
    found = faults(page)
    assert {key: "formula" in words for key, words in found.items()} == {
        ("2", formula): True,
        ("3", "=1+1"): True,
    }
    assert "<script" not in page.text.split("<main")[1].split("</main")[0]


def test_one_login_twice_names_the_other_row(browse: Browse) -> None:
    page = send(browse(SENDER), sheet(GOOD, ["Ivanov", *GOOD[1:]], POINT))
    assert faults(page) == {("3", "Ivanov"): "Row 2 has this login too."}
    assert "Петров П. П." in page.words


def test_a_long_table_shows_its_faulty_rows(browse: Browse) -> None:
    rows = [[f"officer{n}", *GOOD[1:]] for n in range(250)]
    rows[240][6] = "emperor"
    page = send(browse(SENDER), sheet(*rows))
    assert faults(page) == {("242", "emperor"): "There is no such post."}
    assert "the first 1 at fault are shown" in page.words


@pytest.mark.parametrize(
    ("heads", "order"),
    [
        (["Логин", "ФИО", "Эл. почта", "Язык", "Код таможенного органа", "Подразделение", "Должность", "Начало",
          "Окончание", "За кого"], range(10)),
        (["post", "ROLE-less", "authority", " login ", "Name:", "unit"], (6, 1, 4, 0, 1, 5)),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_headings(browse: Browse, heads: list[str], order: Any) -> None:
    page = send(browse(SENDER), sheet([GOOD[place] for place in order], heads=heads))
    assert page.status == 200
    assert "ivanov" in page.words


def test_every_heading_of_the_template_is_known_in_both_languages(browse: Browse) -> None:
    browser = browse("")
    browser.client.set_cookie("portal", browse(SENDER).client.get_cookie("portal").value)  # type: ignore[union-attr]
    for language in ("en", "ru"):
        browser.client.get(f"/language/{language}")
        answer = browser.client.get("/10130000/officer-imports/template.export?file=xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
        heads = [str(cell.value) for cell in next(book.active.iter_rows())]
        assert [column and column.name for column in recognise(heads)] == [one.name for one in COLUMNS]


def test_missing_and_doubled_columns(browse: Browse) -> None:
    page = send(browse(SENDER), sheet(GOOD[:2], heads=HEADS[:2]))
    assert (page.status, "lacks these columns: Authority code, Post." in page.words) == (422, True)
    doubled = send(browse(SENDER), sheet([*GOOD, "x"], heads=[*HEADS, "Логин"]))
    assert (doubled.status, "This column stands here twice." in doubled.words) == (422, True)
    lacking = send(browse(SENDER), sheet([*GOOD[:5], GOOD[6]], heads=[*HEADS[:5], HEADS[6]]))
    assert "Unit: This post belongs to a unit: name it." in lacking.words


def test_days_codes_and_posts_in_several_forms(app: Flask, browse: Browse) -> None:
    moment = datetime.combine(date(2026, 2, 3), datetime.min.time())
    rows = [
        ["first", *GOOD[1:4], 10130000, "отдел  ТОВАРОВ", "officer", date(2026, 2, 3), "", ""],
        ["second", *GOOD[1:4], "10130000", "", "", moment, "", ""],
    ]
    with app.test_request_context():
        from portal.operations.officer_rows import post_names

        rows[1][6] = next(name for name, post in post_names("ru").items() if post == "head")
    assert confirmed(app, browse, *rows).status == 200
    assert officer(app, "first")["since"] == officer(app, "second")["since"] == date(2026, 2, 3)
    assert (officer(app, "first")["unit"], officer(app, "second")["post"]) == ("Goods unit", "head")


def test_a_code_that_lost_its_zeros_is_found(app: Flask, browse: Browse) -> None:
    browser = browse("05000000.administrator")
    page = browser.get("/05000000/officer-imports/new").form("/new")
    data: dict[str, Any] = {key: value for key, value in page.values if key != "file"}
    row = ["hakobyan", *GOOD[1:4], 5100000, "Goods unit", "officer", "", "", ""]
    answer = browser.post(
        "/05000000/officer-imports/new", data | {"file": (io.BytesIO(sheet(row)), "a.xlsx")}
    )
    assert answer.status == 200
    assert "05100000" in answer.words


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1251")]
)
def test_csv_as_office_suites_write_it(browse: Browse, delimiter: str, encoding: str) -> None:
    page = send(browse(SENDER), text(GOOD, POINT, delimiter=delimiter, encoding=encoding), "table.csv")
    assert page.status == 200
    assert "Иванов И. И." in page.words


def test_what_changed_meanwhile_enrols_nobody(app: Flask, browse: Browse) -> None:
    send(browse(SENDER), sheet(GOOD, POINT))
    with app.app_context(), acting("eeu.am.", "test"):
        from portal.models import Authority

        place = session().scalars(select(Authority).where(Authority.code == "05000000")).one()
        administration.enrol(place, "Petrov", "Petrov", "a long password")
    before = counted(app, Officer)
    page = browse(ABOVE).get("/10100000/officer-imports/1/confirm").form("/confirm").submit()
    assert (page.status, "petrov: Login: Somebody has this login already." in page.words) == (422, True)
    assert counted(app, Officer) == before


def test_first_passwords_are_shown_once_and_must_be_changed(app: Flask, browse: Browse) -> None:
    confirmed(app, browse, GOOD, POINT)
    assert "ivanov" not in browse("").get("/sign-in").words
    giver = browse(ABOVE)
    ask = giver.get("/10100000/officer-imports/1/passwords")
    shown = ask.form("/passwords").submit()
    drawn = {row.th.get_text(strip=True): last(row) for row in shown.soup.select("tbody tr")}
    assert set(drawn) == {"ivanov", "petrov"}
    assert len(set(drawn.values())) == 2
    assert all(re.fullmatch("([a-z2-9]{4}-){3}[a-z2-9]{4}", one) for one in drawn.values())
    with app.test_request_context():
        assert all(sign_in.check(login, password, "1") for login, password in drawn.items())
        with time_machine.travel(now() + timedelta(days=8)), pytest.raises(sign_in.Lapsed):
            sign_in.check("ivanov", drawn["ivanov"], "3")
    file = shown.form("/passwords/file").submit()
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert {row[0]: row[2] for row in rows[1:]} == drawn
    again = ask.form("/passwords")
    again.values = [(k, "x2" if k == "form_key" else v) for k, v in again.values]
    later = again.submit()
    assert drawn["ivanov"] not in later.text
    with app.test_request_context():
        assert sign_in.check("ivanov", drawn["ivanov"], "2") is None
    assert shown.form("/passwords/file").submit().status == 409


def test_a_list_sent_again_is_not_shown_again(app: Flask, browse: Browse) -> None:
    confirmed(app, browse, GOOD)
    form = browse(ABOVE).get("/10100000/officer-imports/1/passwords").form("/passwords")
    assert form.submit().status == 200
    repeated = form.submit(follow=False)
    assert (repeated.status, repeated.response.headers["Location"]) == (
        303,
        "/10100000/officer-imports/1/passwords",
    )


def test_only_who_confirmed_gives_passwords_and_only_to_those_without_their_own(
    app: Flask, browse: Browse
) -> None:
    confirmed(app, browse, GOOD)
    assert browse(SENDER).get("/10130000/officer-imports/1/passwords").status == 403
    assert browse("10000000.administrator").get("/10000000/officer-imports/1/passwords").status == 403
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.scalars(select(Officer).where(Officer.login == "ivanov")).one().must_change_password = False
    assert browse(ABOVE).get("/10100000/officer-imports/1/passwords").status == 409


def test_nothing_keeps_a_first_password(app: Flask, browse: Browse) -> None:
    confirmed(app, browse, GOOD)
    shown = browse(ABOVE).get("/10100000/officer-imports/1/passwords").form("/passwords").submit()
    password = last(shown.soup.tbody)
    trail = browse("10130000.auditor").client.get("/10130000/audit/export").get_data(as_text=True)
    assert "(secret)" in trail
    assert password not in trail
    assert password not in browse(ABOVE).get("/10100000/officer-imports/1").text
    seed = next(v for k, v in shown.form("/passwords/file").values if k == "seed")
    assert officer_import._password(seed, "ivanov") == password
    assert officer_import._password(seed, "petrov") != password


def test_a_new_account_answers_no_sooner_than_an_old_one(
    monkeypatch: pytest.MonkeyPatch, app: Flask, browse: Browse
) -> None:
    """A quick hash is followed by the work of a slow one, so that time does not tell who is new."""
    from argon2 import PasswordHasher

    confirmed(app, browse, GOOD)
    worked: list[str] = []
    monkeypatch.setattr(sign_in, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    monkeypatch.setattr(sign_in, "matches", lambda stored, password: worked.append(stored) or False)
    with app.test_request_context():
        assert sign_in.check("ivanov", "x", "9") is None
    assert worked[0] == sign_in._NOBODY
    assert len(worked) == 2

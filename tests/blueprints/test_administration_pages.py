"""The pages of the administrator: from the tree to the second person's answer, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models import AuditEntry, Authority, Officer, Unit
from portal.store.session import acting, session
from tests import texts
from tests.administrators import CENTRE, HOUSE, RTU, TULA, second_administrator
from tests.browser import Browser, Form, Page
from tests.days import today
from tests.office import Office

Browse = Callable[[str], Browser]
HERE = "/10130000/administration"
FIRST = "saddle vinegar ocean pylon"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def row_id(app: Flask, path: str, model: type[Authority | Officer | Unit], **named: str) -> int:
    with app.app_context(), acting(path, "test", writes=False):
        asked = select(model.id).filter_by(**named)
        found = session().scalars(asked.where(model.authority_path == path)).one()
    return int(found)


def officer_page(app: Flask, browser: Browser, login: str, path: str = HOUSE) -> Page:
    code = path.split(".")[-2]
    return browser.get(f"/{code}/administration/officers/{row_id(app, path, Officer, login=login)}")


def follow(page: Page, words: str) -> Page:
    link = next(a for a in page.soup.select("main a") if words in a.get_text())
    return page.browser.get(str(link["href"]))


def send(page: Page, **typed: object) -> Page:
    """Send the one form of a page."""
    (form,) = page.soup.select("main form[method=post]")
    return Form(page, form).submit(**typed)


def test_a_post_is_proposed_and_confirmed_on_the_pages(app: Flask, browse: Browse) -> None:
    house, above = browse("10130000.administrator"), browse("10100000.administrator")
    officer = officer_page(app, house, "10130000.officer.value")
    form = follow(officer, "Propose a post")
    proposed = send(form, post="inspector", reason="Order 17", until="")
    assert "Waits for a second person" in proposed.words
    assert "You proposed it: another administrator decides." in proposed.words
    assert not proposed.soup.select("form[action$='/confirm']")
    waiting = above.get("/10100000/administration/proposals")
    assert "Inspector" in waiting.words
    assert "1" in waiting.soup.select_one("nav a[aria-current=page] .rp-count").get_text()  # type: ignore[union-attr]
    shown = follow(waiting, "Appointment to a post")
    done = shown.form("/confirm").submit()
    assert "Confirmed: the change takes effect as proposed." in done.words
    assert "Decided by Administrator 10100000.administrator" in done.words
    history = follow(officer_page(app, house, "10130000.officer.value"), "History")
    assert "Post given" in history.words
    assert "Order 17" in history.words
    assert browse("10130000.officer.value").get("/10130000/queue").status == 200


def test_a_forged_confirmation_of_ones_own_proposal_is_refused(app: Flask, browse: Browse) -> None:
    house = browse("10130000.administrator")
    proposed = send(
        follow(officer_page(app, house, "10130000.officer.value"), "Propose a post"),
        post="inspector",
        reason="Mine",
    )
    withdrawal = proposed.form("/withdraw")
    withdrawal.tag["action"] = str(withdrawal.tag["action"]).replace("withdraw", "confirm")
    assert withdrawal.submit().status == 403


def test_a_decline_needs_its_reason(app: Flask, browse: Browse) -> None:
    house, above = browse("10130000.administrator"), browse("10100000.administrator")
    proposed = send(
        follow(officer_page(app, house, "10130000.officer.value"), "Propose a post"),
        post="inspector",
        reason="R",
    )
    address = proposed.response.request.path.replace("10130000", "10100000", 1)
    shown = above.get(address)
    refused = shown.form("/decline").submit(answer="  ")
    assert refused.status == 422
    declined = refused.form("/decline").submit(answer="Not trained")
    assert "Not trained" in declined.words
    assert "Declined by the second person" in declined.words


def test_a_confirmation_takes_effect_once(app: Flask, browse: Browse) -> None:
    house, above = browse("10130000.administrator"), browse("10100000.administrator")
    proposed = send(
        follow(officer_page(app, house, "10130000.officer.value"), "Propose a post"),
        post="inspector",
        reason="R",
    )
    shown = above.get(proposed.response.request.path.replace("10130000", "10100000", 1))
    form = shown.form("/confirm")
    assert form.submit().status == 200
    assert form.submit().status == 200, "the same form leads to the same answer"
    twice = shown.form("/confirm")
    twice.values = [(name, "another" if name == "form_key" else value) for name, value in twice.values]
    assert twice.submit().status == 409
    assert officer_page(app, house, "10130000.officer.value").text.count(">Inspector<") == 1


def test_a_closed_account_is_out_at_its_next_request(app: Flask, browse: Browse) -> None:
    officer, house = Browser(app), browse("10130000.administrator")
    officer.sign_in("10130000.officer.value", "correct horse battery")
    assert officer.get("/10130000/").status == 200
    check = follow(officer_page(app, house, "10130000.officer.value"), "Close the account")
    assert "finds him signed out" in check.words
    closed = send(check, reason="Left")
    assert "Account closed" in closed.words
    answer = officer.client.get("/10130000/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/sign-in")


def test_an_ended_post_is_out_at_the_next_request(app: Flask, browse: Browse) -> None:
    officer, house, above = Browser(app), browse("10130000.administrator"), browse("10100000.administrator")
    officer.sign_in("10130000.officer.value", "correct horse battery")
    end = follow(officer_page(app, house, "10130000.officer.value"), "End")
    for fact in (
        "What it concerns Post",
        "Authority Moscow customs house, 10130000",
        "until then nothing changes",
    ):
        assert fact in end.words
    proposed = send(end, reason="Moved", last_day="")
    assert officer.client.get("/10130000/").status_code == 200
    above.get(proposed.response.request.path.replace("10130000", "10100000", 1)).form("/confirm").submit()
    assert officer.client.get("/10130000/").status_code == 404


def test_an_authority_is_founded_changed_and_remembered(app: Flask, browse: Browse) -> None:
    house = browse("10130000.administrator")
    tree = house.get(HERE)
    place = follow(tree, "Moscow customs house")
    form = follow(place, "Set up an authority beneath it")
    for code, fault in (("123", "eight digits"), ("10130010", "Another authority has this code.")):
        refused = send(form, code=code, level="point", name_en="N", name_ru="Н")
        assert refused.status == 422
        assert fault in refused.words
    made = send(form, code="10130030", level="point", name_en="New point", name_ru="Новый пост")
    assert "New point" in made.words
    changed = send(follow(made, "Change"), name_en="Newer point", zone="Asia/Vladivostok")
    history = follow(changed, "History")
    assert "New point → Newer point" in history.words
    assert "Europe/Moscow → Asia/Vladivostok" in history.words
    assert "Authority founded" in history.words
    opened = house.get(f"{HERE}?q=newer")
    assert "1 authority found" in opened.words


def test_a_form_shown_before_a_change_is_stale(app: Flask, browse: Browse) -> None:
    house = browse("10130000.administrator")
    form = follow(follow(house.get(HERE), "Moscow customs house"), "Change")
    assert send(form, name_en="First").status == 200
    stale = form.form("/change")
    stale.values = [(name, "another" if name == "form_key" else value) for name, value in stale.values]
    answer = stale.submit(name_en="Second")
    assert answer.status == 409
    assert "What you typed Name in English Second What is kept now Name in English First" in answer.words
    assert "Name in Russian" not in answer.words, "what does not differ is left out"


def test_a_unit_is_founded_changed_and_closed(app: Flask, browse: Browse) -> None:
    house = browse("10130000.administrator")
    place = follow(house.get(HERE), "Moscow customs house")
    form = follow(place, "Set up a unit")
    assert send(form, name_en="Transit", name_ru="Транзит").status == 422, "directions are needed"
    made = send(form, name_en="Transit", name_ru="Транзит", directions=["3", "8"])
    changed = send(follow(made, "Change"), name_en="Transit and storage", directions=["8"])
    assert "Transit → Transit and storage" in changed.words
    closed = send(follow(changed, "Close the unit"), reason="Order 18")
    assert "Order 18" in closed.words
    assert not [a for a in closed.soup.select("main a") if a.get_text() == "Change"]
    goods = row_id(app, HOUSE, Unit, name_en="Goods unit")
    hindered = house.get(f"{HERE}/units/{goods}/close")
    assert "Posts are held in the unit: end them first." in hindered.words
    assert not hindered.soup.select("main form[method=post]")


def test_an_account_is_opened_with_a_first_password(app: Flask, browse: Browse) -> None:
    house = browse("10130000.administrator")
    form = follow(follow(house.get(HERE), "Moscow customs house"), "Open an account")
    typed = {
        "name": "N. Newcomer",
        "login": "newcomer",
        "email": "n@example.org",
        "password": FIRST,
    }
    for wrong, fault in (
        ({"login": "New Comer"}, "Small Latin letters"),
        ({"login": "10130000.head"}, "The login is taken."),
        ({"login": "05100000.head"}, "The login is taken."),
        ({"email": "nowhere"}, "An address looks like"),
        ({"password": "short"}, "Too short"),
        ({"name": "x" * 201}, "At most 200 characters"),
    ):
        refused = send(form, **{**typed, **wrong})
        assert (refused.status, fault in refused.words) == (422, True), wrong
    assert "The account is open." in send(form, **typed).words
    newcomer = Browser(app)
    newcomer.sign_in("newcomer", FIRST)
    answer = newcomer.client.get("/10130000/")
    assert (answer.status_code, "password" in answer.headers["Location"]) == (303, True), "his own first"
    assert FIRST not in trail(app, HOUSE)


def trail(app: Flask, path: str) -> str:
    with app.app_context(), acting(path, "test", writes=False):
        return " ".join(str(row.after) for row in session().scalars(select(AuditEntry)))


def test_the_list_of_officers_is_filtered_and_paged(
    app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.blueprints.administration import officers as routes
    from portal.store import administration

    for module in (routes, administration):
        monkeypatch.setattr(module, "PAGE", 5)
    house = browse("10130000.administrator")
    names, page = [], house.get(f"{HERE}/officers?authority=10130010")
    while True:
        names += [a.get_text() for a in page.soup.select("tbody th a")]
        following = [a for a in page.soup.select(".rp-pager a") if "Next" in a.get_text()]
        if not following:
            break
        page = house.get(str(following[0]["href"]))
    assert len(names) == len(set(names)) == 12
    assert names == sorted(names)
    assert all("10130010" in name for name in names)
    found = house.get(f"{HERE}/officers?q=UNIT+10130020.unit_head.g")
    assert [a.get_text() for a in found.soup.select("tbody th a")] == [
        "Head of unit 10130020.unit_head.goods"
    ]
    assert "No officer fits these filters" in house.get(f"{HERE}/officers?q=05100000").words


def test_an_acting_appointment_says_for_whom(app: Flask, browse: Browse) -> None:
    house, above = browse("10130000.administrator"), browse("10100000.administrator")
    form = follow(officer_page(app, house, "10130000.officer.goods2"), "Propose an acting appointment")
    absent = next(o for o in form.soup.select("#absent option") if "10130000.unit_head.goods" in o.get_text())
    typed = {"absent": absent["value"], "since": today(), "reason": "Leave"}
    assert send(form, **typed, until=today() - timedelta(days=1)).status == 422
    proposed = send(form, **typed, until=today() + timedelta(days=9))
    address = proposed.response.request.path.replace("10130000", "10100000", 1)
    assert "For whom Head of unit 10130000.unit_head.goods" in above.get(address).words
    above.get(address).form("/confirm").submit()
    desk = browse("10130000.officer.goods2").get("/10130000/")
    assert "Head of unit, for Head of unit 10130000.unit_head.goods" in desk.text


def test_the_signature_table_is_changed_by_two(app: Flask, browse: Browse, office: Office) -> None:
    second = Browser(app)
    second.sign_in(second_administrator(office), "correct horse battery")
    centre = browse("10000000.administrator")
    place = follow(centre.get("/10000000/administration"), "Federal Customs Service")
    form = follow(place, "Propose a change")
    same = send(form, reason="None")
    assert same.status == 422
    assert "Nothing in the table would change." in same.words
    proposed = send(form, regional="supervising_deputy", reason="Order 19")
    assert "Head of the structural unit → Deputy head of the service" in proposed.words
    done = second.get(proposed.response.request.path).form("/confirm").submit()
    assert done.status == 200
    table = follow(done, "Page of the authority")
    assert "Regional Deputy head of the service who supervises the unit" in table.words
    house = row_id(app, HOUSE, Authority, code="10130000")
    address = f"/10000000/administration/authorities/{house}/signatures"
    assert (
        centre.get(address).form("/signatures").submit(reason="R", national="supervising_deputy").status
        == 409
    )


def test_an_authority_is_closed_on_the_pages(app: Flask, browse: Browse, office: Office) -> None:
    begun = office.draft(path=TULA, text=texts.complete(title="Begun at Tula"))
    second = Browser(app)
    second.sign_in(second_administrator(office), "correct horse battery")
    centre = browse("10000000.administrator")
    tula = row_id(app, TULA, Authority, code="10110000")
    address = f"/10000000/administration/authorities/{tula}/close"
    assert "Code of the successor" in centre.get(address).words
    for wrong in ("10110000", "05100000", "nonsense"):
        assert centre.get(f"{address}?heir={wrong}").status == 422, wrong
    check = centre.get(f"{address}?heir=10130000")
    for words in ("Begun at Tula", "Drafts without a number", "Head of unit 10130000.unit_head.goods"):
        assert words in check.words, words
    refused = send(check, reason="Order 20")
    assert "name the officer of the successor" in refused.words
    receiver = next(o for o in check.soup.select("#receiver option") if "officer.value" in o.get_text())
    proposed = send(check, reason="Order 20", receiver=receiver["value"])
    assert "Successor Moscow customs house, 10130000" in proposed.words
    done = second.get(proposed.response.request.path).form("/confirm").submit()
    assert "Confirmed" in done.words
    shown = centre.get(f"/10000000/administration/authorities/{tula}")
    assert "Its last day of work is" in shown.words
    assert "Set up an authority" not in shown.words
    assert "Authority closed" in follow(shown, "History").words
    drafts = browse("10130000.officer.value").get("/10130000/drafts")
    assert "Begun at Tula" in drafts.words
    old = browse("10000000.officer.goods").get(f"/10000000/drafts/{begun}")
    assert "Withdrawn" in old.words


def test_an_authority_with_others_beneath_is_not_closed(app: Flask, browse: Browse) -> None:
    house = row_id(app, HOUSE, Authority, code="10130000")
    address = f"/10100000/administration/authorities/{house}/close"
    own = row_id(app, RTU, Authority, code="10100000")
    above = browse("10100000.administrator")
    assert above.get(f"/10100000/administration/authorities/{own}/close").status == 409
    page = browse("10000000.administrator").get(f"/10000000{address[9:]}?heir=10110000")
    assert "Authorities beneath it are still at work" in page.words
    assert not page.soup.select("main form[method=post]")


@pytest.mark.parametrize(
    ("login", "code", "status"),
    [
        ("10130000.head", "10130000", 403),
        ("10130000.auditor", "10130000", 403),
        ("05100000.administrator", "10130000", 404),
        ("10110000.administrator", "10130000", 404),
        ("00000000.administrator", "00000000", 200),
    ],
)
def test_only_administrators_come_in(browse: Browse, login: str, code: str, status: int) -> None:
    for address in ("", "/officers", "/proposals"):
        assert browse(login).get(f"/{code}/administration{address}").status == status


def test_what_is_above_or_beside_is_not_here(app: Flask, browse: Browse) -> None:
    house, union = browse("10130000.administrator"), browse("00000000.administrator")
    for path, code in ((RTU, "10100000"), (CENTRE, "10000000"), (TULA, "10110000")):
        for address in ("", "/history", "/change", "/found", "/officers/new", "/units/new", "/close"):
            there = f"/administration/authorities/{row_id(app, path, Authority, code=code)}{address}"
            assert house.get(f"/10130000{there}").status == 404, there
            assert union.get(f"/00000000{there}").status == 404, there


def test_an_officer_of_the_directorate_may_hold_a_post_in_the_house(app: Flask, browse: Browse) -> None:
    """The house's administrator sees him among those who serve there, and ends his post; the account is not his."""
    above = browse("10100000.administrator")
    centre = browse("10000000.administrator")
    form = follow(officer_page(app, above, "10100000.auditor", RTU), "Propose a post")
    there = above.get(f"{form.response.request.path}?at=10130000")
    proposed = send(there, post="auditor", reason="R")
    centre.get(proposed.response.request.path.replace("10100000", "10000000", 1)).form("/confirm").submit()
    house = browse("10130000.administrator")
    place = follow(house.get(HERE), "Moscow customs house")
    row = next(tr for tr in place.soup.select("tbody tr") if "10100000.auditor" in tr.get_text())
    assert not row.select("th a")
    (end,) = row.select("a")
    assert "Auditor" in house.get(str(end["href"])).words


def test_without_a_proposal_the_page_says_what_belongs_there(browse: Browse) -> None:
    page = browse("10130010.administrator").get("/10130010/administration/proposals")
    assert "No proposal waits" in page.words
    assert (
        "Nothing stands beneath this authority."
        in browse("10130010.administrator").get("/10130010/administration").words
    )


def test_long_names_stand(app: Flask, browse: Browse) -> None:
    house = browse("10130000.administrator")
    place = follow(house.get(HERE), "Moscow customs house")
    long = "Управление по работе с таможенными представительствами и складами временного хран"[:80]
    made = send(follow(place, "Set up a unit"), name_en=long, name_ru=long, directions=["8"])
    assert long in made.words

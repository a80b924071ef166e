"""The head of a unit names another author on the page of the draft; the administrator sees what waits for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.levels.roles import Post
from portal.operations import administration
from portal.store.session import acting
from tests.administrators import HOUSE, one, place, today
from tests.blueprints.test_administration_pages import follow, officer_page
from tests.browser import Browser
from tests.office import Office

AUTHOR, OTHER = "10130000.officer.goods", "10130000.officer.goods2"
Browse = Callable[[str], Browser]


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def test_the_head_of_the_unit_names_another_author(office: Office, browse: Browse) -> None:
    draft = office.draft()
    head = browse("10130000.unit_head.goods")
    form = follow(head.get(f"/10130000/drafts/{draft}"), "Name another author")
    offered = [str(option["value"]) for option in form.soup.select("select[name=author] option")]
    assert offered == ["", str(office.officer(OTHER))], "neither the author himself nor another unit's"
    refused = form.form("/replace_author").submit(author="", reason="")
    assert refused.status == 422
    done = form.form("/replace_author").submit(author=office.officer(OTHER), reason="On long leave")
    assert "Another author is named" in done.words
    history = head.get(f"/10130000/drafts/{draft}/history")
    assert "On long leave" in history.words
    assert "Officer goods2" in history.words or OTHER in history.words
    assert browse(OTHER).get(f"/10130000/documents/{draft}/submit").status == 200
    assert browse(AUTHOR).get(f"/10130000/documents/{draft}/submit").status == 403
    form.form("/replace_author").submit(author=office.officer(OTHER), reason="Twice")
    assert "Twice" not in head.get(f"/10130000/drafts/{draft}/history").words


def test_closing_an_account_tells_how_many_drafts_wait(app: Flask, office: Office, browse: Browse) -> None:
    first, second = office.draft(), office.draft()
    house = browse("10130000.administrator")
    page = follow(officer_page(app, house, AUTHOR), "Close the account")
    assert "Open drafts of which he is the author: 2" in page.words
    assert "The head of the unit names another author" in page.words
    assert not page.soup.select(f"main a[href$='/drafts/{first}']"), "he may not open them"
    with app.app_context(), acting(HOUSE, "test"):
        administration.appoint(one("10130000.administrator"), place(HOUSE), Post.HEAD, today())
    page = follow(officer_page(app, house, AUTHOR), "Close the account")
    links = [str(a["href"]) for a in page.soup.select("main a[href*='/drafts/']")]
    assert links == [f"/10130000/drafts/{first}", f"/10130000/drafts/{second}"]
    assert house.get(links[0]).status == 200

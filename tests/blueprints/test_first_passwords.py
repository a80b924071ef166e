"""A password that somebody else chose holds for some days; who never came is given another by his administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.models import AdministrationEntry, AuditEntry, Authority
from portal.store.session import acting
from portal.workflow.clock import now
from tests.browser import Browser, Page
from tests.cast import HOUSE
from tests.office import Office

Browse = Callable[[str], Browser]
ADMINISTRATOR, LOGIN = "10130000.administrator", "novikova"
FIRST, OTHER, OWN = "four grey herons wading", "nine slow ferries at dusk", "eleven copper kettles boil"


@pytest.fixture
def newcomer(app: Flask, browse: Browse) -> int:
    """An officer whose account the administrator has opened, and who has not come yet."""
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        house = mine.scalars(select(Authority.id).where(Authority.authority_path == HOUSE)).one()
    form = browse(ADMINISTRATOR).get(f"/10130000/administration/authorities/{house}/officers/new")
    made = form.form("/officers/new").submit(
        login=LOGIN, name="Anna Novikova", email="", locale="en", password=FIRST
    )
    assert made.status == 200, made.words
    return Office(app).officer(LOGIN)


def enter(browse: Browse, password: str, login: str = LOGIN) -> Page:
    return browse("").get("/sign-in").form("/sign-in").submit(False, login=login, password=password)


def test_it_lapses_after_a_week(browse: Browse, newcomer: int) -> None:
    given = now()
    with time_machine.travel(given + timedelta(days=6, hours=23)):
        assert enter(browse, FIRST).status == 303
    with time_machine.travel(given + timedelta(days=7, minutes=1)):
        late = enter(browse, FIRST)
        assert late.status == 422
        assert "was not used in time" in late.words
        wrong = enter(browse, "something else altogether")
        assert wrong.status == 422
        assert "was not used in time" not in wrong.words, "told to whoever knows it alone"


def test_the_operator_says_for_how_long(app: Flask, browse: Browse, newcomer: int) -> None:
    app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], first_password_days=1)
    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        assert enter(browse, FIRST).status == 422


def test_ones_own_does_not_lapse(browse: Browse, newcomer: int) -> None:
    visitor = browse("")
    visitor.sign_in(LOGIN, FIRST)
    page = visitor.get("/account/password").form("/account/password")
    assert page.submit(False, password=FIRST, new_password=OWN, again=OWN).status == 303
    with time_machine.travel(now() + timedelta(days=400)):
        assert enter(browse, OWN).status == 303


def test_who_never_came_is_given_another(app: Flask, browse: Browse, newcomer: int) -> None:
    browser = browse(ADMINISTRATOR)
    url = f"/10130000/administration/officers/{newcomer}/first-password"
    assert url in browser.get(f"/10130000/administration/officers/{newcomer}").links()
    weak = browser.get(url).form(url).submit(password="password1234")
    assert weak.status == 422
    given = weak.form(url).submit(False, password=OTHER)
    assert given.status == 303
    assert enter(browse, FIRST).status == 422
    assert enter(browse, OTHER).status == 303
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        entry = mine.scalars(
            select(AdministrationEntry).where(AdministrationEntry.label == "First password given")
        ).one()
        trail = mine.scalars(select(AuditEntry).where(AuditEntry.action == "administration.first_password"))
        said = [str(vars(one)) for one in (entry, *trail)]
    assert len(said) >= 2
    assert not any(OTHER in one or "argon2" in one for one in said)


def test_who_has_come_is_not(app: Flask, browse: Browse, newcomer: int) -> None:
    assert enter(browse, FIRST).status == 303
    browser = browse(ADMINISTRATOR)
    url = f"/10130000/administration/officers/{newcomer}/first-password"
    assert url not in browser.get(f"/10130000/administration/officers/{newcomer}").links()
    shown = browser.get(url)
    assert "He has signed in already" in shown.words
    key = dict(browser.get(f"/10130000/administration/officers/{newcomer}/change").form("/change").values)
    sent = {name: key[name] for name in ("csrf_token", "form_key", "version")} | {"password": OTHER}
    assert browser.post(url, sent).status == 409
    assert enter(browse, OTHER).status == 422

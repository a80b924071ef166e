"""An officer who forgot his password is let in by two administrators: proposed, confirmed, told, in the trail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotAllowedNow, NotYours
from portal.models import AdministrationEntry, AuditEntry, OutboxMessage
from portal.operations import administration_proposals
from portal.store.session import acting
from tests.administrators import HOUSE, at, one
from tests.blueprints.test_account_factors import give
from tests.blueprints.test_administration_pages import follow, officer_page, send
from tests.browser import Browser, Page
from tests.cast import PASSWORD
from tests.factors import code, give_app
from tests.office import Office

LOGIN, OWN, ABOVE = "10130000.officer.goods", "10130000.administrator", "10100000.administrator"
WHY = "Came to my room with his service card"
FIRST, NEW = "nineteen wooden bridges", "twenty quiet mountain lakes"
LINK, GIVE = "Replace a forgotten password", "Give another first password"
Browse = Callable[[str], Browser]


def proposed(app: Flask, browse: Browse, login: str = LOGIN) -> Page:
    return send(follow(officer_page(app, browse(OWN), login), LINK), reason=WHY)


def confirmed(browse: Browse) -> Page:
    shown = follow(
        browse(ABOVE).get("/10100000/administration/proposals"), "Replacement of a forgotten password"
    )
    return shown.form("/confirm").submit()


def entered(browse: Browse, password: str) -> Page:
    return browse("").get("/sign-in").form("/sign-in").submit(False, login=LOGIN, password=password)


def test_two_administrators_let_in_who_forgot_his_password(app: Flask, browse: Browse) -> None:
    give_app(app, LOGIN)
    officer = browse(LOGIN)
    form = follow(officer_page(app, browse(OWN), LOGIN), LINK)
    assert send(form, reason=" ").status == 422
    waits = proposed(app, browse)
    assert "You proposed it: another administrator decides." in waits.words
    assert officer.get("/10130000/drafts", follow=False).status == 200, "a proposal alone takes nothing away"
    assert GIVE not in officer_page(app, browse(OWN), LOGIN).words

    assert "Confirmed: the change takes effect as proposed." in confirmed(browse).words
    led = officer.get("/10130000/drafts", follow=False).response.headers["Location"]
    assert led.startswith("/sign-in?"), "his session has ended"
    assert entered(browse, PASSWORD).status == 422, "what he may have told somebody opens nothing"
    given = send(follow(officer_page(app, browse(OWN), LOGIN), GIVE), password=FIRST)
    assert "The first password was given" in given.words
    visitor = browse("")
    visitor.sign_in(LOGIN, FIRST)
    assert visitor.get("/10130000/drafts", follow=False).status == 303, "his second factor is still asked for"
    assert give(visitor.get("/sign-in/factor"), code()).status == 303
    assert (
        visitor.get("/10130000/drafts", follow=False)
        .response.headers["Location"]
        .endswith("/account/password")
    )
    form = visitor.get("/account/password").form("/account/password")
    assert form.submit(False, password=FIRST, new_password=NEW, again=NEW).status == 303
    assert visitor.get("/10130000/drafts", follow=False).status == 200


def test_it_is_told_and_stands_in_the_trail_without_a_secret(app: Flask, browse: Browse) -> None:
    proposed(app, browse)
    confirmed(browse)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        told = mine.scalars(
            select(OutboxMessage.body).where(OutboxMessage.subject.like("%ended your password%"))
        )
        assert LOGIN in told.one()
        entry = mine.scalars(
            select(AdministrationEntry).where(AdministrationEntry.label == "Password ended")
        ).one()
        assert (entry.words, entry.officer_name) == (WHY, f"Administrator {ABOVE}")
        trail = mine.scalars(select(AuditEntry).where(AuditEntry.action == "administration.confirm")).all()
        assert any("must_change_password" in str(row.after) for row in trail)
        assert not any("argon2" in str((row.before, row.after)) for row in trail)


def test_nobody_proposes_it_for_himself_nor_confirms_his_own(app: Flask, browse: Browse) -> None:
    house = browse(OWN)
    officer = officer_page(app, house, OWN)
    assert LINK not in officer.words
    page = house.get(f"{officer.url}/password")
    assert "It concerns your own password" in page.words
    assert not page.soup.select("main form[method=post]")
    office = Office(app)
    with at(office, HOUSE) as acts, pytest.raises(NotYours):
        administration_proposals.replace_password(acts, one(OWN), None, WHY)
    with at(office, "eeu.ru.10100000.") as acts:
        made = administration_proposals.replace_password(acts, one(OWN), None, WHY).id
    with at(office, "eeu.ru.10100000.") as acts, pytest.raises(NotAllowedNow):
        administration_proposals.replace_password(acts, one(OWN), None, WHY)
    for path in (HOUSE, "eeu.ru.10100000."):
        with at(office, path) as acts:
            found = administration_proposals.store.proposal(made)
            assert found is not None
            with pytest.raises(NotYours):
                administration_proposals.confirm(found, acts)


def test_who_may_be_given_one_at_once_needs_no_second_person(app: Flask, browse: Browse) -> None:
    proposed(app, browse)
    confirmed(browse)
    page = browse(OWN).get(f"{officer_page(app, browse(OWN), LOGIN).url}/password")
    assert "give him another without asking anybody" in page.words
    assert not page.soup.select("main form[method=post]")


def test_who_came_with_a_first_password_and_lost_it_finds_a_way(app: Flask, browse: Browse) -> None:
    """He has signed in, so that no administrator alone replaces his password; two do."""
    proposed(app, browse)
    confirmed(browse)
    send(follow(officer_page(app, browse(OWN), LOGIN), GIVE), password=FIRST)
    assert entered(browse, FIRST).status == 303
    shown = officer_page(app, browse(OWN), LOGIN)
    assert GIVE not in shown.words
    assert "You proposed it" in proposed(app, browse).words
    confirmed(browse)
    assert entered(browse, FIRST).status == 422
    assert GIVE in officer_page(app, browse(OWN), LOGIN).words

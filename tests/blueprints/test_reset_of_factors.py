"""An officer who lost his second factors is let in by two administrators: proposed, confirmed, told, in the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotYours
from portal.levels.roles import Post
from portal.models import AdministrationEntry, AuditEntry, Factor, OfficerSession, OutboxMessage, RecoveryCode
from portal.operations import administration_proposals, second_factors
from portal.store import officers
from portal.store.gateway import raw
from portal.store.session import acting
from tests.administrators import HOUSE, at, one
from tests.blueprints.test_account_factors import half
from tests.blueprints.test_administration_pages import follow, officer_page, send
from tests.browser import Browser, Page
from tests.cast import PASSWORD
from tests.factors import give_app
from tests.office import Office

LOGIN, OWN = "10130000.officer.goods", "10130000.administrator"
WHY = "Telephone stolen, seen in person"
Browse = Callable[[str], Browser]


def ask(app: Flask, browser: Browser, login: str = LOGIN) -> Page:
    return follow(officer_page(app, browser, login), "Reset second factors")


def confirmed(browse: Browse) -> Page:
    above = browse("10100000.administrator")
    shown = follow(above.get("/10100000/administration/proposals"), "Removal of second factors")
    return shown.form("/confirm").submit()


def standing(app: Flask) -> tuple[int, int, int]:
    """Factors, recovery codes and sessions of the officer that still open something."""
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        him = one(LOGIN).id
        factors = mine.scalars(
            select(Factor).where(Factor.officer_id == him, Factor.removed_at.is_(None))
        ).all()
        codes = mine.scalars(
            select(RecoveryCode).where(RecoveryCode.officer_id == him, RecoveryCode.void_at.is_(None))
        ).all()
        asked = select(OfficerSession.id).where(
            OfficerSession.officer_id == him, OfficerSession.ended_at.is_(None)
        )
        return len(factors), len(codes), len(mine.execute(raw(asked, "a test")).all())


def test_two_administrators_let_in_who_lost_his_factor(app: Flask, browse: Browse) -> None:
    give_app(app, LOGIN)
    give_app(app, LOGIN, "JBSWY3DPEHPK3PXP")
    officer, house = browse(LOGIN), browse(OWN)
    assert officer.get("/10130000/drafts", follow=False).status == 200
    form = ask(app, house)
    assert "all his sessions end" in form.words
    without_reason = send(form, reason=" ")
    assert without_reason.status == 422
    proposed = send(without_reason, reason=WHY)
    assert "You proposed it: another administrator decides." in proposed.words
    assert not proposed.soup.select("form[action$='/confirm']")
    assert standing(app)[:2] == (2, 10), "a proposal alone removes nothing"
    assert officer.get("/10130000/drafts", follow=False).status == 200

    assert "Confirmed: the change takes effect as proposed." in confirmed(browse).words
    assert standing(app) == (0, 0, 0)
    assert officer.get("/10130000/drafts", follow=False).status == 303, "his session has ended"
    again, page = half(browse)
    assert not page.soup.select("form[action$='/sign-in/factor']"), "the password alone is asked for"
    assert again.get("/10130000/drafts", follow=False).status == 200
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        rows = mine.scalars(select(Factor).where(Factor.officer_id == one(LOGIN).id)).all()
        assert [(bool(row.removed_at), row.secret) for row in rows] == [(True, "")] * 2, "the rows stay"
        told = mine.scalars(
            select(OutboxMessage.body).where(OutboxMessage.subject.like("%removed the second factors%"))
        )
        assert LOGIN in told.one()
        entry = mine.scalars(
            select(AdministrationEntry).where(AdministrationEntry.label == "Second factors removed")
        ).one()
        assert (entry.words, entry.officer_name) == (WHY, "Administrator 10100000.administrator")
        trail = mine.scalars(select(AuditEntry).where(AuditEntry.action == "administration.confirm")).all()
        assert any("factor:" in str(row.after) and "removed_at" in str(row.after) for row in trail)


def test_he_is_led_to_add_a_factor_where_his_post_needs_one(app: Flask, browse: Browse) -> None:
    give_app(app, LOGIN)
    send(ask(app, browse(OWN)), reason=WHY)
    confirmed(browse)
    env = app.config["ENVIRONMENT"]
    app.config["ENVIRONMENT"] = replace(env, second_factor_posts=frozenset({Post.OFFICER.value}))
    browser = browse("")
    browser.sign_in(LOGIN, PASSWORD)
    answer = browser.get("/10130000/drafts", follow=False)
    assert (answer.status, answer.response.headers["Location"]) == (303, "/account/factors")


def test_nobody_proposes_it_for_himself_nor_confirms_his_own(app: Flask, browse: Browse) -> None:
    give_app(app, OWN)
    house = browse(OWN)
    officer = officer_page(app, house, OWN)
    assert "Reset second factors" not in officer.words
    page = house.get(f"{officer.url}/factors")
    assert "It concerns your own second factors" in page.words
    assert not page.soup.select("main form[method=post]")
    office = Office(app)
    with at(office, HOUSE) as acts, pytest.raises(NotYours):
        administration_proposals.reset_factors(acts, one(OWN), None, WHY)
    with at(office, "eeu.ru.10100000.") as acts:
        made = administration_proposals.reset_factors(acts, one(OWN), None, WHY).id
    with at(office, HOUSE) as acts, pytest.raises(NotYours):
        administration_proposals.confirm(_proposal(made), acts)
    with at(office, "eeu.ru.10100000.") as acts, pytest.raises(NotYours):
        administration_proposals.confirm(_proposal(made), acts)


def _proposal(proposal_id: int) -> administration_proposals.Proposal:
    found = administration_proposals.store.proposal(proposal_id)
    assert found is not None
    return found


def test_there_must_be_something_to_remove_and_the_page_must_not_be_old(app: Flask, browse: Browse) -> None:
    house = browse(OWN)
    assert "The officer has no second factor." in ask(app, house).words
    give_app(app, LOGIN)
    old = ask(app, house)
    changed = follow(officer_page(app, house, LOGIN), "Change")
    send(changed, name="Another name")
    assert send(old, reason=WHY).status == 409
    send(ask(app, house), reason=WHY)
    again = send(ask(app, house), reason=WHY)
    assert "Such a proposal waits already" in again.words


def test_what_is_gone_when_it_is_confirmed_is_not_removed_again(app: Flask, browse: Browse) -> None:
    give_app(app, LOGIN)
    send(ask(app, browse(OWN)), reason=WHY)
    with app.app_context():
        found = officers.credentials(LOGIN)
        assert found is not None
        with acting(HOUSE, "users.reset_factors"):
            second_factors.reset(found[0])
    assert "The officer has no second factor." in confirmed(browse).words


def test_an_administrator_ends_all_sessions_of_an_officer(app: Flask, browse: Browse) -> None:
    officer, other, house = browse(LOGIN), browse("10130000.officer.value"), browse(OWN)
    assert officer.get("/10130000/drafts", follow=False).status == 200
    old = follow(officer_page(app, house, LOGIN), "End all sessions")
    assert send(old, reason="").status == 422
    done = send(old, reason="Telephone stolen")
    assert "All sessions of the officer were ended." in done.words
    assert officer.get("/10130000/drafts", follow=False).status == 303
    assert other.get("/10130000/drafts", follow=False).status == 200, "nobody else is signed out"
    assert standing(app)[2] == 0
    officer.sign_in(LOGIN, PASSWORD)
    assert officer.get("/10130000/drafts", follow=False).status == 200
    history = follow(officer_page(app, house, LOGIN), "History")
    assert "Sessions ended" in history.words
    assert "Telephone stolen" in history.words
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        subjects = mine.scalars(select(OutboxMessage.subject)).all()
    assert "All sessions of your account were ended" in subjects

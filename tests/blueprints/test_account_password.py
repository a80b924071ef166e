"""Changing one's own password: the old one asked, the rule held, other sessions ended, told and in the trail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models import AuditEntry, Officer, OutboxMessage
from portal.operations import passwords
from portal.store import audit
from portal.store.session import acting
from tests.browser import Browser, Page
from tests.cast import HOUSE, PASSWORD

LOGIN = "10130000.officer.goods"
NEW = "seven quiet herons at dusk"
Browse = Callable[[str], Browser]


def signed_in(browse: Browse, login: str = LOGIN, password: str = PASSWORD) -> Browser:
    browser = browse("")
    browser.sign_in(login, password)
    return browser


def change(browser: Browser, new: str = NEW, old: str = PASSWORD, again: str | None = None) -> Page:
    form = browser.get("/account/password").form("/account/password")
    return form.submit(password=old, new_password=new, again=new if again is None else again)


def test_the_new_password_opens_and_the_old_one_does_not(browse: Browse) -> None:
    assert "The password was changed" in change(signed_in(browse)).words
    signed_in(browse, password=NEW)
    refused = browse("").get("/sign-in").form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert refused.status == 422


def test_other_sessions_end_and_this_one_goes_on_under_a_new_token(browse: Browse) -> None:
    here, elsewhere = signed_in(browse), signed_in(browse)
    with here.client.session_transaction() as before:
        old = before["token"]
    change(here)
    assert here.get("/account/password", follow=False).status == 200
    assert elsewhere.get("/account/password", follow=False).status == 303
    with here.client.session_transaction() as after:
        assert after["token"] != old
        after["token"] = old
    assert here.get("/account/password", follow=False).status == 303, "the old token opens nothing"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("eleven char", "Too short"),
        ("x" * 201, "At most 200"),
        ("my 10130000.officer.goods", "holds your login"),
        ("1234567890qwerty", "stolen"),
        ("password1234567", "easy to guess"),
        ("customs-customs", "easy to guess"),
        ("Таможня2026!!", "easy to guess"),
        ("пароль123456", "easy to guess"),
        ("йцукенгшщзхъ", "easy to guess"),
        (PASSWORD, "that you have now"),
    ],
)
def test_what_others_would_guess_is_refused(browse: Browse, new: str, said: str) -> None:
    page = change(signed_in(browse), new=new)
    assert page.status == 422
    assert said in page.words
    assert new not in page.text, "passwords are not shown again"


def test_long_phrases_of_any_letters_are_taken(browse: Browse) -> None:
    phrase = "семь тихих цапель на закате " * 7
    assert 190 < len(phrase) <= 200
    assert change(signed_in(browse), new=phrase).status == 200
    signed_in(browse, password=phrase)


def test_the_old_password_is_asked_and_its_guesses_are_counted(browse: Browse) -> None:
    browser = signed_in(browse)
    assert [change(browser, old="wrong").status for _ in range(6)] == [422] * 5 + [429]
    assert change(browser).status == 429
    signed_in(browse)


def test_two_different_new_passwords_are_refused(browse: Browse) -> None:
    assert "The two differ" in change(signed_in(browse), again=NEW + "x").words


def test_it_is_told_and_stands_in_the_trail_without_the_password(app: Flask, browse: Browse) -> None:
    change(signed_in(browse))
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        mail = mine.scalars(
            select(OutboxMessage).where(OutboxMessage.subject == "Your password was changed")
        ).one()
        assert mail.recipient == f"{LOGIN}@example.org"
        entry = mine.scalars(select(AuditEntry).where(AuditEntry.action == "account.change_password")).one()
        officer = mine.scalars(select(Officer).where(Officer.login == LOGIN)).one()
        assert entry.after[f"officer:{officer.id}"] == {"password_hash": "(secret)"}
        assert officer.password_hash not in str(entry.after) + str(entry.before)
        assert list(audit.verify(mine, HOUSE)) == []


def test_a_password_that_somebody_else_chose_is_changed_before_anything_opens(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.scalars(select(Officer).where(Officer.login == LOGIN)).one().must_change_password = True
    browser = signed_in(browse)
    for url in ("/", "/10130000/", "/10130000/drafts"):
        answer = browser.get(url, follow=False)
        assert (answer.status, answer.response.headers["Location"]) == (303, "/account/password")
    assert "chosen by somebody else" in browser.get("/account/password").words
    change(browser)
    assert browser.get("/10130000/drafts", follow=False).status == 200


def test_the_rule_knows_a_keyboard_that_was_not_switched() -> None:
    assert (
        passwords.weakness("lytdybrlytdybr", "login") == passwords.weakness("дневникдневник", "login") != ""
    )
    assert passwords.weakness("correct horse battery", "login") == ""
    assert passwords.weakness("Aram Petrosyan 1", "login", "Petrosyan Aram") != ""

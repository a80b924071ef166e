"""Signing in and out: throttled, renewed, and never leading elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import create_app
from portal.extensions import db
from portal.levels.roles import Post as PostName
from portal.models import AuditEntry, Officer, Post
from portal.operations import sign_in
from portal.store import audit
from portal.store.session import acting
from portal.web.security import POLICY
from portal.workflow.clock import now
from tests.browser import Browser
from tests.cast import HOUSE, PASSWORD
from tests.conftest import SETTINGS, environment
from tests.office import Office

LOGIN = "10130000.officer.goods"
Browse = Callable[[str], Browser]


def try_in(browser: Browser, login: str, password: str, **more: str) -> int:
    return (
        browser.get("/sign-in").form("/sign-in").submit(False, login=login, password=password, **more).status
    )


def test_the_right_password_opens_the_desk(browse: Browse) -> None:
    page = browse("").get("/sign-in").form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert page.status == 200
    assert page.response.request.path == "/10130000/"


@pytest.mark.parametrize(
    ("login", "password"),
    [(LOGIN, "wrong"), ("nobody", PASSWORD), (LOGIN, ""), ("", PASSWORD), (LOGIN, "x" * 999)],
)
def test_anything_else_is_refused_with_the_login_kept(browse: Browse, login: str, password: str) -> None:
    page = browse("").get("/sign-in").form("/sign-in").submit(login=login, password=password)
    assert page.status == 422
    assert dict(page.form("/sign-in").values)["login"] == login
    assert dict(page.form("/sign-in").values).get("password", "") == ""
    assert browse("").get("/", follow=False).status == 303


def test_an_unknown_login_is_answered_like_a_wrong_password(browse: Browse) -> None:
    wrong = browse("").get("/sign-in").form("/sign-in").submit(login=LOGIN, password="wrong").words
    unknown = browse("").get("/sign-in").form("/sign-in").submit(login="nobody", password="wrong").words
    assert wrong == unknown


def test_guessing_is_slowed_down_and_waiting_helps(browse: Browse) -> None:
    visitor = browse("")
    assert [try_in(visitor, LOGIN, "wrong") for _ in range(6)] == [422] * 5 + [429]
    assert try_in(visitor, LOGIN, PASSWORD) == 429
    assert try_in(visitor, "10130000.head", PASSWORD) == 303, "another officer is not locked out"
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert try_in(browse(""), LOGIN, PASSWORD) == 303


def test_an_address_at_which_many_logins_failed_locks_out_those_alone(browse: Browse) -> None:
    visitor = browse("")
    assert {try_in(visitor, f"login-{n}", "wrong") for n in range(29)} == {422}
    assert [try_in(visitor, "login-7", "wrong") for _ in range(2)] == [422, 422], "29 logins have failed"
    assert try_in(visitor, "10130000.head", "wrong") == 422, "the thirtieth"
    assert try_in(visitor, "login-8", "wrong") == 429
    assert try_in(visitor, "10130000.head", PASSWORD) == 429
    assert try_in(browse(""), "10000000.head", PASSWORD) == 303


def test_failures_to_sign_are_counted_apart(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, PostName.OFFICER, "goods", draft, "submit")
    head, url = browse("10130000.unit_head.goods"), f"/10130000/documents/{draft}/sign"

    def sign(password: str) -> int:
        return head.get(url).form("/sign").submit(False, password=password).status

    assert [sign("wrong") for _ in range(6)] == [422] * 5 + [429]
    assert sign(PASSWORD) == 429
    assert try_in(browse(""), "10130000.unit_head.goods", PASSWORD) == 303, "signing in is not held up"
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert sign(PASSWORD) == 303


def test_failures_to_sign_in_do_not_hold_up_a_signature(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, PostName.OFFICER, "goods", draft, "submit")
    head = browse("10130000.unit_head.goods")
    assert [try_in(browse(""), "10130000.unit_head.goods", "wrong") for _ in range(6)][-1] == 429
    page = head.get(f"/10130000/documents/{draft}/sign")
    assert page.form("/sign").submit(False, password=PASSWORD).status == 303


def test_the_work_of_a_password_holds_up_no_writer(
    app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one password is looked at, another request writes: it would wait in vain if the lock were held."""

    def matches(kept: str, typed: str) -> bool:
        with acting(HOUSE, "test") as meanwhile:
            meanwhile.scalars(select(Officer).where(Officer.login == LOGIN)).one().email = "x@example.org"
        return True

    monkeypatch.setattr(sign_in, "matches", matches)
    assert try_in(browse(""), LOGIN, PASSWORD) == 303


def trail(app: Flask) -> list[tuple[str, str, object]]:
    """Who signed in and out at the house, as its trail has it."""
    asked = select(AuditEntry).where(AuditEntry.action.like("sign_in.%")).order_by(AuditEntry.serial)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        assert list(audit.verify(mine, HOUSE)) == []
        return [(row.action, row.officer_name, row.after) for row in mine.scalars(asked)]


def test_sign_ins_and_sign_outs_stand_in_the_trail(app: Flask, browse: Browse) -> None:
    visitor = browse("")
    assert try_in(visitor, LOGIN, "wrong") == 422
    assert trail(app) == []
    assert try_in(visitor, LOGIN, PASSWORD) == 303
    visitor.get("/10130000/").form("/sign-out").submit()
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        officer = mine.scalars(select(Officer).where(Officer.login == LOGIN)).one()
        number, name = officer.id, officer.name
    said = {f"officer:{number}": {"address": "127.0.0.1"}}
    assert trail(app) == [("sign_in.enter", name, said), ("sign_in.leave", name, said)]


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
def test_the_address_of_a_visitor_is_what_counted_proxies_say(
    app: Flask, database_url: str, tmp_path: Path, proxies: int, believed: bool
) -> None:
    here = replace(environment(database_url, tmp_path), proxies=proxies)
    made = create_app({**SETTINGS, "WTF_CSRF_ENABLED": False}, here)
    client = made.test_client()

    def status(login: str, password: str, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.post(
            "/sign-in", data={"login": login, "password": password}, headers=headers
        ).status_code

    assert [status(LOGIN, "wrong", "203.0.113.9, 198.51.100.1") for _ in range(5)] == [422] * 5
    assert status(LOGIN, PASSWORD, "203.0.113.8, 198.51.100.1") == 429, (
        "what a visitor claims counts for nothing"
    )
    assert status(LOGIN, PASSWORD, "198.51.100.2") == (303 if believed else 429)
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_session_is_renewed_at_sign_in(browse: Browse) -> None:
    visitor = browse("")
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as before:
        before["planted"] = "by someone else"
    visitor.sign_in(LOGIN, PASSWORD)
    with visitor.client.session_transaction() as after:
        assert "planted" not in after


def test_signing_out_ends_it(browse: Browse) -> None:
    visitor = browse("")
    visitor.sign_in(LOGIN, PASSWORD)
    page = visitor.get("/10130000/").form("/sign-out").submit()
    assert page.response.request.path == "/sign-in"
    assert visitor.get("/10130000/", follow=False).status == 303


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/10130000/drafts", "/10130000/drafts"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_elsewhere(browse: Browse, asked: str, led_to: str) -> None:
    page = browse("").get("/sign-in", follow=False).form("/sign-in")
    answer = page.submit(False, login=LOGIN, password=PASSWORD, next=asked)
    assert answer.response.headers["Location"] == led_to
    chosen = browse("").client.get("/language/ru", query_string={"next": asked})
    assert chosen.headers["Location"] == led_to


def test_a_form_without_its_token_is_refused(browse: Browse) -> None:
    answer = browse("").client.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
    assert answer.status_code == 400
    assert browse("").get("/", follow=False).status == 303


def test_a_closed_account_and_an_ended_post_open_nothing(app: Flask, browse: Browse) -> None:
    visitor = browse("")
    visitor.sign_in(LOGIN, PASSWORD)
    with app.app_context(), acting(HOUSE, "test") as mine:
        officer = mine.scalars(select(Officer).where(Officer.login == LOGIN)).one()
        for post in mine.scalars(select(Post).where(Post.officer_id == officer.id)):
            post.until = (now() - timedelta(days=2)).date()
    assert visitor.get("/10130000/").status == 404
    assert visitor.get("/").status == 403
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.scalars(select(Officer).where(Officer.login == LOGIN)).one().closed_at = now()
    assert visitor.get("/", follow=False).status == 303
    assert try_in(browse(""), LOGIN, PASSWORD) == 422


def test_every_answer_carries_the_security_headers(browse: Browse) -> None:
    for url in ("/sign-in", "/nothing", "/static/css/tokens.css"):
        with browse("").client.get(url) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert browse("").client.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert "unsafe" not in POLICY


def test_the_language_is_the_visitors_choice(browse: Browse) -> None:
    visitor = browse("")
    assert visitor.get("/sign-in").soup.html["lang"] == "en"
    visitor.client.get("/language/ru")
    assert visitor.get("/sign-in").soup.html["lang"] == "ru"
    assert visitor.client.get("/language/xx").status_code == 404


def test_the_cookie_is_out_of_reach_of_scripts(browse: Browse) -> None:
    answer = browse("").get("/sign-in").form("/sign-in").submit(False, login=LOGIN, password=PASSWORD)
    cookie = next(c for c in answer.response.headers.getlist("Set-Cookie") if c.startswith("portal="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie

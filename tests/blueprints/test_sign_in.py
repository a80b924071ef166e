"""Signing in and out: throttled, renewed, and never leading elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.models import Officer, Post
from portal.store.session import acting
from portal.web.security import POLICY
from portal.workflow.clock import now
from tests.browser import Browser
from tests.cast import HOUSE, PASSWORD

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


def test_one_address_cannot_try_many_logins(browse: Browse) -> None:
    statuses = [try_in(browse(""), f"login-{n}", "wrong") for n in range(31)]
    assert statuses == [422] * 30 + [429]


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

"""`flask users add` opens an account that can sign in, and takes no password that others could read or guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.models import OutboxMessage
from portal.store.session import acting
from portal.workflow.clock import now
from tests.browser import Browser
from tests.cast import HOUSE
from tests.factors import code, give_app

GOOD = "seven quiet herons"
LOGIN = "10130000.officer.goods"


def add(app: Flask, *more: str, password: str = GOOD, login: str = "new.admin") -> Result:
    arguments = ["users", "add", "--login", login, "--name", "A. Petrova", "--authority", "10000000"]
    return app.test_cli_runner().invoke(args=[*arguments, *more, "--password-stdin"], input=f"{password}\n")


def test_the_new_administrator_signs_in(app: Flask, browse: Callable[[str], Browser]) -> None:
    answer = add(app)
    assert (answer.exit_code, answer.output) == (0, "new.admin is administrator at 10000000\n")
    browser = browse("")
    browser.sign_in("new.admin", GOOD)
    assert browser.get("/10000000/duties").status == 200
    assert browser.get("/10000000/drafts").status == 403


def test_an_officer_of_a_unit(app: Flask, browse: Callable[[str], Browser]) -> None:
    assert add(app, "--post", "officer", "--unit", "Goods unit").exit_code == 0
    browser = browse("")
    browser.sign_in("new.admin", GOOD)
    assert browser.get("/10000000/drafts/new").status == 200


def test_the_password_may_be_typed(app: Flask) -> None:
    arguments = ["users", "add", "--login", "typed", "--name", "A. Petrova", "--authority", "10000000"]
    answer = app.test_cli_runner().invoke(args=arguments, input=f"{GOOD}\n{GOOD}\n")
    assert answer.exit_code == 0
    assert GOOD not in answer.output


def test_the_password_may_stand_in_the_environment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_NEW_PASSWORD", GOOD)
    arguments = ["users", "add", "--login", "kept", "--name", "A. Petrova", "--authority", "10000000"]
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 0


def test_no_argument_takes_a_password(app: Flask) -> None:
    assert add(app, "--password", GOOD).exit_code == 2


@pytest.mark.parametrize("password", ["", "eleven char", "a" * 40, "xnew.adminx1", "x" * 201])
def test_weak_passwords_are_refused(app: Flask, password: str) -> None:
    answer = add(app, password=password)
    assert answer.exit_code == 1
    assert "password" in answer.stderr.lower()
    assert not password or password not in answer.output
    assert add(app).exit_code == 0, "the refused attempt left nothing behind"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--authority", "99999999"], "No authority has the code '99999999'"),
        (["--post", "officer"], "officer needs unit"),
        (["--post", "officer", "--unit", "Nowhere"], "10000000 has no unit 'Nowhere'"),
        (["--post", "inspector"], "central authorities have no post inspector"),
        (["--login", "10000000.head"], "The login '10000000.head' is taken."),
        (["--name", "  "], "must not be empty"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(app: Flask, more: list[str], said: str) -> None:
    answer = add(app, *more)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_who_forgot_his_password_gets_one_that_he_changes(
    app: Flask, browse: Callable[[str], Browser]
) -> None:
    def given(login: str, password: str = GOOD) -> Result:
        arguments = ["users", "new-password", login, "--password-stdin"]
        return app.test_cli_runner().invoke(args=arguments, input=f"{password}\n")

    before = browse(LOGIN)
    give_app(app, LOGIN)
    assert before.get("/10130000/drafts", follow=False).status == 200
    assert (given("nobody").exit_code, given(LOGIN, "short").exit_code) == (1, 1)
    assert before.get("/10130000/drafts", follow=False).status == 200, "what was refused changed nothing"
    answer = given(LOGIN)
    assert answer.exit_code == 0, answer.stderr
    assert answer.output == f"{LOGIN} signs in with the new password and changes it at once; sessions ended\n"
    assert before.get("/10130000/drafts", follow=False).status == 303
    browser = browse("")
    asked = browser.get("/sign-in").form("/sign-in").submit(login=LOGIN, password=GOOD)
    asked.form("/sign-in/factor").submit(one_time_code=code())  # his second factor stays
    assert browser.get("/10130000/drafts").form("/account/password"), "he changes it before anything opens"
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        told = list(mine.scalars(select(OutboxMessage.subject)))
    assert told.count("Your password was changed") == 1
    with time_machine.travel(now() + timedelta(days=8)):
        late = browse("").get("/sign-in").form("/sign-in").submit(login=LOGIN, password=GOOD)
    assert "was not used in time" in late.words

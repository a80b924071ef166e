"""Single sign-on: an account is that of one person at the provider, whatever logins the provider gives and takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models import AuditEntry
from portal.operations import administration_officers, sign_on_accounts
from portal.store import sign_on
from portal.store.session import acting
from tests.administrators import HOUSE, at, one
from tests.blueprints.test_single_sign_on import BACK, LOGIN, led, provider, refused, signed_in
from tests.browser import Browser
from tests.office import Office
from tests.provider import FakeProvider

__all__ = ["provider"]
Browse = Callable[[str], Browser]


def test_an_account_stays_with_the_person_whatever_the_provider_calls_him(
    app: Flask, browse: Browse, provider: FakeProvider
) -> None:
    first = browse("")
    first.get(f"{BACK}?{led(first, provider)}")
    assert signed_in(first)
    provider.claims["sub"] = "another, who has his login now"
    other = browse("")
    refused(other, led(other, provider), 403)
    provider.claims |= {"sub": "1", "preferred_username": "a.new.login"}
    renamed = browse("")
    page = renamed.get(f"{BACK}?{led(renamed, provider)}")
    assert signed_in(renamed)
    assert "Officer of the unit 10130000.officer.goods" in page.text
    with app.app_context(), acting("eeu.ru.", "test", writes=False) as mine:
        bound = select(AuditEntry).where(AuditEntry.action == "single_sign_on.bind")
        assert len(mine.scalars(bound).all()) == 1


def test_the_operator_frees_an_account_of_its_person(
    app: Flask, browse: Browse, provider: FakeProvider
) -> None:
    first, other = browse(""), browse("")
    first.get(f"{BACK}?{led(first, provider)}")
    run = app.test_cli_runner().invoke
    assert run(args=["users", "forget-subject", "nobody"]).exit_code == 1
    assert run(args=["users", "forget-subject", LOGIN]).exit_code == 0
    provider.claims["sub"] = "2"
    other.get(f"{BACK}?{led(other, provider)}")
    assert signed_in(other)


def test_a_closed_account_lets_its_person_go(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    first, back = browse(""), browse("")
    first.get(f"{BACK}?{led(first, provider)}")
    with at(Office(app), HOUSE) as acts:
        administration_officers.close(one(LOGIN), acts, None, "Left the service")
    provider.claims["preferred_username"] = "10130000.officer.value"
    page = back.get(f"{BACK}?{led(back, provider)}")
    assert signed_in(back), page.words


def test_one_person_has_one_account(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        assert sign_on_accounts.found(LOGIN, "7") is not None
        monkeypatch.setattr(sign_on, "account_of", lambda subject: None)
        assert sign_on_accounts.found("10130000.head", "7") is None, "another came first, a moment ago"
        monkeypatch.undo()
        assert sign_on_accounts.found("10130000.head", "8") is not None

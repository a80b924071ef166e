"""Single sign-on is as strong as a password with its second factor: the provider says it asked for one, or we ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.levels.roles import Post
from portal.models import AuditEntry
from portal.store.session import acting
from tests.blueprints.test_single_sign_on import BACK, LOGIN, led, provider
from tests.browser import Browser, Page
from tests.cast import HOUSE
from tests.factors import code, give_app
from tests.provider import FakeProvider

__all__ = ["provider"]
Browse = Callable[[str], Browser]
TARGET = "/10130000/drafts"


@pytest.fixture
def needed(app: Flask, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Officers of units need a second factor."""
    found = replace(app.config["ENVIRONMENT"], second_factor_posts=frozenset({Post.OFFICER.value}))
    monkeypatch.setitem(app.config, "ENVIRONMENT", found)
    return app


def back(visitor: Browser, provider: FakeProvider) -> Page:
    return visitor.get(f"{BACK}?{led(visitor, provider, TARGET)}", follow=False)


def location(page: Page) -> str:
    assert page.status == 303, page.words
    return str(page.response.headers["Location"]).split("?")[0]


ATTESTED: tuple[dict[str, Any], ...] = (
    {"amr": ["pwd", "mfa"]},
    {"acr": "mfa"},
    {"amr": ["otp", "mfa"], "acr": "0"},
)
NOT_ATTESTED: tuple[dict[str, Any], ...] = (
    {},
    {"amr": ["pwd"]},
    {"amr": "mfa"},
    {"amr": [["mfa"]]},
    {"amr": {"mfa": True}},
    {"amr": ["MFA", "mfa "]},
    {"acr": ["mfa"]},
    {"acr": "1"},
    {"amr": None, "acr": True},
)


@pytest.mark.parametrize("claims", ATTESTED)
def test_who_gave_a_factor_at_the_provider_comes_in(
    needed: Flask, browse: Browse, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    """He has none here, and is not led to add one."""
    provider.claims |= claims
    visitor = browse("")
    assert location(back(visitor, provider)) == TARGET
    assert visitor.get(TARGET, follow=False).status == 200


@pytest.mark.parametrize("claims", NOT_ATTESTED)
def test_else_his_own_factor_is_asked_for(
    needed: Flask, browse: Browse, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    give_app(needed, LOGIN)
    provider.claims |= claims
    visitor = browse("")
    assert location(back(visitor, provider)) == "/sign-in/factor"
    assert location(visitor.get(TARGET, follow=False)) == "/sign-in", "nothing is open yet"
    page = visitor.get(f"/sign-in/factor?next={TARGET}")
    wrong = page.form("/sign-in/factor").submit(False, one_time_code="000000")
    assert wrong.status == 422
    assert location(visitor.get(TARGET, follow=False)) == "/sign-in"
    done = wrong.form("/sign-in/factor").submit(False, one_time_code=code())
    assert location(done) == TARGET
    assert visitor.get(TARGET, follow=False).status == 200
    with needed.app_context(), acting(HOUSE, "test", writes=False) as mine:
        entered = mine.scalars(select(AuditEntry.action).where(AuditEntry.action.like("%.enter"))).all()
    assert entered[-1] == "single_sign_on.enter"


def test_an_officer_without_a_factor_adds_one_before_anything_opens(
    needed: Flask, browse: Browse, provider: FakeProvider
) -> None:
    visitor = browse("")
    back(visitor, provider)
    for address in (TARGET, "/10130000/", "/10130000/duties", "/preferences"):
        assert location(visitor.get(address, follow=False)) == "/account/factors", address
    assert visitor.get("/account/factors/app").status == 200


def test_his_factor_is_asked_for_where_only_break_glass_accounts_have_passwords(
    needed: Flask, browse: Browse, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second step of single sign-on opens an account that a password would not; and no other step does."""
    found = replace(needed.config["ENVIRONMENT"], break_glass_only=True)
    monkeypatch.setitem(needed.config, "ENVIRONMENT", found)
    give_app(needed, LOGIN)
    visitor = browse("")
    back(visitor, provider)
    page = visitor.get(f"/sign-in/factor?next={TARGET}")
    assert location(page.form("/sign-in/factor").submit(False, one_time_code=code())) == TARGET
    with needed.app_context(), acting(HOUSE, "test", writes=False) as mine:
        told = mine.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.break_glass")).all()
    assert told == []


def test_a_factor_that_nobody_demands_is_asked_for_as_after_a_password(
    app: Flask, browse: Browse, provider: FakeProvider
) -> None:
    give_app(app, LOGIN)
    visitor = browse("")
    assert location(back(visitor, provider)) == "/sign-in/factor"
    other = browse("")
    provider.claims["amr"] = ["mfa"]
    assert location(back(other, provider)) == TARGET


def test_the_operator_names_what_is_believed(
    needed: Flask, browse: Browse, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(needed, LOGIN)
    for accepted, claims, way in (
        (frozenset[str](), {"amr": ["mfa"], "acr": ""}, "/sign-in/factor"),
        (frozenset({"phr"}), {"amr": ["mfa"]}, "/sign-in/factor"),
        (frozenset({"phr"}), {"amr": ["mfa"], "acr": "phr"}, TARGET),
    ):
        environment = needed.config["ENVIRONMENT"]
        settings = replace(environment.sso, second_factors=accepted)
        monkeypatch.setitem(needed.config, "ENVIRONMENT", replace(environment, sso=settings))
        provider.claims |= claims
        assert location(back(browse(""), provider)) == way


def test_a_later_sign_in_forgets_what_the_provider_said(
    needed: Flask, browse: Browse, provider: FakeProvider
) -> None:
    visitor = browse("")
    provider.claims["amr"] = ["mfa"]
    back(visitor, provider)
    provider.claims["amr"] = ["pwd"]
    back(visitor, provider)
    assert location(visitor.get(TARGET, follow=False)) == "/account/factors"

"""The portal proves itself to the provider by a key pair, without a secret that both know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from joserfc.jwk import ECKey, RSAKey

import config
from portal.settings import flask_settings
from tests.blueprints.test_single_sign_on import BACK, led, provider, refused, signed_in
from tests.browser import Browser
from tests.provider import KEY, OTHER_KEY, SHORT_KEY, FakeProvider

__all__ = ["provider"]
Browse = Callable[[str], Browser]


def by(app: Flask, provider: FakeProvider, mine: RSAKey, known: RSAKey) -> None:
    """The portal has one key, and the provider knows one."""
    env = app.config["ENVIRONMENT"]
    sso = replace(env.sso, client_secret="", client_key=mine.as_pem(private=True).decode())
    app.config["ENVIRONMENT"] = replace(env, sso=sso)
    provider.client_key = known


def test_it_signs_what_it_asks_for_a_minute(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    by(app, provider, KEY, KEY)
    for _ in range(2):
        visitor = browse("")
        visitor.get(f"{BACK}?{led(visitor, provider)}")
        assert signed_in(visitor)
    first, second = provider.assertions
    assert first["jti"] != second["jti"], "none is used twice"
    assert first["exp"] - first["iat"] <= 60


def test_the_key_of_another_opens_nothing(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    by(app, provider, OTHER_KEY, KEY)
    visitor = browse("")
    refused(visitor, led(visitor, provider), 403)
    assert provider.assertions == []


WRONG = {
    "nonsense": "nonsense",
    "short": SHORT_KEY.as_pem(private=True).decode(),
    "public": KEY.as_pem(private=False).decode(),
    "of another kind": ECKey.generate_key("P-256").as_pem(private=True).decode(),
}


@pytest.mark.parametrize("pem", WRONG.values(), ids=WRONG)
def test_a_weak_key_or_none_lets_nothing_start(app: Flask, provider: FakeProvider, pem: str) -> None:
    env = app.config["ENVIRONMENT"]
    weak = replace(env, sso=replace(env.sso, client_key=pem))
    with pytest.raises(config.Misconfigured, match="PORTAL_OIDC_CLIENT_KEY"):
        flask_settings(weak)

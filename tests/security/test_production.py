"""What a portal in production sends and believes: cookies of this host alone, TLS from now on, no debugging."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import Client, TestResponse

import config
from portal import create_app
from portal.extensions import db
from portal.settings import flask_settings
from tests.cast import PASSWORD
from tests.conftest import environment, on_one_database

LOGIN = "10130000.officer.goods"
AT = "https://risk.customs.example"


@pytest.fixture
def live(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A portal in production, behind one proxy that ends TLS."""
    here = replace(environment(database_url, tmp_path), name="production", proxies=1)
    made = create_app({"WTF_CSRF_ENABLED": False}, here)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def get(client: Client, url: str, **headers: str) -> TestResponse:
    return client.get(url, base_url=AT, headers={"X-Forwarded-Proto": "https", **headers})


def signed_in(live: Flask) -> tuple[Client, TestResponse]:
    client = live.test_client()
    data = {"login": LOGIN, "password": PASSWORD}
    answer = client.post("/sign-in", data=data, base_url=AT, headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == 303
    return client, answer


def cookies(answer: TestResponse) -> list[SimpleCookie]:
    return [SimpleCookie(line) for line in answer.headers.getlist("Set-Cookie")]


def test_every_cookie_is_bound_to_this_host_and_to_tls(live: Flask) -> None:
    client, entered = signed_in(live)
    given = [*cookies(entered), *cookies(get(client, "/language/ru")), *cookies(get(client, "/sign-in"))]
    assert len(given) >= 2
    for cookie in given:
        for name, morsel in cookie.items():
            assert name.startswith("__Host-")
            assert (morsel["path"], morsel["domain"], morsel["secure"]) == ("/", "", True)
            assert morsel["httponly"] is True
            assert morsel["samesite"] in ("Lax", "Strict")


def test_the_officer_is_known_by_the_bound_cookie_alone(live: Flask) -> None:
    client, entered = signed_in(live)
    assert get(client, "/10130000/").status_code == 200
    value = next(c["__Host-portal"].value for c in cookies(entered) if "__Host-portal" in c)
    stranger = live.test_client(use_cookies=False)
    assert get(stranger, "/10130000/", Cookie=f"__Host-portal={value}").status_code == 200
    assert get(stranger, "/10130000/", Cookie=f"portal={value}").status_code == 303
    assert get(stranger, "/10130000/", Cookie=f"a=1; __Host-portal={value}; portal=x").status_code == 200


def test_a_session_that_was_touched_or_signed_by_another_opens_nothing(live: Flask) -> None:
    _, entered = signed_in(live)
    value = next(c["__Host-portal"].value for c in cookies(entered) if "__Host-portal" in c)
    payload, stamp, signature = value.rsplit(".", 2)
    mine = {"_user_id": "1", "_fresh": True}
    sha1 = {"key_derivation": "hmac", "digest_method": hashlib.sha1}
    other = URLSafeTimedSerializer("another key of thirty-two letters", salt="cookie-session")
    weak = URLSafeTimedSerializer("k" * 64, salt="cookie-session", signer_kwargs=sha1)
    forged = (
        f"{payload}.{stamp}.{signature[::-1]}",
        f"{payload[:-2]}AA.{stamp}.{signature}",
        f"{payload}.{stamp}.",
        str(other.dumps(mine)),
        str(weak.dumps(mine)),
    )
    own = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    assert URLSafeTimedSerializer("k" * 64, salt="cookie-session", signer_kwargs=own).loads(value)
    stranger = live.test_client(use_cookies=False)
    for one in forged:
        assert get(stranger, "/10130000/", Cookie=f"__Host-portal={one}").status_code == 303


def test_browsers_are_told_to_stay_with_tls(live: Flask) -> None:
    client = live.test_client()
    for url in ("/sign-in", "/nothing-here", "/static/icon.svg"):
        for answer in (get(client, url), client.get(url)):
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
            answer.close()


def test_what_a_browser_kept_is_forgotten_at_sign_out(live: Flask) -> None:
    client, _ = signed_in(live)
    answer = client.post("/sign-out", base_url=AT, headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in get(client, "/sign-in").headers


def test_a_fault_shows_nothing_of_the_inside(live: Flask) -> None:
    @live.get("/fault")
    def fault() -> str:
        secret = "SELECT password FROM vault"
        raise RuntimeError(secret)

    answer = get(live.test_client(), "/fault")
    body = answer.get_data(as_text=True)
    assert answer.status_code == 500
    for word in ("SELECT", "RuntimeError", "Traceback", "vault", "/portal/", "werkzeug", "sqlalchemy"):
        assert word not in body
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def test_debugging_is_off(live: Flask) -> None:
    assert (live.debug, live.testing) == (False, False)
    assert not any(rule.rule.startswith(("/console", "/debug")) for rule in live.url_map.iter_rules())
    assert get(live.test_client(), "/?__debugger__=yes&cmd=resource&f=debugger.js").mimetype == "text/html"


@on_one_database
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "DEBUG"])
@pytest.mark.parametrize("url", ["/sign-in", "/static/icon.svg", "/10130000/"])
def test_methods_that_nothing_uses_are_refused(live: Flask, method: str, url: str) -> None:
    answer = live.test_client().open(url, method=method, headers={"X-Told": "secret-word"})
    assert answer.status_code in (303, 405)
    assert "secret-word" not in answer.get_data(as_text=True)
    if method == "TRACE":
        assert answer.status_code == 405


@on_one_database
@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-Method-Override", "_method"])
def test_a_method_is_the_one_that_was_sent(live: Flask, override: str) -> None:
    client, _ = signed_in(live)
    get(client, f"/sign-out?{override}=POST", **{override: "POST"})
    assert get(client, "/10130000/").status_code == 200


LINES = (
    ("sqlite:////var/portal.db", True),
    ("postgresql+psycopg:///portal", True),
    ("postgresql+psycopg://u@/portal?host=/run/postgresql", True),
    ("postgresql+psycopg://u@127.0.0.1/portal", True),
    ("postgresql+psycopg://u@db.customs.example/portal?sslmode=verify-full", True),
    ("postgresql+psycopg://u@db.customs.example/portal", False),
    ("postgresql+psycopg://u@db.customs.example/portal?sslmode=require", False),
    ("postgresql+psycopg://u@db.customs.example/portal?sslmode=verify-ca", False),
    ("postgresql+psycopg://u@/portal?host=db.customs.example", False),
    ("postgresql+psycopg://u@localhost/portal?host=db.customs.example", False),
    ("postgresql+psycopg://u@localhost,db.customs.example/portal", False),
    ("postgresql+psycopg://u@localhost/portal?hostaddr=203.0.113.9", False),
)


@pytest.mark.parametrize(("address", "taken"), LINES)
def test_the_line_to_a_database_elsewhere_is_verified_tls(tmp_path: Path, address: str, taken: bool) -> None:
    """That of the serving role, and that of the owner of the tables."""
    here = config.Environment("production", address, tmp_path, "k" * 64, 8000)
    owner = replace(here, database_url="postgresql+psycopg:///portal", migration_url=address)
    if taken:
        assert flask_settings(here)["SQLALCHEMY_DATABASE_URI"] == address
        assert flask_settings(owner)
    for one in () if taken else (here, owner):
        with pytest.raises(config.Misconfigured, match="verify-full"):
            flask_settings(one)
    assert flask_settings(replace(here, name="development"))

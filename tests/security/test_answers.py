"""Every answer of every reading route, for those who come in and those who do not, says what it is and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.web.security import HEADERS
from tests.browser import Browser
from tests.conftest import on_one_database
from tests.matrices import world

Browse = Callable[[str], Browser]

READERS = (
    ("10130000.officer.goods", "10130000"),
    ("10130000.inspector", "10130000"),
    ("10130000.auditor", "10130000"),
    ("10000000.officer.goods", "10000000"),
    ("10000000.administrator", "10000000"),
    ("00000000.union_coordinator", "00000000"),
    ("", "10130000"),
)
#: Kinds of content that the portal gives, by how the body must look.
LOOKS: dict[str, Callable[[bytes], bool]] = {
    "text/html": lambda body: body.lstrip()[:1] == b"<",
    "text/csv": lambda body: body.startswith("\ufeff".encode()) and b"<html" not in body,
    "text/plain": lambda body: b"<" not in body,
    "application/json": lambda body: body[:1] in b"{[",
    "application/jsonl": lambda body: body[:1] == b"{",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lambda body: body[:2] == b"PK",
    "image/svg+xml": lambda body: b"<svg" in body,
}
SECRET = re.compile("pass|secret|token|csrf|form_key|session|api_?key", re.IGNORECASE)


@dataclass
class Answer:
    """One answer, read to its end."""

    rule: str
    login: str
    response: TestResponse
    body: bytes

    def __repr__(self) -> str:
        return f"{self.rule} for {self.login or 'nobody'}: {self.response.status_code}"


def address(rule: Rule, ids: world.Ids, code: str) -> str:
    plain = {
        "move": "submit",
        "section": "header",
        "part": "text",
        "kind": "drafts",
        "locale": "en",
        "code": code,
    }
    profile = rule.endpoint.startswith("profiles.")

    def put(found: re.Match[str]) -> str:
        name = "profile_id" if profile and found[1] == "document_id" else found[1]
        return plain.get(name) or str(ids.get(name, {}).get(world.PATH_OF[code], 1))

    return re.sub(r"<(?:\w+:)?(\w+)>", put, rule.rule)


_FOUND: dict[str, list[Answer]] = {}


@pytest.fixture
def answers(app: Flask, browse: Browse) -> list[Answer]:
    """One walk for each database serves all tests: they only look."""
    engine = app.config["SQLALCHEMY_DATABASE_URI"].split(":")[0]
    if engine not in _FOUND:
        _FOUND[engine] = walked(app, browse)
    return _FOUND[engine]


def walked(app: Flask, browse: Browse) -> list[Answer]:
    with app.app_context():
        ids = world.build()
    found: list[Answer] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for login, code in READERS:
            with browse(login).client.get(address(rule, ids, code)) as response:
                found.append(Answer(rule.rule, login, response, response.get_data()))
    assert {200, 303, 403, 404} <= {one.response.status_code for one in found}
    return found


@on_one_database  # tests/matrices/test_tenants.py asks every page of both
def test_every_answer_is_guarded_typed_and_kept_by_nobody(answers: list[Answer]) -> None:
    seen: set[str] = set()
    for one in answers:
        headers = one.response.headers
        assert one.response.status_code < 500, one
        for name, value in HEADERS.items():
            assert headers[name] == value, one
        assert headers["Cache-Control"] == "no-store", one
        assert "Access-Control-Allow-Origin" not in headers, one
        for told in ("Server", "X-Powered-By"):
            assert told not in headers, one
        if one.body:
            kind = one.response.mimetype
            assert LOOKS[kind](one.body), one
            seen.add(kind)
            if kind.startswith("text/"):
                assert "charset=utf-8" in headers["Content-Type"].lower(), one
            one.body.decode("utf-8") if kind.startswith("text/") else None
    assert {"text/html", "text/csv"} <= seen


def test_the_policy_allows_this_origin_alone() -> None:
    found = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    nothing = {"default-src", "object-src", "base-uri", "frame-ancestors"}
    assert {name for name, sources in found.items() if sources == "'none'"} == nothing
    rest = {source for name, sources in found.items() if name not in nothing for source in sources.split()}
    assert rest == {"'self'", "data:"}
    assert [name for name, sources in found.items() if "data:" in sources] == ["img-src"]
    assert HEADERS["Referrer-Policy"] in ("same-origin", "no-referrer", "strict-origin")


def test_downloads_have_names_of_ours_and_are_saved_not_shown(answers: list[Answer]) -> None:
    files = [
        one for one in answers if one.response.status_code == 200 and one.response.mimetype != "text/html"
    ]
    named = 0
    for one in files:
        given = one.response.headers.get("Content-Disposition", "")
        if one.response.mimetype in ("text/csv",) or "openxml" in one.response.mimetype:
            assert re.fullmatch(r'attachment; filename="?[A-Za-z0-9._-]+"?', given), (one, given)
            named += 1
        else:
            assert not given or given.startswith("attachment"), one
    assert named >= 5


@on_one_database
def test_no_address_carries_a_secret_or_leads_elsewhere(answers: list[Answer]) -> None:
    looked_at = 0
    for one in answers:
        place = urlsplit(one.response.headers.get("Location", ""))
        assert place.netloc == "", one
        if one.response.mimetype != "text/html":
            continue
        soup = BeautifulSoup(one.body, "html.parser")
        for tag in soup.find_all(["a", "form", "link", "script", "img", "button"]):
            looked_at += 1
            _police(tag, one)
        for form in soup.find_all("form", method=re.compile("get", re.IGNORECASE)):
            names = [str(control.get("name", "")) for control in form.find_all("input")]
            assert not [name for name in names if SECRET.search(name)], one
    assert looked_at > 1_000


def _police(tag: Any, one: Answer) -> None:
    for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
        parts = urlsplit(str(tag.get(name, "")))
        assert parts.scheme in ("", "mailto", "tel"), (one, str(tag))
        assert parts.netloc == "", (one, str(tag))
        assert not [key for key in parse_qs(parts.query) if SECRET.search(key)], (one, str(tag))


def test_signing_out_is_offered_on_every_page_of_an_officer(answers: list[Answer]) -> None:
    pages = [
        one
        for one in answers
        if one.login and one.response.status_code == 200 and one.response.mimetype == "text/html"
        and b"<html" in one.body and "print" not in one.rule and "journal" not in one.rule
    ]  # fmt: skip
    without = {one.rule for one in pages if b'action="/sign-out"' not in one.body}
    assert without == set()
    assert len(pages) > 50


def test_strangers_are_given_no_file_nor_page_behind_the_sign_in(answers: list[Answer]) -> None:
    opened = {one.rule for one in answers if not one.login and one.response.status_code == 200}
    assert opened <= {"/sign-in", "/healthz", "/readyz"}


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/config.py", "/wsgi.py", "/portal/__init__.py", "/static/", "/static/css/",
     "/static/../config.py", "/static/%2e%2e/%2e%2e/config.py", "/static/..%2f..%2fconfig.py", "/static//etc/passwd",
     "/var/portal.db", "/docs/architecture.md", "/server-status", "/tests/", "/requirements.txt"],
)  # fmt: skip
def test_no_source_no_setting_and_no_list_of_files_is_served(browse: Browse, path: str) -> None:
    """A word at the root is looked up as an authority: the officer finds none, a stranger the sign-in page."""
    officer = browse("10130000.officer.goods").client.get(path, follow_redirects=True)
    assert officer.status_code == 404
    stranger = browse("").client.get(path, follow_redirects=True)
    assert stranger.status_code == 404 or stranger.request.path == "/sign-in"
    assert {officer.mimetype, stranger.mimetype} == {"text/html"}


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"])
def test_no_header_of_a_visitor_leads_elsewhere(browse: Browse, name: str) -> None:
    ask = partial(browse("").client.get, headers={name: "evil.example"})
    for answer in (ask("/"), ask("/sign-in"), ask("/10130000/drafts"), ask("/language/ru")):
        assert "evil.example" not in answer.get_data(as_text=True)
        assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_no_other_origin_may_read_or_ask_beforehand(browse: Browse, origin: str) -> None:
    client = browse("10130000.officer.goods").client
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (client.get("/10130000/", headers=asked), client.options("/10130000/", headers=asked)):
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


def test_a_name_given_twice_means_the_same_to_all(browse: Browse) -> None:
    """The first counts, in the address and in the form, and neither stands for the other."""
    reader = browse("10130000.officer.goods")
    twice = reader.get("/10130000/search?q=first&q=second")
    assert twice.soup.find("input", id="words")["value"] == "first"
    visitor = browse("")
    form = visitor.get("/sign-in").form("/sign-in")
    data = {name: value for name, value in form.values if name != "login"}
    answer = visitor.post("/sign-in?login=10130000.officer.goods", data, follow=False)
    assert answer.status == 422


def test_a_token_in_the_address_is_no_token(browse: Browse) -> None:
    visitor = browse("")
    values = dict(visitor.get("/sign-in").form("/sign-in").values)
    token = values.pop("csrf_token")
    refused = visitor.client.post(f"/sign-in?csrf_token={token}", data=values)
    assert refused.status_code == 400
    assert visitor.client.post("/sign-in", data={**values, "csrf_token": token}).status_code == 422

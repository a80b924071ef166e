"""Whatever an address holds, the portal answers it: every reading route, every argument, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from tests.browser import Browser
from tests.matrices import world

Browse = Callable[[str], Browser]

#: Officers of whom one at least opens each page, with the authority at which he does.
READERS = (
    ("10130000.officer.goods", "10130000"),
    ("10130000.inspector", "10130000"),
    ("10130000.auditor", "10130000"),
    ("10130000.administrator", "10130000"),
    ("10000000.officer.goods", "10000000"),
    ("00000000.union_coordinator", "00000000"),
)
IN_PATHS = ("2147483648", "9223372036854775808", "9" * 5000, "-1", "%00", "%FF", "%D9%A3", "a%0d%0ab")
IN_QUERIES = (
    "%00", "a%00b", "%ED%A0%80", "%FF", "%0d%0a", "2147483648", "9223372036854775808", "9" * 5000, "-1",
    "%D9%A3", "%C2%B2", "%27", "%25", "%5B", "1e5", "2026-13-45", "0001-01-01", "9999-12-31", "x" * 9000,
)  # fmt: skip
#: What a database may refuse that the portal lets through to it; PostgreSQL is asked these, SQLite all of them.
OF_THE_DATABASE = ("%00", "%ED%A0%80", "%FF", "2147483648", "9223372036854775808", "9999-12-31", "%25")
#: Those that each argument is given alone as well, since a fault in one may hide the next.
ALONE = ("%00", "9223372036854775808", "0001-01-01")


#: Pages of acts that the documents of the world do not allow as they stand.
CLOSED = frozenset(
    {
        "account.ask_codes", "account.ask_end", "account.ask_removal", "administration.close_authority",
        "audit.timeline", "circulation.change", "circulation.circulate", "circulation.decline", "decisions.done",
        "health.collected", "officer_import.ask_passwords", "profiles.section", "registers.export", "registers.journal",
        "single_sign_on.again", "single_sign_on.back", "single_sign_on.begin",
    }
)  # fmt: skip


class Recorded(ImmutableMultiDict[str, str]):
    """Arguments that note which names a view asks for."""

    asked: set[str] = set()  # noqa: RUF012 - one note for all requests of the walk

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *rest, **more)

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)


@dataclass
class Walk:
    """What a walk over the routes asked, and what broke."""

    faults: list[tuple[str, int]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    requests: int = 0

    def get(self, reader: Browser, url: str) -> int:
        answer = reader.client.get(url)
        answer.get_data()
        self.requests += 1
        if answer.status_code >= 500:
            self.faults.append((url[:90], answer.status_code))
        return answer.status_code


def good(ids: world.Ids, name: str, path: str) -> str:
    plain = {"move": "submit", "section": "header", "part": "text", "kind": "draft", "locale": "en",
             "table": "document", "row": "1"}  # fmt: skip
    return plain.get(name) or str(ids.get(name, {}).get(path, 1))


def address(rule: Rule, arguments: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: arguments[found[1]], rule.rule)


def routes(app: Flask, browse: Browse, ids: world.Ids, walk: Walk) -> Iterator[tuple[Any, ...]]:
    """Each reading route with a reader who comes in, its good arguments, and the names that its view asks for."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for login, code in READERS:
            home = world.PATH_OF[code]
            arguments = {name: good(ids, name, home) for name in rule.arguments} | {"code": code}
            if rule.endpoint.startswith("profiles."):
                arguments["document_id"] = good(ids, "profile_id", home)
            Recorded.asked.clear()
            if walk.get(browse(login), address(rule, arguments)) in (200, 303):
                break
        else:
            walk.closed.add(rule.endpoint)
        yield rule, browse(login), arguments, sorted(Recorded.asked)


def test_no_address_breaks_a_page(app: Flask, browse: Browse) -> None:
    app.request_class = type("Request", (app.request_class,), {"parameter_storage_class": Recorded})
    with app.app_context():
        ids = world.build()
    walk = Walk()
    on_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    in_paths, in_queries = (
        [value for value in values if on_sqlite or value in OF_THE_DATABASE]
        for values in (IN_PATHS, IN_QUERIES)
    )
    for rule, reader, arguments, names in list(routes(app, browse, ids, walk)):
        walk.names |= set(names)
        for name in sorted(rule.arguments):
            for value in in_paths if name != "code" else ("%00",):
                walk.get(reader, address(rule, {**arguments, name: value}))
        url = address(rule, arguments)
        for value in in_queries if names else ():
            walk.get(reader, url + "?" + "&".join(f"{name}={value}" for name in names))
        for value in ALONE if len(names) > 1 else ():
            for name in names:
                walk.get(reader, f"{url}?{name}={value}")
    assert walk.faults == []
    assert walk.closed <= CLOSED, "\n".join(sorted(walk.closed))
    assert {"older", "newer", "before", "after", "words", "since", "until", "day", "row", "q"} <= walk.names
    assert walk.requests > 1_000


@pytest.mark.parametrize("target", ["//[x", "/%0d%0aX: 1", "/a%00", "//evil.example", "/%5cevil.example"])
def test_no_address_leads_elsewhere(app: Flask, browse: Browse, target: str) -> None:
    for url in (f"/sign-in?next={target}", f"/language/en?next={target}"):
        answer = browse("").client.get(url)
        assert answer.status_code in (200, 303)
        assert answer.headers.get("Location", "/") == "/"


def test_numbers_sent_to_alerts_are_bounded(app: Flask, browse: Browse) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    reader = browse("10130000.officer.goods")
    for number, (name, value) in enumerate([("alert", "9" * 25), ("newest", "9" * 25), ("alert", "٣")]):
        data = {name: value, "form_key": f"key-{number}"}
        answer = reader.client.post("/10130000/alerts/acknowledge", data=data)
        assert answer.status_code in (303, 404)
        assert urlsplit(answer.headers.get("Location", "")).netloc == ""

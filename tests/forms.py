"""Finds the forms of the furnished portal, fills them in plausibly, and sends them as raw bytes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_plus, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests import crawl, past, walks
from tests.browser import Browser
from tests.cast import PASSWORD
from tests.days import today
from tests.signed_in import browser_of

PAGES = Path(__file__).with_suffix(".csv")

#: Names and values in the order in which they are sent.
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Control:
    """A control of a form: its type, its value as shown, and what may be chosen."""

    name: str
    kind: str
    shown: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A form as one officer sees it on one page; the login "" is nobody's."""

    login: str
    page: str
    action: str
    endpoint: str
    controls: tuple[Control, ...]
    arguments: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        words = [str(v) for k, v in self.arguments.items() if k != "code" and isinstance(v, str)]
        return " ".join([self.endpoint, *words])

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.controls}

    @property
    def takes_files(self) -> bool:
        return any(one.kind == "file" for one in self.controls)


@dataclass(frozen=True)
class Upload:
    """A file that is sent."""

    name: str
    content: bytes


def pages() -> list[tuple[str, str]]:
    """The pages of the furnished portal on which each of its forms stands, with an officer who may open it.

    They are kept in a file, since finding them is a walk through all pages; `scripts/hostile_forms.py --find`
    walks again and writes them anew.
    """
    return [(login, url) for login, url in csv.reader(PAGES.read_text().splitlines())]


def find_pages(app: Flask) -> list[tuple[str, str]]:
    """Walk through the furnished portal, and name the pages on which forms stand."""
    found = crawl.walk(app, walks.WALKERS)
    seen = [("", "/sign-in"), *((one.login, one.url) for one in found.pages)]
    return list(dict.fromkeys((one.login, one.page) for one in shown(app, seen)))


def shown(app: Flask, places: Sequence[tuple[str, str]]) -> list[Shown]:
    """Each form of POST on these pages, once for each route, move or section, and set of controls."""
    browsers: dict[str, Browser] = {}
    forms: dict[tuple[object, ...], Shown] = {}
    for login, url in places:
        if login not in browsers:
            browsers[login] = browser(app, login)
        answer = browsers[login].client.get(url)
        assert answer.status_code == 200, f"{login} {url}: {answer.status_code}; run hostile_forms.py --find"
        for one in on_page(app, login, url, answer.get_data(as_text=True)):
            forms.setdefault((one.name, frozenset(one.names)), one)
    return list(forms.values())


def browser(app: Flask, login: str) -> Browser:
    return browser_of(app, login) if login else Browser(app)


def on_page(app: Flask, login: str, url: str, html: str) -> Iterator[Shown]:
    """The forms of POST that a page holds."""
    adapter = app.url_map.bind("localhost")
    for tag in BeautifulSoup(html, "html.parser").find_all("form"):
        if str(tag.get("method", "")).lower() != "post":
            continue
        action = urljoin(url, str(tag["action"]))
        try:
            endpoint, values = adapter.match(urlsplit(action).path, "POST")
        except HTTPException as error:
            raise AssertionError(f"{url} has a form to {action}, which takes none") from error
        yield Shown(login, url, action, endpoint, tuple(_controls(tag)), dict(values))


def _controls(form: Tag) -> Iterator[Control]:
    boxes: dict[str, Control] = {}
    for tag in form.find_all(["input", "select", "textarea", "button"]):
        name = str(tag.get("name") or "")
        if not name or tag.has_attr("disabled"):
            continue
        kind = str(tag.get("type", "submit" if tag.name == "button" else "text"))
        value = str(tag.get("value", ""))
        if tag.name == "select":
            options = tag.find_all("option")
            chosen = tuple(str(o.get("value", "")) for o in options if o.has_attr("selected"))
            yield Control(name, "select", chosen, tuple(str(o.get("value", "")) for o in options))
        elif tag.name == "textarea":
            yield Control(name, "textarea", (tag.get_text().removeprefix("\r").removeprefix("\n"),))
        elif kind in ("radio", "checkbox", "submit"):
            before = boxes.get(name, Control(name, kind))
            chosen = (value,) if tag.has_attr("checked") else ()
            boxes[name] = replace(before, shown=before.shown + chosen, choices=(*before.choices, value))
        else:
            yield Control(name, kind, (value,))
    yield from boxes.values()


def filled(form: Shown, chance: Random, **typed: str) -> Pairs:
    """What a diligent officer would send: what is shown stays, what is empty is filled in."""
    sent: Pairs = []
    for one in form.controls:
        if one.name in typed:
            sent.append((one.name, typed[one.name]))
        elif one.name == "form_key":
            sent.append((one.name, f"{chance.getrandbits(120):x}"))
        else:
            sent += [(one.name, value) for value in _plausible(one, chance)]
    return sent


def _plausible(one: Control, chance: Random) -> Sequence[str]:
    if one.kind in ("file", "submit"):
        return ()
    if any(one.shown) or one.kind in ("hidden",):
        return one.shown
    real = [value for value in one.choices if value]
    if one.kind == "checkbox" and one.name == "confirmed":
        return one.choices
    if one.choices:
        return real[:1] if one.kind == "checkbox" else (chance.choice(real),) if real else ()
    return (_word(one),)


#: What fits a control by the end of its name, where words do not.
FITTING = {
    "new_password": "vellum otter quarrels 93", "again": "vellum otter quarrels 93", "email": "new@example.org",
    "login": "petrova", "hs_code": "640399", "codes": "6401", "code": "10139990", "country": "CN", "currency": "RUB",
    "_kg": "10", "payments": "100.00", "price": "100", "value": "100", "rate": "5", "procedure": "40",
    "inspection_code": "", "mode": "30", "declaration_id": "10130010/77", "preference": "", "ground": "Art. 16.2",
}  # fmt: skip


def _word(one: Control) -> str:
    for end, word in FITTING.items():
        if one.name.endswith(end):
            return word
    if one.kind == "password":
        return PASSWORD
    if one.kind == "date" or one.name.endswith(("_date", "_on", "day", "since")):
        return today().isoformat()
    if one.kind == "number":
        return "1"
    return "Words of an officer"


def upload(form: Shown) -> Upload:
    """A file that the form takes, or takes back with a list of faults."""
    if form.endpoint.startswith("officer_import"):
        return Upload("officers.csv", b"login,name,authority,post\npetrova,Petrova,10130010,inspector\n")
    return Upload("past.csv", "\n".join([past.HEADER, *past.ROWS[1:3]]).encode())


def as_bytes(text: str) -> bytes:
    """UTF-8, with lone surrogates as the bytes that no decoder takes."""
    return text.encode("utf-8", "surrogatepass")


def urlencoded(pairs: Pairs) -> bytes:
    return b"&".join(
        b"=".join(quote_plus(as_bytes(part)).encode() for part in (name, value)) for name, value in pairs
    )


BOUNDARY = b"----boundary-of-a-form"


def multipart(pairs: Pairs, files: Sequence[tuple[str, Upload]]) -> bytes:
    lines: list[bytes] = []
    for name, value in pairs:
        head = b'Content-Disposition: form-data; name="%s"' % _quoted(name)
        lines += [b"--" + BOUNDARY, head, b"", as_bytes(value)]
    for name, one in files:
        head = b'Content-Disposition: form-data; name="%s"; filename="%s"' % (
            _quoted(name),
            _quoted(one.name),
        )
        lines += [b"--" + BOUNDARY, head, b"Content-Type: application/octet-stream", b"", one.content]
    return b"\r\n".join([*lines, b"--" + BOUNDARY + b"--", b""])


def _quoted(text: str) -> bytes:
    return as_bytes(text).replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")


def send(
    browser: Browser,
    address: str,
    pairs: Pairs,
    files: Sequence[tuple[str, Upload]] | None = None,
    headers: dict[str, str] | None = None,
) -> TestResponse:
    """Post it; with `files`, even an empty list, in parts. What says that it is JSON sends the first value alone."""
    if headers and headers.get("Content-Type") == "application/json":
        body, kind = pairs[0][1].encode("utf-8", "replace") if pairs else b"", "application/json"
    elif files is None:
        body, kind = urlencoded(pairs), "application/x-www-form-urlencoded"
    else:
        body, kind = multipart(pairs, files), f"multipart/form-data; boundary={BOUNDARY.decode()}"
    return browser.client.post(address, data=body, content_type=kind, headers=headers)

"""A test client that checks every page it is shown, and fills in the forms that it finds there."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

_UNLABELLED = ("hidden", "submit", "button", "reset", "image")


class Broken(AssertionError):
    """A page breaks one of the rules that hold for all of them."""


class Page:
    """An HTML answer."""

    def __init__(self, browser: Browser, response: TestResponse, url: str) -> None:
        self.browser, self.response, self.url = browser, response, url
        self.status = response.status_code
        self.text = response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    @property
    def words(self) -> str:
        """What the page says, its white space folded."""
        main = self.soup.find("main") or self.soup
        return " ".join(main.get_text(" ").split())

    def form(self, action: str) -> Form:
        """The form that is sent to a path ending in `action`."""
        forms = [
            f for f in self.soup.find_all("form") if str(f.get("action", "")).split("?")[0].endswith(action)
        ]
        there = [f.get("action") for f in self.soup.find_all("form")]
        assert forms, f"{self.url} has no form to {action}; it has {there}"
        return Form(self, forms[0])

    def links(self) -> list[str]:
        return [str(a["href"]) for a in self.soup.find_all("a", href=True)]


class Form:
    """A form of a page, with the values it was shown with."""

    def __init__(self, page: Page, tag: Tag) -> None:
        self.page, self.tag = page, tag
        self.values: list[tuple[str, str]] = list(_values(tag))

    def submit(self, follow: bool = True, **typed: Any) -> Page:
        """Send it as a browser would, with `typed` put over the shown values (a list: several)."""
        data = [(name, value) for name, value in self.values if name not in typed]
        for name, value in typed.items():
            data += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        sent: dict[str, list[str]] = {}
        for name, value in data:
            sent.setdefault(name, []).append(value)
        return self.page.browser.post(str(self.tag["action"]), sent, follow=follow)


def _values(form: Tag) -> Any:
    for control in form.find_all(["input", "select", "textarea"]):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or kind in ("submit", "button") or control.has_attr("disabled"):
            continue
        if control.name == "select":
            chosen = [o for o in control.find_all("option") if o.has_attr("selected")]
            if not chosen and not control.has_attr("multiple"):
                chosen = control.find_all("option")[:1]
            yield from ((name, o.get("value", "")) for o in chosen)
        elif control.name == "textarea":
            yield name, control.get_text()
        elif kind not in ("checkbox", "radio") or control.has_attr("checked"):
            yield name, control.get("value", "")


class Browser:
    """One visitor."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        # the databases hold the same, and so do the pages: what is wrong with one is seen on SQLite
        self.polices = not app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")

    def get(self, url: str, follow: bool = True, **headers: str) -> Page:
        page = Page(self, self.client.get(url, follow_redirects=follow, headers=headers), url)
        return page if headers else self._policed(page)

    def post(self, url: str, data: dict[str, Any], follow: bool = True) -> Page:
        return self._policed(Page(self, self.client.post(url, data=data, follow_redirects=follow), url))

    def _policed(self, page: Page) -> Page:
        if self.polices and page.response.mimetype == "text/html" and page.status not in (301, 302, 303):
            police(page)
        return page

    def sign_in(self, login: str, password: str) -> Page:
        shown = self.get("/sign-in")
        page = shown.form("/sign-in").submit(follow=False, login=login, password=password)
        assert page.status == 303, page.words
        return page


def police(page: Page) -> None:
    """Check what must hold for every page: one h1, a title, unique ids, labels, safe forms, valid HTML."""
    soup = page.soup
    where = f"{page.url} ({page.status})"
    heads = [one for one in soup.find_all("h1") if not one.find_parent("template")]
    _that(len(heads) == 1, where, f"{len(heads)} h1 elements")
    _that(bool(soup.title and soup.title.get_text(strip=True)), where, "no title")
    twice = [i for i, n in Counter(t["id"] for t in soup.find_all(id=True)).items() if n > 1]
    _that(not twice, where, f"ids given twice: {twice}")
    for control in soup.find_all(["input", "select", "textarea"]):
        if control.get("type") not in _UNLABELLED:
            _that(_is_labelled(soup, control), where, f"no label for {control.get('name')!r}")
    for form in soup.find_all("form"):
        _police_form(form, where)
    _that(not soup.find_all(style=True) and not soup.find_all("style"), where, "inline style")
    inline = [s for s in soup.find_all("script") if not s.get("src") and s.get("type") != "application/json"]
    _that(not inline, where, "inline script")
    _police_markup(page.text, where)


#: What a parser of HTML judges: tags with the names of their attributes, and references; not what is between them.
_JUDGED = re.compile(r"<[^>]*>|&[^;\s]*;?")
_VALUES = re.compile(r'"[^"]*"')
_VALID: set[str] = set()


def _police_markup(text: str, where: str) -> None:
    """The whole grammar of HTML is slow to read: pages that differ in their words alone are judged once."""
    judged = _VALUES.sub('""', "".join(_JUDGED.findall(text)))
    if judged in _VALID:
        return
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    _that(not parser.errors, where, f"invalid HTML: {parser.errors[:3]}")
    _VALID.add(judged)


def _police_form(form: Tag, where: str) -> None:
    _that(bool(form.get("action")), where, "a form without an action")
    if str(form.get("method", "get")).lower() == "post":
        names = {c.get("name") for c in form.find_all("input")}
        _that("csrf_token" in names, where, f"form to {form['action']} without a token")
        _that("form_key" in names, where, f"form to {form['action']} without a one-time key")
        _that(not urlsplit(str(form["action"])).netloc, where, "a form that leaves the portal")


def _is_labelled(soup: BeautifulSoup, control: Tag) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label"):
        return True
    return bool(control.get("id") and soup.find("label", attrs={"for": control["id"]}))


def _that(holds: bool, where: str, fault: str) -> None:
    if not holds:
        raise Broken(f"{where}: {fault}")

"""Markup in every stored text, in a real browser: nothing of it runs, the policy refuses nothing, all is readable."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from portal import create_app
from portal.extensions import db
from tests import crawl, spoiled, walks
from tests.conftest import SETTINGS, environment, hurry
from tests.spoiled import MARKUP, RAN, WORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Tells what the policy refused, before any script of the page could run.
WATCH = """window.__refused = []; document.addEventListener("securitypolicyviolation",
    event => window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`));"""
#: What markup leaves in a page when it is alive, whether or not the policy lets it run.
ALIVE = """() => [
    ...(window.__ran ? [`ran ${window.__ran} times`] : []), ...window.__refused.map(one => `refused ${one}`),
    ...[...document.querySelectorAll(
        "[onerror], [onload], [onfocus], [srcdoc], [hx-get='/evil'], base, a[href^=javascript i]"
    )].map(one => `alive ${one.outerHTML.slice(0, 90)}`)]"""
#: Words in an address, of the searches and filters of several lists.
TYPED = (
    "search?q={}", "drafts?words={}", "drafts?status={}", "profiles?words={}", "directory?words={}",
    "registers/drafts?words={}", "alerts?state={}",
)  # fmt: skip
#: So many pages are looked at; with PORTAL_EVERY_PAGE=1 every one that a walk finds, else one of each endpoint.
LEAST = 60
#: Pages that surely show some of it.
SHOWN = {
    "desk.show", "desk.search", "drafting.listing", "drafting.show", "drafting.section", "drafting.remarks",
    "profiles.listing", "profiles.show", "directory.listing", "directory.show", "inspection.queue", "inspection.show",
    "registers.drafts", "administration.tree", "administration.officers", "administration.officer",
    "administration.unit", "history.listing", "officer_import.show", "audit.listing", "circulation.union_show",
    "builder.show",
}  # fmt: skip


@pytest.fixture(scope="module")
def spoiled_app(furnished_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("spoiled") / "portal"
    shutil.copytree(furnished_once, folder)
    settings = {**SETTINGS, "WTF_CSRF_ENABLED": False}
    app = create_app(settings, environment(f"sqlite:///{folder / 'portal.db'}", folder))
    with app.app_context():
        hurry(db.engine)
    app.config["answers"] = spoiled.spoil(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def watched(
    chromium: Chromium, address: str, cookie: str, faults: list[str], *, policy: bool
) -> Iterator[Page]:
    """A page of an officer's browser; without the policy, only escaping keeps markup from running."""
    context = chromium.new_context(base_url=address, bypass_csp=not policy)
    context.add_init_script(WATCH)
    context.add_cookies([{"name": "portal", "value": cookie, "url": address}])
    page = context.new_page()
    page.on(
        "dialog", lambda dialog: (faults.append(f"{page.url}: dialog {dialog.message}"), dialog.dismiss())
    )
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: _judge(asked.url, address, page, faults))
    yield page
    context.close()


def _judge(asked: str, address: str, page: Page, faults: list[str]) -> None:
    parts = urlsplit(asked)
    if parts.scheme not in ("data", "about") and not (
        asked.startswith(address) and parts.path not in ("/evil",)
    ):
        faults.append(f"{page.url}: asked for {asked}")


def look(page: Page, url: str, faults: list[str]) -> bool:
    """Open a page and note what is alive on it; whether the markup is there to be read."""
    page.goto(url, wait_until="load")
    faults += [f"{url}: {fault}" for fault in page.evaluate(ALIVE)]
    return bool(page.evaluate(READABLE, WORD))


#: Whether a word stands in the text of a page or in what its fields hold.
READABLE = """word => document.body.innerText.includes(word) || [...document.querySelectorAll("input, textarea")]
    .some(one => one.type !== "hidden" && one.value.includes(word))"""


def test_forms_were_sent_and_taken(spoiled_app: Flask) -> None:
    answers = spoiled_app.config["answers"]
    taken = {name for name, statuses in answers.items() if statuses & {200, 303}}
    assert not [name for name, statuses in answers.items() if max(statuses) >= 500]
    assert len(taken) > len(answers) / 2, sorted(answers.keys() - taken)


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "by escaping alone"])
def test_nothing_runs(policy: bool, chromium: Chromium, spoiled_app: Flask, found: crawl.Found) -> None:
    """With the policy it would be refused, which is a fault; where most of it is read, escaping must do alone."""
    faults: list[str] = []
    every = policy and os.environ.get("PORTAL_EVERY_PAGE")
    pages = found.pages if every else crawl.one_of_each(found)
    assert len(pages) > LEAST
    pages = pages if policy else [one for one in pages if one.endpoint in SHOWN]
    readable = set()
    with walks.serving(spoiled_app) as address:
        for login in walks.WALKERS:
            with watched(chromium, address, found.cookies[login], faults, policy=policy) as page:
                for seen in (one for one in pages if one.login == login):
                    if look(page, seen.url, faults):
                        readable.add(seen.endpoint)
                if login == walks.WALKERS[0]:
                    faults += _typed(page)
    assert faults == []
    assert SHOWN - readable == set(), "its markup is escaped, and there to be read"


def _typed(page: Page) -> list[str]:
    """Markup in addresses, and typed into the palette, which draws what the portal finds."""
    faults: list[str] = []
    for number, address in enumerate(TYPED):
        look(page, f"/10130000/{address.format(quote(MARKUP[number % len(MARKUP)]))}", faults)
    page.goto("/10130000/")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").last.fill(WORD)
    page.get_by_role("option").first.wait_for()
    return faults + [f"palette: {fault}" for fault in page.evaluate(ALIVE)]


def test_what_runs_is_noticed(chromium: Chromium, spoiled_app: Flask, found: crawl.Found) -> None:
    """The watch above would see it: markup put alive into a page of the portal, with the policy and without."""
    cookie = found.cookies[walks.WALKERS[0]]
    alive = f"<img src=x onerror='{RAN}'><b hx-get=/evil></b>"
    told = {}
    with walks.serving(spoiled_app) as address:
        for policy in (True, False):
            faults: list[str] = []
            with watched(chromium, address, cookie, faults, policy=policy) as page:
                assert look(page, "/10130000/drafts", faults)
                assert faults == []
                page.evaluate(
                    "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", alive
                )
                page.wait_for_function("() => window.__ran || window.__refused.length")
                page.evaluate("() => fetch('/evil').catch(() => 0)")
                told[policy] = " ".join([*page.evaluate(ALIVE), *faults])
    assert "refused script-src-attr" in told[True]
    assert "ran" not in told[True].split()
    assert "ran 1 times" in told[False]
    for said in told.values():
        assert "alive <img" in said
        assert "alive <b hx-get" in said
        assert "asked for" in said

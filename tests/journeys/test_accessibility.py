"""Every page in both languages: nothing for axe to find, a quiet console, no scrolling sideways on a small screen."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, expect
from werkzeug.serving import make_server

from portal import create_app
from portal.extensions import db
from tests import crawl, furnished
from tests.conftest import SETTINGS, environment, hurry

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Who walks: each opens what nobody before him could.
WALKERS = (
    "10130000.officer.goods", "10130000.unit_head.goods", "10130000.unit_head.value", "10130000.unit_head.risk",
    "10130000.first_deputy", "10130000.registrar.risk", "10100000.officer.goods", "10000000.registrar.risk",
    "10000000.unit_head.goods", "10000000.officer.goods", "10000000.unit_head.risk", "10000000.head",
    "10130010.inspector", "10130000.auditor", "10130000.administrator", "10000000.administrator",
    "00000000.union_coordinator",
)  # fmt: skip
WIDE, SMALL = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
#: The language of a walk, and the screen on which axe looks: each page is looked at in two of the four ways.
WALKS = {"en": WIDE, "ru": SMALL}

AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id} at ${node.target}: ${node.failureSummary.split("\\n")[1] || ""}`))"""
OVERFLOW = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [`scrolls sideways at ${innerWidth}: ` + [...document.querySelectorAll("body *")].filter(
        one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".rp-table-frame")
    ).slice(0, 3).map(one => `${one.tagName}.${one.className}`).join(", ")]"""


@pytest.fixture(scope="module")
def furnished_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("furnished")
    shutil.copy(sqlite_template, folder / "portal.db")
    app = create_app(SETTINGS, environment(f"sqlite:///{folder / 'portal.db'}", folder))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    with app.app_context():
        hurry(db.engine)
    furnished.furnish(app, folder)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def address(furnished_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, furnished_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def found(furnished_app: Flask) -> crawl.Found:
    return crawl.walk(furnished_app, WALKERS)


def test_the_walk_leaves_out_no_page(furnished_app: Flask, found: crawl.Found) -> None:
    assert crawl.endpoints(furnished_app) - {page.endpoint for page in found.pages} == set()


def test_no_link_leads_nowhere(found: crawl.Found) -> None:
    assert found.dead == []


def test_what_is_wrong_is_found(chromium: Chromium) -> None:
    """The walk below would notice: a page with two faults and an image that is too wide."""
    page = chromium.new_page(viewport=SMALL)
    page.set_content(
        '<!DOCTYPE html><html lang="en"><title>x</title><main><h1>x</h1><img width="900"><input></main></html>'
    )
    page.evaluate(AXE_FILE_PATH.read_text())
    assert {fault.split(" ")[0] for fault in page.evaluate(AXE)} == {"image-alt", "label"}
    assert page.evaluate(OVERFLOW) == ["scrolls sideways at 390: IMG."]
    page.close()


@pytest.mark.parametrize("language", WALKS)
def test_every_page(language: str, chromium: Chromium, address: str, found: crawl.Found) -> None:
    faults: list[str] = []
    for login in WALKERS:
        page = _signed_in(chromium, address, language, found.cookies[login])
        for seen in found.pages:
            if seen.login == login:
                faults += [
                    f"{login} {seen.url} ({language}): {fault}" for fault in _look(page, seen.url, language)
                ]
        page.context.close()
    assert faults == []


def _signed_in(chromium: Chromium, address: str, language: str, cookie: str) -> Page:
    context = chromium.new_context(base_url=address)
    cookies = {"portal": cookie, "language": language}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    context.add_init_script(path=AXE_FILE_PATH)
    return context.new_page()


def _look(page: Page, url: str, language: str) -> list[str]:
    """What is wrong with a page, in words."""
    faults: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(said.text)

    page.on("console", note)
    page.goto(url)
    if page.locator("html").get_attribute("lang") != language:
        faults.append("shown in another language")
    for size in (WIDE, SMALL):
        page.set_viewport_size(size)
        faults += page.evaluate(OVERFLOW)
        if WALKS[language] == size:
            faults += page.evaluate(AXE)
    page.remove_listener("console", note)
    return faults


#: Pages that refuse: who, the page with the form, what is typed, the button; nothing to press: the page itself refuses.
REFUSED = (
    ("", "/sign-in", {"login": "nobody", "password": "nothing"}, "main button[type=submit]"),
    ("10130000.officer.goods", "/10130000/drafts/new", {}, "main form[method=post] button[type=submit]"),
    ("10130000.officer.goods", "/10130000/history/upload", {}, "main form[method=post] button[type=submit]"),
    ("10130010.inspector", "/10130010/screen", {"one-date": ""}, "main .rp-touch form button.rp-primary"),
    ("10130000.officer.goods", "/10130000/drafts/9999", {}, ""),
    ("10130000.officer.goods", "/10130000/audit", {}, ""),
    ("10130000.officer.goods", "/10000000/drafts", {}, ""),
)


@pytest.mark.parametrize("language", WALKS)
def test_every_refusal(language: str, chromium: Chromium, address: str, found: crawl.Found) -> None:
    faults = []
    for login, url, typed, button in REFUSED:
        page = _signed_in(chromium, address, language, found.cookies.get(login, ""))
        page.set_viewport_size(WALKS[language])
        page.goto(url)
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        for name, value in typed.items():
            page.locator(f"main [name={name}]").fill(value)
        if button:
            page.locator(button).first.click()
            expect(page.locator(".rp-error-summary")).to_be_focused()
        faults += [f"{url} ({language}): {fault}" for fault in page.evaluate(AXE) + page.evaluate(OVERFLOW)]
        page.context.close()
    assert faults == []

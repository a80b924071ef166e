"""Every page in both languages and four themes: nothing for axe to find, a quiet console, no scrolling sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, ConsoleMessage, Page, ViewportSize, expect

from tests import crawl, walks
from tests.colours import Judged
from tests.walks import NARROW, OVERFLOW, SMALL, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: The language of a walk: the screen on which axe looks, the theme that is worn, another whose colours are looked at.
#: Every page is looked at in two languages and two themes, and its colours in two more; so are, in one of the languages
#: by turns, the further faces of a page that differ by the status of its document.
WALKS = {
    "en": (WIDE, ("light", "system"), ("dark", "contrast")),
    "ru": (SMALL, ("dark", "system"), ("light", "contrast")),
}

#: The language, whose words are the longest, in which pages are shown in letters twice as large.
LARGE_IN = "ru"

AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id} at ${node.target}: ${node.failureSummary.split("\\n")[1] || ""}`))"""
#: All rules but the one that `colours` asks.
STRUCTURE = AXE.replace("{resultTypes", '{rules: {"color-contrast": {enabled: false}}, resultTypes')
#: Puts a theme on as the server would write it.
WEAR = """theme => { document.documentElement.dataset.theme = theme;
    document.querySelector('link[href*="contrast"]').media = theme === "contrast" ? "screen" : "not all"; }"""


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
    page.set_content('<html lang="en"><title>x</title><p>pale words</p>')
    judged = Judged()
    assert judged.faults(page) == []
    page.evaluate("document.body.style.color = '#999'")
    for _ in ("at first", "and again"):
        assert [fault.split(" ")[0] for fault in judged.faults(page)] == ["color-contrast"]
    page.evaluate("document.body.style.color = ''; document.documentElement.style.background = '#333'")
    assert [fault.split(" ")[0] for fault in judged.faults(page)] == ["color-contrast"]
    page.close()


def test_a_theme_that_is_worn_is_seen(chromium: Chromium, address: str, found: crawl.Found) -> None:
    grounds = set()
    for language, (_, worn, other) in WALKS.items():
        page = _signed_in(chromium, address, language, found.cookies[walks.WALKERS[0]])
        page.goto(f"{address}/10130000/")
        for scheme, theme in (worn, other):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(WEAR, theme)
            grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.context.close()
    assert grounds == {"rgb(243, 245, 247)", "rgb(18, 24, 31)", "rgb(255, 255, 255)", "rgb(0, 0, 0)"}


@pytest.mark.parametrize("language", WALKS)
def test_every_page(language: str, chromium: Chromium, address: str, found: crawl.Found) -> None:
    faults: list[str] = []
    chosen = crawl.one_of_each(found)
    further = [one for one in found.pages if one not in chosen]
    looked_at = {*chosen, *further[list(WALKS).index(language) :: len(WALKS)]}
    as_worn, as_other = Judged(), Judged()
    for login in walks.WALKERS:
        page = _signed_in(chromium, address, language, found.cookies[login])
        letters = page.context.new_cdp_session(page)
        for seen in (one for one in found.pages if one.login == login and one in looked_at):
            said = _look(page, seen.url, language, as_worn)
            said += _in_colour(page, language, as_other) if seen in chosen else []
            if seen in chosen and language == LARGE_IN:
                said += _in_large_letters(page, letters)
            faults += [f"{login} {seen.url} ({language}): {fault}" for fault in said]
        page.context.close()
    assert faults == []


def _signed_in(chromium: Chromium, address: str, language: str, cookie: str) -> Page:
    page = walks.signed_in(chromium, address, language, cookie)
    page.context.add_init_script(path=AXE_FILE_PATH)
    page.emulate_media(color_scheme=WALKS[language][1][0], reduced_motion="reduce")
    return page


def _look(page: Page, url: str, language: str, judged: Judged) -> list[str]:
    """What is wrong with a page, in words."""
    faults: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(said.text)

    page.on("console", note)
    page.goto(url)
    if page.evaluate("document.documentElement.lang") != language:
        faults.append("shown in another language")
    screen, worn, _ = WALKS[language]
    faults += _measured(page, screen)
    faults += [f"{worn}: {fault}" for fault in page.evaluate(STRUCTURE) + judged.faults(page)]
    page.remove_listener("console", note)
    return faults


def _in_colour(page: Page, language: str, judged: Judged) -> list[str]:
    """What is wrong with the colours of another theme."""
    _, worn, other = WALKS[language]
    page.emulate_media(color_scheme=other[0])
    page.evaluate(WEAR, other[1])
    faults = [f"{other}: {fault}" for fault in judged.faults(page)]
    page.emulate_media(color_scheme=worn[0])
    return faults


def _measured(page: Page, last: ViewportSize) -> list[str]:
    """Whether it scrolls sideways on any screen; the `last` one is left standing."""
    faults: list[str] = []
    for size in sorted((WIDE, SMALL, NARROW), key=lambda size: size == last):
        page.set_viewport_size(size)
        faults += page.evaluate(OVERFLOW)
    return faults


def _in_large_letters(page: Page, letters: CDPSession) -> list[str]:
    """Whether it scrolls sideways for one who sets his browser to letters twice as large."""
    page.set_viewport_size(WIDE)
    letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    faults: list[str] = page.evaluate(OVERFLOW)
    letters.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    return [f"in large letters: {fault}" for fault in faults]


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
        page.set_viewport_size(WALKS[language][0])
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

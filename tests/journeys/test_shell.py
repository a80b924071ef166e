"""The frame of every page: keys, palette, news that is read out, focus that stays, work that is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from tests import texts
from tests.office import Office

Open = Callable[..., Page]

pytestmark = pytest.mark.browser

AUTHOR = "10130000.officer.goods"
AXE = 'async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(rule => rule.id)'
#: A key as a Russian keyboard sends it: the place of the key, and the letter that stands there.
RUSSIAN = """([code, key, shiftKey]) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {code, key, shiftKey, bubbles: true, cancelable: true}))"""


@pytest.fixture
def office(served: tuple[Flask, str]) -> Office:
    return Office(served[0])


def focus_of(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_keys_lead_to_pages_and_to_the_search(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Register of drafts")
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(keys).to_be_visible()  # over the page, its keys rest
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/10130000/registers/drafts")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/10130000/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("g f/?")
    expect(page.locator("#search")).to_have_value("g f/?")
    expect(keys).to_be_hidden()
    assert page.url.endswith("/10130000/"), "in a field a letter is a letter"


def test_a_russian_keyboard_has_the_same_keys(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    page.evaluate(RUSSIAN, ["Slash", ".", False])
    expect(page.locator("#search")).to_be_focused()
    page.locator("#search").blur()
    page.evaluate(RUSSIAN, ["KeyG", "п", False])
    page.evaluate(RUSSIAN, ["KeyF", "а", False])
    page.wait_for_url("**/10130000/drafts")


def test_keys_wait_no_longer_than_a_breath(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    page.keyboard.press("g")
    page.wait_for_timeout(1700)
    page.keyboard.press("f")
    page.wait_for_timeout(200)
    assert page.url.endswith("/10130000/")


def test_keys_can_be_switched_off(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    page.goto("/preferences?at=10130000")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Keep the settings").click()
    expect(page.locator("#announcer")).to_have_text("Your settings are kept.")
    page.goto("/10130000/")
    for key in ("?", "/", "g", "f", "Control+k"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("button", name="Ctrl K")).to_have_count(0)
    assert focus_of(page) != "search"
    assert page.url.endswith("/10130000/")


def test_the_palette_finds_pages_and_documents(office: Office, visit: Open) -> None:
    office.draft(text=texts.complete(title="Carpets of wool"))
    page = visit(AUTHOR, by_form=False)
    button = page.get_by_role("button", name="Ctrl K")
    button.click()
    palette = page.get_by_role("dialog", name="Go to a page or a document")
    field = palette.get_by_role("combobox")
    options = palette.get_by_role("option")
    expect(field).to_be_focused()
    field.fill("drafts")
    expect(options.filter(has_text="Register of drafts")).to_have_count(1)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(options.last).to_have_text("Search for “drafts”")
    expect(field).to_have_attribute("aria-activedescendant", str(options.last.get_attribute("id")))
    field.fill("Carpets")
    expect(options.first).to_contain_text("Carpets of wool")
    expect(palette.get_by_role("status")).to_have_text("Matches: 2")
    page.evaluate(AXE_FILE_PATH.read_text())
    assert page.evaluate(AXE) == []
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Carpets of wool")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("no such thing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=no%20such%20thing")


def test_the_palette_gives_the_focus_back(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    link = page.locator(".rp-side a").nth(2)
    link.focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_what_an_act_did_is_read_out(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    page.goto("/preferences?at=10130000")
    page.get_by_label("Dark", exact=True).check()
    page.get_by_role("button", name="Keep the settings").click()
    expect(page.locator("main .rp-notice-success")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Your settings are kept.")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(18, 24, 31)", "the dark theme is worn although the system is light"


def test_the_system_chooses_for_who_has_not(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(243, 245, 247)", "rgb(18, 24, 31)"]
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_focus_stays_in_the_region_that_changed(office: Office, visit: Open) -> None:
    for number in range(52):
        office.draft(text=texts.complete(title=f"Carpets {number}"))
    page = visit(AUTHOR, by_form=False)
    page.goto("/10130000/drafts")
    page.get_by_role("link", name="Older").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).to_have_text("2 documents on this page")
    assert focus_of(page) == "documents"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))"), "the next Tab goes on from there"


def test_focus_is_not_hidden_by_what_sticks(office: Office, visit: Open) -> None:
    for number in range(25):
        office.draft(text=texts.complete(title=f"Carpets {number}"))
    page = visit(AUTHOR, height=500, by_form=False)
    page.goto("/10130000/drafts")
    head = page.locator("#documents thead th").first
    assert head.evaluate("one => getComputedStyle(one).position") == "sticky"
    page.locator("#documents tbody a").last.focus()
    hidden, seen = [], 0
    for _ in range(100):
        page.keyboard.press("Shift+Tab")
        inside, top, under = (
            page.evaluate("""() => [Boolean(document.activeElement.closest("#documents tbody")),
            document.activeElement.getBoundingClientRect().top,
            document.querySelector("#documents thead th").getBoundingClientRect().bottom]""")
        )
        if not inside:
            break
        seen += 1
        if top < under - 1:
            hidden.append((top, under))
    assert 20 < seen < 100
    assert hidden == []


def test_a_refused_form_is_not_left_unasked(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    page.goto("/10130000/drafts/new")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.locator(".rp-error-summary")).to_be_focused()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    page.keyboard.press("Tab")
    page.goto("/10130000/drafts")
    assert asked == ["beforeunload"]


def test_help_stands_in_the_same_place(visit: Open) -> None:
    page = visit(AUTHOR, by_form=False)
    places = set()
    for url in ("/10130000/", "/10130000/drafts", "/10130000/search?q=a", "/preferences?at=10130000"):
        page.goto(url)
        box = page.locator("header").get_by_role("link", name="Help").bounding_box()
        assert box is not None
        places.add((round(box["x"]), round(box["y"])))
    assert len(places) == 1


def test_rows_are_as_dense_as_the_officer_wishes(office: Office, visit: Open) -> None:
    office.draft(text=texts.complete(title="Carpets"))
    page = visit(AUTHOR, by_form=False)
    page.goto("/10130000/drafts")
    button = page.get_by_role("button", name="Compact rows")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.goto("/preferences?at=10130000")
    page.get_by_label("Compact", exact=True).check()
    page.get_by_role("button", name="Keep the settings").click()
    page.goto("/10130000/drafts")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", re.compile("false"))

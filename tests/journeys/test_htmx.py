"""What scripts add to pages: regions that change alone, news for the ear, guarded work, keys for the builder."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from portal.levels.roles import Post
from tests import clerk, texts
from tests.cast import HOUSE, PASSWORD
from tests.office import Office

Open = Callable[..., Page]

pytestmark = pytest.mark.browser

AUTHOR = "10130000.officer.goods"


@pytest.fixture
def office(served: tuple[Flask, str]) -> Office:
    return Office(served[0])


def drafts(office: Office, visit: Open) -> Page:
    """The list of two drafts, in a window that remembers whether it was loaded anew."""
    office.draft(text=texts.complete(title="Footwear"))
    office.draft(text=texts.complete(title="Carpets"))
    page = visit(AUTHOR, by_form=False)
    page.goto("/10130000/drafts")
    page.evaluate("window.sameDocument = true")
    return page


def same_document(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def test_a_filter_changes_its_region_alone(office: Office, visit: Open) -> None:
    page = drafts(office, visit)
    words = page.locator("main .rp-filters [name=words]")
    words.fill("carpets")
    words.press("Enter")
    rows = page.locator("#documents tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Carpets")
    expect(page.locator("#announcer")).to_have_text("1 document on this page")
    expect(words).to_be_focused()
    assert "words=carpets" in page.url
    assert same_document(page)
    page.go_back()
    expect(rows).to_have_count(2)


def test_a_choice_filters_without_a_button(office: Office, visit: Open) -> None:
    page = drafts(office, visit)
    page.locator("main .rp-filters [name=status]").select_option("registered")
    expect(page.locator("#documents")).to_contain_text("Nothing fits these filters")
    assert same_document(page)
    page.get_by_role("link", name="Clear all").first.click()
    expect(page.locator("#documents tbody tr")).to_have_count(2)


def test_rows_stay_compact_after_a_change(office: Office, visit: Open) -> None:
    page = drafts(office, visit)
    page.get_by_role("button", name="Compact rows").click()
    page.locator("main .rp-filters [name=scope]").select_option("regional")
    page.wait_for_url("**scope=regional**")
    button = page.get_by_role("button", name="Compact rows")
    expect(button).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_row_is_a_link(office: Office, visit: Open) -> None:
    page = drafts(office, visit)
    page.locator("#documents tbody tr", has_text="Carpets").locator("td").nth(2).click()
    expect(page.locator("h1")).to_have_text("Carpets")


def builder(office: Office, visit: Open) -> tuple[Page, int]:
    draft = office.draft()
    page = visit(AUTHOR, by_form=False)
    page.goto(f"/10130000/documents/{draft}/groups")
    return page, draft


def test_a_refusal_takes_the_place_of_the_content(office: Office, visit: Open) -> None:
    page, draft = builder(office, visit)
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    page.get_by_role("button", name="Line", exact=True).first.click()
    heading = page.locator("main h1")
    expect(heading).to_be_focused()
    expect(page.locator("main")).to_contain_text("Error 409")
    expect(page.locator("#builder")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_who_is_signed_out_is_asked_to_sign_in(office: Office, visit: Open) -> None:
    page = drafts(office, visit)
    page.context.clear_cookies(name="portal")
    page.locator("main .rp-filters [name=status]").select_option("registered")
    expect(page.locator("#login")).to_be_visible()
    page.fill("#login", AUTHOR)
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/10130000/drafts")


def test_silence_is_said(office: Office, visit: Open) -> None:
    page = drafts(office, visit)
    page.route("**/drafts?*", lambda route: route.abort())
    page.locator("main .rp-filters [name=status]").select_option("registered")
    expect(page.get_by_role("alert")).to_contain_text("The portal did not answer.")
    expect(page.locator("#documents tbody tr")).to_have_count(2)


def leave(page: Page, *, stays: bool) -> list[str]:
    """Follow a link of the navigation and answer the browser's question; the kinds of question asked."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if stays:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("link", name="My desk").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    page.remove_listener("dialog", answer)
    return asked


def test_unsaved_work_is_not_left_without_a_question(office: Office, visit: Open) -> None:
    draft = office.draft()
    page = visit(AUTHOR, by_form=False)
    page.goto(f"/10130000/drafts/{draft}/sections/contact")
    page.get_by_label("Telephone").fill("+7 495 12")
    assert leave(page, stays=True) == ["beforeunload"]
    expect(page.get_by_label("Telephone")).to_have_value("+7 495 12")
    clerk.save(page)
    assert leave(page, stays=True) == []
    expect(page.locator("h1")).to_have_text("My desk")


def test_unkept_indicators_are_not_left_without_a_question(office: Office, visit: Open) -> None:
    page, _ = builder(office, visit)
    page.get_by_role("button", name="Line", exact=True).first.click()
    expect(page.get_by_label("Field, line 2")).to_be_visible()
    assert leave(page, stays=True) == ["beforeunload"]
    assert leave(page, stays=False) == ["beforeunload"]
    expect(page.locator("h1")).to_have_text("My desk")


def lines(page: Page) -> list[str]:
    """The values of the lines, from above to below."""
    return [str(one.input_value()) for one in page.locator("[data-line] [data-value]").all()]


def test_the_builder_is_worked_by_keys(office: Office, visit: Open) -> None:
    page, _ = builder(office, visit)
    value = page.get_by_label(re.compile("^Value.*, line 1$"))
    value.focus()
    value.press("Enter")
    second = page.get_by_label("Field, line 2")
    expect(second).to_be_focused()
    second.select_option("departure_country")
    country = page.get_by_label(re.compile("^Value.*, line 2$"))
    country.fill("CN")
    country.press("Alt+ArrowUp")
    expect(page.get_by_label("Field, line 1")).to_have_value("departure_country")
    assert lines(page) == ["CN", "64"]
    moved = page.get_by_label(re.compile("^Value.*, line 1$"))
    moved.press("Alt+ArrowDown")
    expect(page.get_by_label("Field, line 2")).to_have_value("departure_country")
    last = page.get_by_label(re.compile("^Value.*, line 2$"))
    last.fill("")
    last.press("Backspace")
    expect(page.locator("[data-line]")).to_have_count(1)
    assert lines(page) == ["64"]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-line]")).to_have_count(2)


def test_the_reading_follows_what_is_typed(office: Office, visit: Open) -> None:
    page, _ = builder(office, visit)
    value = page.get_by_label(re.compile("^Value.*, line 1$"))
    value.fill("6403, 6404")
    expect(page.locator(".rp-builder-reading")).to_contain_text("6404")
    expect(value).to_be_focused()

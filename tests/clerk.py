"""What people do alike in a real browser: open a case from their desk, write a section, make a move."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.days import today

TITLE = "Footwear declared far below its price"


def open_case(page: Page, title: str = TITLE) -> None:
    """Go to the desk and follow the row of a document that waits for this officer."""
    page.goto("/")
    page.locator("main .rp-card:not(#elsewhere) tbody tr", has_text=title).first.get_by_role(
        "link"
    ).first.click()
    expect(page.locator("h1")).to_have_text(title)


def act(page: Page, label: str, *, signs: bool = False, **typed: str) -> None:
    """Make a move from the page of its document, giving what it must carry."""
    page.get_by_role("link", name=label, exact=True).first.click()
    for name, value in typed.items():
        control = page.locator(f"main #{name}")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    if signs:
        page.locator("main #password").fill(PASSWORD)
    page.locator("main form").get_by_role("button", name=label, exact=True).click()


def done(page: Page, status: str) -> None:
    """The receipt of a move stands before the officer, and says the new status."""
    expect(page.get_by_role("heading", name="Receipt", exact=True)).to_be_visible()
    expect(page.locator(".rp-summary-row", has_text="Status").locator("dd")).to_have_text(status)


def begin_draft(page: Page, title: str = TITLE) -> None:
    """Begin a draft of a profile for the whole state."""
    page.goto("/")
    page.get_by_role("link", name="Begin a draft").first.click()
    page.get_by_label("Title").fill(title)
    page.locator("input[name=scope][value=national]").check()
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.locator("h1")).to_have_text(title)


def section(page: Page, name: str) -> None:
    """Follow the link that changes a section."""
    page.locator(f"main a[href$='/sections/{name}']").first.click()


def save(page: Page) -> None:
    page.locator("main form[method=post] .rp-buttons").get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: "/sections/" not in url)


def write_header(page: Page) -> None:
    section(page, "header")
    page.locator("#direction").select_option("1")
    page.locator("#risk_type").select_option("classification")
    page.locator("input[name=risk_level][value=high]").check()
    page.locator("#valid_from").fill(today().isoformat())
    page.locator("#valid_to").fill((today() + timedelta(days=365)).isoformat())
    save(page)


def write_measures(page: Page) -> None:
    section(page, "measures")
    page.get_by_label("Measure", exact=True).select_option("109")
    page.get_by_label("Description").fill("Open every fifth carton")
    page.get_by_label("Inspection code").fill("1 2 3 4 05 6 07")
    save(page)


def write_contact(page: Page) -> None:
    section(page, "contact")
    page.get_by_label("Telephone").fill("+7 495 000-00-01")
    save(page)


def write_note(page: Page, estimate: int | None = None) -> None:
    """Write the note; `estimate` is the officer's own, None keeps the one of the back-test."""
    page.get_by_role("link", name="Note", exact=True).click()
    section(page, "note")
    for name, words in NOTE.items():
        page.locator(f"#{name}").fill(words)
    if estimate is not None:
        page.locator("input[name=estimate_from][value=own]").check()
        page.locator("#estimate").fill(str(estimate))
        page.locator("#estimate_reason").fill("Counted by hand in the declarations of May")
    save(page)


NOTE = {
    "sources": "Declarations of last winter",
    "operations": "Prices were compared by weight",
    "assessment": "High: each third parcel",
    "consequences": "Unpaid duties",
    "validity": "A year, until the season ends",
}

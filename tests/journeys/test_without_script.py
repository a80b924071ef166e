"""Drafting to registration in browsers that run no script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import clerk
from tests.clerk import TITLE, act, done, open_case
from tests.days import today

Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def test_from_a_draft_to_its_number(visit: Open) -> None:
    def plain(login: str) -> Page:
        return visit(login, script=False)

    author = plain("10130000.officer.goods")
    clerk.begin_draft(author)
    clerk.write_header(author)
    _build_a_group(author)
    clerk.write_measures(author)
    clerk.write_contact(author)
    clerk.write_note(author, estimate=120)
    act(author, "Submit for signature")
    done(author, "Signature of the unit")
    for login, label, status in (
        ("10130000.unit_head.goods", "Sign as head of unit", "Agreement of the coordination unit"),
        (
            "10130000.unit_head.risk",
            "Agree as head of the coordination unit",
            "Agreement of the first deputy",
        ),
        ("10130000.first_deputy", "Agree as first deputy head", "Agreed"),
    ):
        signer = plain(login)
        open_case(signer)
        act(signer, label, signs=True)
        done(signer, status)
    registrar = plain("10130000.registrar.risk")
    open_case(registrar)
    act(registrar, "Register the draft")
    done(registrar, "Registered")
    expect(registrar.locator("main .rp-number").first).to_have_text(f"00/10130/{today():%d%m%Y}/00001")


def _build_a_group(author: Page) -> None:
    """Two lines and an exception: each control follows when the page is read again."""
    author.locator("main a[href$='/groups']").first.click()
    author.get_by_role("button", name="Add a group of indicators").click()
    author.get_by_label("Name of group 1").fill("Cheap footwear")
    author.get_by_label("Field, line 1").select_option("hs_code")
    _fit(author)
    author.get_by_label("Relation, line 1").select_option("starts_with")
    _fit(author)
    author.get_by_label(re.compile("^Value.*, line 1")).fill("6403, 6404")
    author.get_by_role("button", name="Add a line below: line 1").click()
    author.get_by_label("Field, line 2").select_option("net_mass_kg")
    _fit(author)
    author.get_by_label("Relation, line 2").select_option(">")
    author.get_by_label("Value, line 2").fill("100")
    author.get_by_role("button", name="Add an exception").click()
    author.get_by_label("Field, line 3").select_option("departure_country")
    _fit(author)
    author.get_by_label(re.compile("^Value.*, line 3")).fill("BY")
    author.get_by_role("button", name="Keep the indicators").click()
    expect(author.get_by_text("The indicators are kept.")).to_be_visible()
    author.get_by_role("link", name=TITLE).click()
    groups = author.locator("main .rp-card", has_text="Indicators").first
    expect(groups).to_contain_text("Cheap footwear")
    for words in ("6403", "6404", "100", "BY"):
        expect(groups).to_contain_text(words)


def _fit(page: Page) -> None:
    page.get_by_role("button", name="Fit the controls").first.click()


def test_a_row_is_added_and_removed_without_script(visit: Open) -> None:
    author = visit("10130000.officer.goods", script=False)
    clerk.begin_draft(author)
    clerk.section(author, "measures")
    author.get_by_label("Measure", exact=True).select_option("101")
    author.get_by_role("button", name="Add a measure").click()
    author.get_by_label("Measure", exact=True).nth(1).select_option("102")
    author.get_by_role("button", name="Remove measure 1").click()
    expect(author.get_by_label("Measure", exact=True)).to_have_count(1)
    clerk.save(author)
    measures = author.get_by_role("table", name="Measures").locator("tbody tr")
    expect(measures).to_have_count(1)
    expect(measures).to_contain_text("102")


def test_a_list_is_filtered_and_a_language_chosen_without_script(visit: Open) -> None:
    author = visit("10130000.officer.goods", script=False)
    clerk.begin_draft(author)
    author.get_by_role("link", name="Drafts", exact=True).click()
    expect(author.locator("main tbody tr")).to_have_count(1)
    author.locator("main form.rp-filters [name=words]").fill("no such words")
    author.locator("main form.rp-filters button[type=submit]").click()
    expect(author.locator("main tbody tr")).to_have_count(0)
    author.get_by_role("link", name="Русский", exact=True).click()
    expect(author.locator("html")).to_have_attribute("lang", "ru")

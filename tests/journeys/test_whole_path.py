"""The main job of the portal, played by the people of its purpose line, each in a browser of his own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.operations import summaries
from tests import clerk, past
from tests.clerk import TITLE, act, done, open_case
from tests.days import today

Open = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAFT_NUMBER, PROFILE_NUMBER = "00/10130/{:%d%m%Y}/00001", "11/10000/{:%d%m%Y}/00001"


def test_from_a_draft_to_a_declaration_selected(
    served: tuple[Flask, str], visit: Open, tmp_path: Path
) -> None:
    officer = visit("10130000.officer.goods")
    _take_past_declarations_in(officer, tmp_path)
    _draft(officer)
    _see_what_it_would_hit(officer)
    _sign_at_the_house(officer, visit)
    _register_and_send(visit)
    executor = _review_at_the_centre(visit)
    _prepare_and_sign(executor, visit)
    _approve_and_register(executor, visit)
    _select_at_the_point(visit)
    _sums_for_the_union(served[0], visit)


def _take_past_declarations_in(officer: Page, folder: Path) -> None:
    officer.get_by_role("link", name="Past declarations").click()
    officer.get_by_role("link", name="Take a file in").first.click()
    rows = [row for row in past.ROWS if row[0] in "WE"]
    officer.locator("#file").set_input_files(past.csv(folder, rows))
    officer.get_by_label("Column with the result of inspection").fill("outcome")
    officer.get_by_role("button", name="Take the file in").click()
    expect(officer.locator("main")).to_contain_text("past.csv")
    expect(officer.locator("main")).to_contain_text("Kept")


def _draft(officer: Page) -> None:
    clerk.begin_draft(officer)
    expect(officer.locator(".rp-state")).to_contain_text("Drafting")
    clerk.write_header(officer)
    expect(officer.locator("main")).to_contain_text("Federal Customs Service")
    _build_indicators(officer)
    clerk.write_measures(officer)
    clerk.write_contact(officer)
    clerk.write_note(officer)
    officer.get_by_role("link", name="Content", exact=True).click()


def _build_indicators(officer: Page) -> None:
    """Footwear, but not what comes from Turkey: of the eight items kept, three."""
    officer.locator("main a[href$='/groups']").first.click()
    officer.get_by_role("button", name="Add a group of indicators").click()
    officer.get_by_label(re.compile("^Field, line")).select_option("hs_code")
    officer.get_by_label(re.compile("^Relation, line")).select_option("starts_with")
    officer.get_by_label(re.compile("^Values with commas")).fill("64")
    preview = officer.locator("#builder_preview")
    expect(preview).to_contain_text("hits 4 of 8 items")
    officer.get_by_role("button", name="Add an exception").click()
    exception = officer.locator(".rp-group-except")
    exception.get_by_label(re.compile("^Field, line")).select_option("departure_country")
    exception.get_by_label(re.compile("^Relation, line")).select_option("in")
    exception.locator("[data-value]").fill("TR")
    expect(preview).to_contain_text("hits 3 of 8 items")
    expect(preview).to_contain_text("37.5 %")
    officer.get_by_role("button", name="Keep the indicators").click()
    expect(officer.locator("#main").get_by_text("The indicators are kept.")).to_be_visible()
    officer.get_by_role("link", name=TITLE).click()


def _see_what_it_would_hit(officer: Page) -> None:
    """Of six declarations with a result two were violations; of the three hit, both: twice a random choice."""
    officer.get_by_role("link", name="Back-test", exact=True).click()
    officer.get_by_role("button", name="Run").click()
    headline = officer.locator(".rp-backtest-headline")
    expect(headline).to_have_text(
        "Would have selected 3 of 8 items (37.5 %), 2 with violations: 2.0 times random."
    )
    officer.get_by_role("button", name="Attach to the note").click()
    expect(
        officer.locator("#main").get_by_text("The run is the estimate of the explanatory note now.")
    ).to_be_visible()


def _sign_at_the_house(officer: Page, visit: Open) -> None:
    open_case(officer)
    act(officer, "Submit for signature")
    done(officer, "Signature of the unit")
    unit_head = visit("10130000.unit_head.goods")
    open_case(unit_head)
    act(unit_head, "Sign as head of unit", signs=True)
    done(unit_head, "Agreement of the coordination unit")
    coordination_head = visit("10130000.unit_head.risk")
    open_case(coordination_head)
    act(coordination_head, "Agree as head of the coordination unit", signs=True)
    done(coordination_head, "Agreement of the first deputy")
    deputy = visit("10130000.first_deputy")
    open_case(deputy)
    act(deputy, "Agree as first deputy head", signs=True)
    done(deputy, "Agreed")


def _register_and_send(visit: Open) -> None:
    registrar = visit("10130000.registrar.risk")
    open_case(registrar)
    act(registrar, "Register the draft")
    done(registrar, "Registered")
    expect(registrar.locator("main .rp-number").first).to_have_text(DRAFT_NUMBER.format(today()))
    open_case(registrar)
    act(registrar, "Send to the centre")
    done(registrar, "Sent to the centre")
    registrar.get_by_role("link", name="Register of drafts").click()
    expect(registrar.locator("main tbody tr")).to_contain_text([DRAFT_NUMBER.format(today())])


def _review_at_the_centre(visit: Open) -> Page:
    """The draft is received, studied and found expedient; the executor's page."""
    registrar = visit("10000000.registrar.risk")
    open_case(registrar)
    act(registrar, "Confirm receipt", competent_unit="Goods unit")
    done(registrar, "Under review")
    unit_head = visit("10000000.unit_head.goods")
    open_case(unit_head)
    act(unit_head, "Name the executor", executor="Officer of the unit 10000000.officer.goods")
    executor = visit("10000000.officer.goods")
    open_case(executor)
    expect(executor.locator(".rp-clock")).to_contain_text("of 10 working days left")
    act(executor, "Propose: expedient", grounds="The back-test finds twice what chance would")
    open_case(unit_head)
    act(unit_head, "Agree: expedient")
    done(unit_head, "Expedient")
    return executor


def _prepare_and_sign(executor: Page, visit: Open) -> None:
    open_case(executor)
    act(executor, "Prepare the profile")
    expect(executor.locator(".rp-state")).to_contain_text("Being prepared")
    act(executor, "Sign as executor", signs=True)
    done(executor, "Signature of the head of unit")
    unit_head = visit("10000000.unit_head.goods")
    open_case(unit_head)
    act(unit_head, "Sign as head of unit", signs=True)
    done(unit_head, "File being assembled")
    open_case(executor)
    act(executor, "Put on its carrier for approval")
    done(executor, "Approval")


def _approve_and_register(executor: Page, visit: Open) -> None:
    """A national profile is signed by the head of the service, and by nobody beneath him."""
    deputy = visit("10000000.deputy_head")
    expect(deputy.locator("main")).not_to_contain_text(TITLE)
    head = visit("10000000.head")
    open_case(head)
    act(head, "Approve and sign", signs=True)
    done(head, "Approved")
    open_case(executor)
    act(
        executor,
        "Give the details of the memorandum",
        carrier_number="M-17",
        carrier_date=today().isoformat(),
    )
    done(executor, "Awaiting its number")
    registrar = visit("10000000.registrar.risk")
    open_case(registrar)
    act(registrar, "Assign the number")
    expect(registrar.locator("main .rp-number").first).to_have_text(PROFILE_NUMBER.format(today()))
    done(registrar, "In force")


def _select_at_the_point(visit: Open) -> None:
    inspector = visit("10130010.inspector")
    inspector.get_by_role("link", name="Screen a declaration").first.click()
    for name, value in {
        "one-declaration_id": "10130010/0000042",
        "one-importer_id": "7701234567",
        "one-items-0-hs_code": "6403990000",
        "one-items-0-net_mass_kg": "12.5",
        "one-items-0-item_price": "40",
    }.items():
        inspector.locator(f"[name='{name}']").fill(value)
    inspector.get_by_role("button", name="Screen", exact=True).click()
    _see_why_and_record(inspector)
    _release(inspector)
    _screen_a_file(inspector)


def _see_why_and_record(inspector: Page) -> None:
    expect(inspector.locator("h1")).to_contain_text("10130010/0000042")
    expect(inspector.locator(".rp-state")).to_contain_text("Red")
    expect(inspector.locator("main")).to_contain_text("Why it was selected")
    expect(inspector.locator("main")).to_contain_text(PROFILE_NUMBER.format(today()))
    expect(inspector.locator("main")).to_contain_text("Open every fifth carton")
    expect(inspector.get_by_role("button", name="Release", exact=True)).to_be_disabled()
    check = inspector.locator("[id^=check]").first
    check.get_by_label("Applied: violation found").check()
    check.get_by_label("What was found").select_option(index=1)
    check.get_by_label("Difference in payments").fill("1250.50")
    check.get_by_label("Case number").fill("AP-2026/7")
    check.get_by_role("button", name="Record the result").click()
    expect(inspector.locator("main")).to_contain_text("1,250.50")


def _release(inspector: Page) -> None:
    inspector.get_by_role("link", name="Release", exact=True).click()
    inspector.get_by_role("button", name="Release", exact=True).click()
    expect(
        inspector.locator("#main").get_by_text("Declaration 10130010/0000042 is released.")
    ).to_be_visible()
    expect(inspector.locator("main")).to_contain_text("The record is closed.")


def _screen_a_file(inspector: Page) -> None:
    """Ten declarations more, four of them of the footwear that the profile selects."""
    rows = [
        f"10130010/00001{number:02},1,{today()},{'640399' if number < 4 else '220421'},CN,{number + 1}"
        for number in range(10)
    ]
    inspector.get_by_role("link", name="Screen a declaration").first.click()
    inspector.get_by_text("Send a file, or paste rows").click()
    inspector.locator("[name=file-rows]").fill("\n".join([SCREENED, *rows]))
    inspector.get_by_role("button", name="Screen the file").click()
    expect(inspector.locator("main tbody tr")).to_have_count(10)
    selected = inspector.locator("main tbody tr", has_text=PROFILE_NUMBER.format(today()))
    expect(selected).to_have_count(4)


SCREENED = "declaration_id,item_no,date,hs_code,departure_country,net_mass_kg"


def _sums_for_the_union(app: Flask, visit: Open) -> None:
    """One national profile, eleven declarations; and nothing by which either could be known again."""
    with app.app_context():
        assert summaries.write_all() == ["AM", "RU"]
    coordinator = visit("00000000.union_coordinator")
    coordinator.get_by_role("link", name="States", exact=True).first.click()
    main = coordinator.locator("main")
    profiles = main.get_by_label("Profiles in force: Federal Customs Service")
    expect(profiles.locator("li", has_text="National")).to_contain_text("1")
    channels = main.get_by_label("Declarations by channel: Federal Customs Service")
    expect(channels.locator("li", has_text="All channels")).to_contain_text("11")
    expect(channels.locator("li", has_text="Yellow")).to_contain_text("suppressed")
    numbers = (one.format(today()) for one in (DRAFT_NUMBER, PROFILE_NUMBER))
    for secret in (TITLE, *numbers, "10130010/0000042", "7701234567"):
        assert secret not in coordinator.content()
        coordinator.goto(f"/00000000/search?q={quote(secret)}")
        expect(main).to_contain_text("Nothing")
        expect(main.get_by_role("link", name=secret)).to_have_count(0)
        coordinator.go_back()

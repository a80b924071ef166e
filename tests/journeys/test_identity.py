"""Signing in as people do: with passkeys of a device, with codes, and again when a session ran out while typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select, update

from portal.models import Draft, Factor, OfficerSession
from portal.store.gateway import raw
from portal.store.session import acting
from portal.workflow.clock import now
from tests import texts
from tests.cast import HOUSE, PASSWORD
from tests.factors import code, give_app
from tests.office import Office

Open = Callable[..., Page]

pytestmark = pytest.mark.browser

LOGIN = "10130000.officer.goods"


def device(page: Page, *, verified: bool = True) -> tuple[CDPSession, str]:
    """A device that makes passkeys, and whether it recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


def add_passkey(page: Page, name: str = "Notebook") -> None:
    page.goto("/account/factors/passkey")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Add the passkey").click()


def sign_out(page: Page) -> None:
    page.goto("/account/factors")
    page.locator("details.rp-officer summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator("#login")).to_be_visible()


def give_password(page: Page) -> None:
    page.fill("#login", LOGIN)
    page.fill("#password", PASSWORD)
    page.locator("main form").first.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_stands_for_the_password_and_after_it(visit: Open) -> None:
    page = visit(LOGIN, host="localhost")
    device(page)
    add_passkey(page)
    expect(page.locator(".rp-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("tbody tr")).to_contain_text(["Notebook"])
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("h1")).to_have_text("My desk")
    sign_out(page)
    give_password(page)
    expect(page.locator("h1")).to_have_text("Second factor")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1")).to_have_text("My desk")


def test_a_device_that_does_not_recognise_its_owner_opens_nothing(visit: Open) -> None:
    page = visit(LOGIN, host="localhost")
    session, number = device(page)
    add_passkey(page)
    expect(page.locator(".rp-codes li")).to_have_count(10)
    sign_out(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The device gave no answer")).to_be_visible()
    expect(page.locator("#login")).to_be_visible()


def sent_answer(page: Page) -> dict[str, str]:
    """Sign in with a passkey, and keep what was sent, as somebody might who reads along."""
    with page.expect_request("**/sign-in/passkey") as sent:
        page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("h1")).to_have_text("My desk")
    found: Any = sent.value.post_data_json
    return dict(found)


def replay(app: Flask, host: str, answer: dict[str, str]) -> int:
    """Send the same answer again, from elsewhere; the portal's own protection of forms is not in the way."""
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        return app.test_client().post("/sign-in/passkey", data=answer, base_url=host).status_code
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def test_an_answer_is_taken_once_and_a_copied_key_is_noticed(served: tuple[Flask, str], visit: Open) -> None:
    app, host = served[0], served[1].replace("127.0.0.1", "localhost")
    page = visit(LOGIN, host="localhost")
    device(page)
    add_passkey(page)
    expect(page.locator(".rp-codes li")).to_have_count(10)
    sign_out(page)
    answer = sent_answer(page)
    with app.app_context(), acting(HOUSE, "test") as mine:
        factor = mine.scalars(select(Factor)).one()
        assert factor.counter > 0
        factor.counter = 0
    assert replay(app, host, answer) == 422, "its challenge is spent, whatever the count says"
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.scalars(select(Factor)).one().counter = 1000
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not accepted")


def test_a_removed_passkey_opens_nothing(visit: Open) -> None:
    page = visit(LOGIN, host="localhost")
    device(page)
    add_passkey(page)
    expect(page.locator(".rp-codes li")).to_have_count(10)
    page.goto("/account/factors")
    page.get_by_role("link", name="Remove").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("no longer a second factor")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not accepted")


def test_a_passkey_needs_the_password_to_be_added(visit: Open) -> None:
    page = visit(LOGIN, host="localhost")
    device(page)
    page.goto("/account/factors/passkey")
    page.get_by_label("Name").fill("Mine")
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not your password")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_without_scripts_codes_do_all(served: tuple[Flask, str], visit: Open, host: str) -> None:
    page = visit(LOGIN, script=False, host=host)
    give_app(served[0], LOGIN)
    page.goto("/account/factors")
    page.locator("details.rp-officer summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    give_password(page)
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("My desk")


def run_out(app: Flask) -> None:
    """Let every session of the house run out."""
    with app.app_context(), acting(HOUSE, "test") as mine:
        ended = update(OfficerSession).values(last_seen_at=now() - timedelta(hours=1))
        mine.execute(raw(ended.execution_options(synchronize_session=False), "a test"))


@pytest.mark.parametrize("script", [True, False])
def test_nothing_typed_is_lost_when_a_session_runs_out(
    served: tuple[Flask, str], visit: Open, script: bool
) -> None:
    draft = Office(served[0]).draft()
    page = visit(LOGIN, script=script)
    page.goto(f"/10130000/drafts/{draft}/sections/contact")
    page.get_by_label("Telephone").fill("+7 495 12")
    run_out(served[0])
    page.locator("main form[method=post] .rp-buttons").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Nothing that you typed is lost")
    give_password(page)
    expect(page.locator("main")).to_contain_text("+7 495 12")
    page.get_by_role("button", name="Send the form").click()
    page.wait_for_url(lambda url: "/sections/" not in url)
    with served[0].app_context(), acting(HOUSE, "test", writes=False) as mine:
        assert mine.get_one(Draft, draft).text["contact"]["telephone"] == "+7 495 12"


def test_a_page_left_open_is_cleared_when_its_session_has_run_out(
    served: tuple[Flask, str], visit: Open
) -> None:
    """Another window at work keeps it; the portal's own clock does not move here, so that its session goes on."""
    Office(served[0]).draft(text=texts.complete(title="Carpets from nowhere"))
    page = visit(LOGIN)
    page.clock.install()
    page.goto("/10130000/drafts")
    page.clock.fast_forward("29:50")
    other = page.context.new_page()
    other.goto("/10130000/")
    page.clock.fast_forward("20:00")
    expect(page.locator("main")).to_contain_text("Carpets from nowhere")
    page.clock.fast_forward("10:00")
    for window in (page, other):
        expect(window.locator("h1")).to_have_text("The session has ended")
        expect(window.locator("h1")).to_be_focused()
        assert "10130000" not in window.locator("body").inner_text()
        assert window.title() == "The session has ended"
    assert "Carpets" not in page.locator("body").inner_html()
    expect(page.locator("body")).not_to_contain_text("What you typed is still here")
    page.get_by_role("link", name="Sign in and open the page again").click()
    expect(page.locator("main")).to_contain_text("Carpets from nowhere")


@pytest.mark.parametrize("guarded", [True, False])
def test_only_what_was_typed_stays_on_such_a_page(
    served: tuple[Flask, str], visit: Open, guarded: bool
) -> None:
    """Where the officer was typing, he goes on; in a form that no question guards too."""
    draft = Office(served[0]).draft(text=texts.complete(title="Carpets from nowhere"))
    page = visit(LOGIN)
    page.clock.install()
    page.goto(f"/10130000/drafts/{draft}/sections/contact")
    if not guarded:
        page.locator("form[data-guard]").evaluate("form => form.removeAttribute('data-guard')")
    page.get_by_label("Telephone").fill("+7 495 12")
    page.clock.fast_forward("30:10")
    expect(page.locator("h1")).to_have_text("The session has ended")
    expect(page.locator("main")).to_contain_text("What you typed is still here")
    assert "Carpets" not in page.locator("body").inner_text()
    expect(page.get_by_label("Telephone")).to_have_value("+7 495 12")
    expect(page.get_by_label("Telephone")).to_be_focused()
    expect(page.get_by_role("link", name="Sign in and open the page again")).to_have_count(0)
    run_out(served[0])
    page.locator("main form[method=post] .rp-buttons").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Nothing that you typed is lost")


def test_indicators_being_built_are_not_lost_either(served: tuple[Flask, str], visit: Open) -> None:
    draft = Office(served[0]).draft()
    page = visit(LOGIN)
    page.goto(f"/10130000/documents/{draft}/groups")
    run_out(served[0])
    page.get_by_label("Value, line 1").or_(page.locator("[data-line] [data-value]")).first.fill("6403, 6404")
    expect(page.locator("main")).to_contain_text("Nothing that you typed is lost")
    give_password(page)
    page.get_by_role("button", name="Send the form").click()
    expect(page.locator("[data-line] [data-value]").first).to_have_value("6403, 6404")

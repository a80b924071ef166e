"""What a visit costs on the wire: under 150 KB the first time, under 20 KB after that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests import crawl, walks

pytestmark = pytest.mark.browser

FIRST, LATER = 150_000, 20_000
OFFICER = "10130000.officer.goods"


@contextmanager
def weighed(page: Page) -> Iterator[dict[str, int]]:
    """The bytes over the wire of each address, headers and all, as Chromium counts them."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}
    bytes_of: dict[str, int] = {}
    under_way: set[str] = set()

    def answered(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    def finished(event: dict[str, Any]) -> None:
        url = addresses.get(event["requestId"], event["requestId"])
        bytes_of[url] = bytes_of.get(url, 0) + int(event["encodedDataLength"])
        under_way.discard(event["requestId"])

    session.on("Network.requestWillBeSent", lambda event: under_way.add(event["requestId"]))
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.on("Network.loadingFailed", lambda event: under_way.discard(event["requestId"]))
    yield bytes_of
    while under_way:
        page.wait_for_timeout(20)
    session.detach()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_visit_is_light(language: str, chromium: Chromium, address: str, found: crawl.Found) -> None:
    page = walks.signed_in(chromium, address, language, found.cookies[OFFICER])
    desk = f"{address}/10130000/"
    with weighed(page) as first:
        page.goto(desk)
        page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == language
    assert len(page.content()) > 20_000, "a desk with work on it"
    assert any("portal." in url and url.endswith(".css") for url in first)
    assert sum("woff2" in url for url in first) >= (2 if language == "ru" else 1)
    assert 60_000 < sum(first.values()) < FIRST, first
    with weighed(page) as second:
        page.goto(f"{address}/10130000/drafts")
        page.goto(desk)
    assert 0 < second[desk] < LATER
    assert sum(second.values()) < 2 * LATER, second
    assert not any(size for url, size in second.items() if "/static/" in url and "icon" not in url), second
    page.context.close()


def test_no_page_weighs_more_than_a_visit_may(chromium: Chromium, address: str, found: crawl.Found) -> None:
    """Every kind of page that the officer opens, each after the first; in Russian, whose letters weigh more."""
    page = walks.signed_in(chromium, address, "ru", found.cookies[OFFICER])
    page.goto(f"{address}/10130000/")
    heavy = {}
    for seen in found.pages:
        if seen.login == OFFICER:
            with weighed(page) as bytes_of:
                page.goto(seen.url)
            if (total := sum(bytes_of.values())) >= LATER:
                heavy[seen.url] = (total, bytes_of)
    page.context.close()
    assert heavy == {}

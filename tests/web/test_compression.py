"""Pages travel compressed, and neither their length nor their token tells anything."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import brotli
from flask import Flask
from werkzeug.test import TestResponse

from portal.tokens import MARK, unmasked
from tests.browser import Browser

Browse = Callable[[str], Browser]
LOGIN = "10130000.officer.goods"


def desk(browser: Browser, encoding: str) -> TestResponse:
    return browser.client.get("/10130000/", headers={"Accept-Encoding": encoding})


def test_a_page_is_sent_as_the_browser_reads_it(browse: Browse) -> None:
    browser = browse(LOGIN)
    plain = desk(browser, "identity")
    assert "Content-Encoding" not in plain.headers
    for encoding, opened in (("br, gzip", brotli.decompress), ("gzip", gzip.decompress)):
        small = desk(browser, encoding)
        assert small.headers["Content-Encoding"] == encoding.split(",")[0]
        assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
        assert opened(small.data).decode().count("</html>") == 1
        assert "Accept-Encoding" in small.headers["Vary"]


def test_its_length_is_hidden(browse: Browse) -> None:
    browser = browse(LOGIN)
    fillers = {len(desk(browser, "gzip").headers.get("X-Filler", "")) for _ in range(12)}
    assert len(fillers) > 3, "twelve of ninety-six lengths, all but the same?"


def test_short_answers_and_files_are_left_alone(browse: Browse) -> None:
    browser = browse(LOGIN)
    answer = browser.client.get("/", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (303, None)


def token(page: TestResponse) -> str:
    return page.text.split('name="csrf-token" content="')[1].split('"')[0]


def test_the_token_wears_another_mask_in_each_answer(browse: Browse) -> None:
    browser = browse("")
    first, second = (token(browser.client.get("/sign-in")) for _ in range(2))
    assert first.startswith(MARK)
    assert first != second
    assert unmasked(first).split(".")[0] == unmasked(second).split(".")[0], (
        "beneath it is the session's token"
    )
    page = browser.client.get("/sign-in").text
    assert page.count(token(browser.client.get("/sign-in"))) == 0
    shown = re.findall(r"m~[\w=-]+", page)
    assert len(shown) > 1
    assert len(set(shown)) == 1, "one mask for a page"


def sent(app: Flask, browser: Browser, value: str) -> int:
    data = {"csrf_token": value, "login": "x", "password": "y"}
    return browser.client.post("/sign-in", data=data).status_code


def test_a_masked_token_is_accepted_and_nothing_else(app: Flask, browse: Browse) -> None:
    browser = browse("")
    shown = token(browser.client.get("/sign-in"))
    assert sent(app, browser, shown) == 422, "the token holds, the password does not"
    assert sent(app, browser, shown) == 422, "a page may stay open"
    body = shown.removeprefix(MARK)
    other = "A" if body[3] != "A" else "B"
    for forged in (
        "",
        MARK,
        MARK + "x",
        MARK + "é",
        MARK + body[:-8],
        MARK + body[:3] + other + body[4:],
        "ä",
    ):
        assert sent(app, browser, forged) == 400, forged
    assert sent(app, browse(""), shown) == 400, "another visitor's"

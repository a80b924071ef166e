"""Who walks the furnished portal in a browser, on which screens, and what is too wide on them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.serving import make_server

#: Who walks: each opens what nobody before him could.
WALKERS = (
    "10130000.officer.goods", "10130000.unit_head.goods", "10130000.unit_head.value", "10130000.unit_head.risk",
    "10130000.first_deputy", "10130000.registrar.risk", "10100000.officer.goods", "10000000.registrar.risk",
    "10000000.unit_head.goods", "10000000.officer.goods", "10000000.unit_head.risk", "10000000.head",
    "10130010.inspector", "10130000.auditor", "10130000.administrator", "10000000.administrator",
    "00000000.union_coordinator",
)  # fmt: skip
WIDE, SMALL = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
#: The least width to which a page must reflow, and a wall of 4K.
NARROW, VAST = ViewportSize(width=320, height=640), ViewportSize(width=3840, height=2160)

#: Gives a sentence when the page scrolls sideways.
OVERFLOW = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [`scrolls sideways at ${innerWidth}: ` + [...document.querySelectorAll("body *")].filter(
        one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".rp-table-frame")
    ).slice(0, 3).map(one => `${one.tagName}.${one.className}`).join(", ")]"""


#: The browser without a window costs a third less than the one that draws its own frame too.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium() -> str:
    """The program of the browser on this machine; empty where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), "")


def signed_in(chromium: Browser, address: str, language: str, cookie: str) -> Page:
    """A page of a browser of its own, in which an officer is signed in and reads a language."""
    context = chromium.new_context(base_url=address)
    cookies = {"portal": cookie, "language": language}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    return context.new_page()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which an application is served for a while."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()

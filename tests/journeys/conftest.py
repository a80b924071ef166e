"""The portal served to a real browser."""

from __future__ import annotations

import logging
import os
import pickle
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from portal import create_app
from portal.extensions import db
from tests import crawl, furnished, walks
from tests.conftest import SETTINGS, environment, hurry, made_once, need
from tests.signed_in import browser_of

CHROMIUM = walks.chromium()
SHOTS = Path(__file__).parents[1] / "browser" / "shots"


#: What the console says of an answer that refuses, or of none: the page says it too.
REFUSAL = re.compile(
    r"responded with a status of 4|Response Status Error Code 4|net::ERR_FAILED|htmx:(sendError|afterRequest)"
)

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or bool(report.failed)
    return report


#: Milliseconds that a page may take on a busy machine before a test gives up.
PATIENCE = int(os.environ.get("PORTAL_BROWSER_TIMEOUT", "30000"))
expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True, scope="session")
def _quiet_server() -> None:
    """A failure shows the page at fault, not each request for a style sheet."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    need("Chromium", "PORTAL_REQUIRE_BROWSER", bool(CHROMIUM))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """The portal with the standing cast, on an own database, and its address."""
    shutil.copy(sqlite_template, tmp_path / "portal.db")
    app = _hurried(tmp_path)
    with walks.serving(app) as address:
        yield app, address
    with app.app_context():
        db.engine.dispose()


Open = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, served: tuple[Flask, str], request: pytest.FixtureRequest) -> Iterator[Open]:
    """``visit("10130000.officer.goods", script=False)`` is that officer's page, signed in, in a browser of his own.

    Without `by_form` he is signed in already.

    Where the test fails, what each of them saw last is kept in `SHOTS`.
    """
    from tests.cast import PASSWORD

    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(
        login: str,
        *,
        script: bool = True,
        width: int = 1366,
        height: int = 768,
        locale: str = "en-GB",
        host: str = "127.0.0.1",
        by_form: bool = True,
    ) -> Page:
        address = served[1].replace("127.0.0.1", host)
        context = chromium.new_context(
            base_url=address,
            java_script_enabled=script,
            viewport={"width": width, "height": height},
            locale=locale,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: faults.append(f"{page.url}: {e}"))
        if by_form:
            page.goto("/sign-in")
            page.fill("#login", login)
            page.fill("#password", PASSWORD)
            page.click("main form button[type=submit]")
        else:
            cookie = browser_of(served[0], login).client.get_cookie("portal")
            assert cookie is not None
            context.add_cookies([{"name": "portal", "value": cookie.value, "url": address}])
            page.goto("/")
        page.wait_for_url("**/*/")
        return page

    yield visit
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            context.pages[0].screenshot(path=SHOTS / f"{request.node.name}-{number}.png", full_page=True)
        context.close()
    assert [fault for fault in faults if not REFUSAL.search(fault)] == [], (
        "the browser's console must stay clean"
    )


def _hurried(folder: Path) -> Flask:
    app = create_app(SETTINGS, environment(f"sqlite:///{folder / 'portal.db'}", folder))
    with app.app_context():
        hurry(db.engine)
    return app


@pytest.fixture(scope="session")
def furnished_once(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished portal, and beside it what a walk over all its links has found."""

    def make(folder: Path) -> None:
        shutil.copy(sqlite_template, folder / "portal.db")
        app = _hurried(folder)
        furnished.furnish(app, folder)
        (folder / "found").write_bytes(pickle.dumps(crawl.walk(app, walks.WALKERS)))
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    return made_once(tmp_path_factory, "furnished", make)


@pytest.fixture(scope="session")
def furnished_app(furnished_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("furnished") / "portal"
    shutil.copytree(furnished_once, folder)
    app = _hurried(folder)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def address(furnished_app: Flask) -> Iterator[str]:
    with walks.serving(furnished_app) as served:
        yield served


@pytest.fixture(scope="session")
def found(furnished_once: Path) -> crawl.Found:
    walked: crawl.Found = pickle.loads((furnished_once / "found").read_bytes())  # noqa: S301 - written by this run
    return walked

"""Take a picture of every page of a running portal with the demonstration, as the right officers see it.

``python scripts/screenshots.py http://127.0.0.1:8000 shots`` follows the links of each officer below, takes each kind
of page once, in every language, theme and size asked for, and writes ``shots/<page>-<language>-<theme>-<width>.png``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import walks

PASSWORD = "four-levels"  # noqa: S105 - of accounts that no production portal holds
#: Who looks: each opens what nobody before him could.
LOGINS = (
    "petrova", "sokolov", "grigoryeva", "vorobyev", "makarov", "egorova", "lebedev", "kuznetsova", "gromov",
    "vasilyev", "sidorov", "aitmatova", "isaeva", "hakobyan", "maltsev", "blinova", "savchuk",
)  # fmt: skip
SIZES = {"1366": (1366, 768), "1920": (1920, 1080), "390": (390, 844)}
LANGUAGES = ("en", "ru")
THEMES = ("light", "dark")
#: Links that lead to files, out, or to no page of their own.
LEFT_OUT = re.compile(
    r"/(export|faults|language|sign-out|chain|file|verification)\b|\.(csv|xlsx|json|pdf|export)\b"
)
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def kind_of(url: str) -> str:
    """What tells one kind of page from another: its address without numbers of objects, and which part it shows."""
    parts = urlsplit(url)
    path = re.sub(r"^/\d{8}(?=/|$)", "", parts.path)
    part = re.findall(r"(?:^|&)part=([^&]+)", parts.query)
    words = re.sub(r"\d+(?:-\d+)*", "n", path).strip("/")
    return "-".join([words.replace("/", "-") or "desk", *part, *(["found"] if "q=" in parts.query else [])])


def sign_in(context: BrowserContext, password: str, login: str) -> Page:
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/*/")
    return page


def pages_of(page: Page, known: set[str], most: int) -> Iterator[tuple[str, str]]:
    """Kind and address of the pages that this officer reaches and nobody before him did."""
    home = urlsplit(page.url)
    waiting, seen = [page.url], set[str]()
    while waiting and len(seen) < most:
        url = waiting.pop(0)
        kind = kind_of(url)
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(url)
        if answer is None or answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        for href in page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))"):
            found = urljoin(page.url, href).split("#")[0]
            if urlsplit(found).netloc == home.netloc and not LEFT_OUT.search(found):
                waiting.append(found)
        if kind not in known or kind == "desk":
            known.add(kind)
            yield kind, url


def shoot(page: Page, kind: str, url: str, chosen: argparse.Namespace) -> Iterator[str]:
    """Take the pictures of one page; gives what scrolls sideways."""
    for language in chosen.languages:
        page.context.add_cookies([{"name": "language", "value": language, "url": chosen.address}])
        for theme in chosen.themes:
            page.emulate_media(color_scheme=theme)
            page.goto(url)
            for name in chosen.sizes:
                width, height = SIZES[name]
                page.set_viewport_size({"width": width, "height": height})
                page.screenshot(path=chosen.folder / f"{kind}-{language}-{theme}-{name}.png", full_page=True)
                if (over := page.evaluate(OVERFLOW)) > 0:
                    yield f"{url} ({language}, {name}): {over} px too wide"


def walk(browser: Browser, chosen: argparse.Namespace) -> int:
    known: set[str] = set()
    faults = 0
    for login in chosen.logins:
        context = browser.new_context(base_url=chosen.address)
        page = sign_in(context, chosen.password, login)
        looking = context.new_page()
        for kind, url in pages_of(page, known, chosen.most):
            if chosen.only and not re.search(chosen.only, kind):
                continue
            name = f"{kind}-{login}" if kind == "desk" else kind
            print(login, name, url, flush=True)
            for fault in shoot(looking, name, url, chosen):
                faults += 1
                print("  " + fault, file=sys.stderr)
        context.close()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", help="where the portal runs, such as http://127.0.0.1:8000")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--password", default=PASSWORD, help="of the demonstration's accounts")
    parser.add_argument("--logins", nargs="+", default=LOGINS)
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=THEMES, choices=THEMES)
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--only", help="a pattern of the kinds of pages to take")
    parser.add_argument("--most", type=int, default=120, help="the most kinds of pages of one officer")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    program = walks.chromium() or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        faults = walk(browser, chosen)
        browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

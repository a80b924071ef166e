"""Finds the pages of the portal by following their links, as each member of the cast may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portal.models import Authority, Document, JournalEntry, Officer
from portal.store.session import acting, session
from tests.browser import Browser
from tests.cast import CENTRE
from tests.signed_in import browser_of

#: Endpoints that answer with no page, or with none to those who are signed in.
NO_PAGES = {
    "static",
    "sign_in.home",
    "sign_in.language",
    "sign_in.form",
    "sign_in.factor",
    "account.overview",
    "single_sign_on.begin",
    "single_sign_on.again",
    "single_sign_on.back",
    "health.alive",
    "health.ready",
    "health.collected",
}
DOWNLOADS = ("export", "faults")
#: Pages that differ with the status of their document, and pages that differ with who looks.
BY_STATUS = {"drafting.show", "profiles.show"}
BY_OFFICER = {"desk.show"}
BY_OBJECT = {"circulation.union_show", "inspection.show", "officer_import.show"}
#: Pages from which others are reached: opened by every walker, the rest by the first who can.
HUBS = (
    "desk.show", "account.password", "account.factors", "account.sessions", ".show", ".union_show", ".listing",
    ".union_listing", ".queue", ".drafts", ".profiles",
)  # fmt: skip

Kind = tuple[object, ...]
#: A link as the templates write it: a parser of HTML took a third of the walk.
_HREF = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')


@dataclass(frozen=True)
class Seen:
    """A page, and who could open it."""

    login: str
    url: str
    endpoint: str


@dataclass
class Found:
    """What a walk found: each kind of page once, the links that failed, the cookies of the walkers."""

    pages: list[Seen] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)


def one_of_each(found: Found) -> list[Seen]:
    """One page of each endpoint."""
    return list({page.endpoint: page for page in reversed(found.pages)}.values())


def endpoints(app: Flask) -> set[str]:
    """The endpoints that answer GET with a page."""
    found = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {one for one in found if one not in NO_PAGES and not one.endswith(DOWNLOADS)}


def walk(app: Flask, logins: Sequence[str]) -> Found:
    """Follow every link of every walker; what one has shown is not shown again by the next."""
    return _Walk(app).through(logins)


class _Walk:
    def __init__(self, app: Flask) -> None:
        self.app, self.found = app, Found()
        self.adapter = app.url_map.bind("localhost")
        self.known: set[Kind] = set()
        with app.app_context(), acting(CENTRE, "crawl", writes=False):
            self.statuses = {
                row.id: row.status for row in session().execute(select(Document.id, Document.status))
            }
            entries = (
                session().execute(select(JournalEntry.document_id, JournalEntry.id, JournalEntry.event)).all()
            )
            self.administered = list(_administered())
            self.entries = {row.event: f"documents/{row.document_id}/done/{row.id}" for row in entries}

    def through(self, logins: Sequence[str]) -> Found:
        for login in logins:
            browser = browser_of(self.app, login)
            cookie = browser.client.get_cookie("portal")
            assert cookie is not None
            self.found.cookies[login] = cookie.value
            self._as(browser, login)
        return self.found

    def _as(self, browser: Browser, login: str) -> None:
        home = f"/{login.split('.')[0]}/"
        unlinked = [home + place for place in self._unlinked()]
        waiting, mine = [home, *unlinked], set[Kind]()
        while waiting:
            url = waiting.pop(0)
            kind = self._kind(url, login)
            if not kind or kind in mine or (kind in self.known and not str(kind[0]).endswith(HUBS)):
                continue
            answer = browser.client.get(url)
            body = answer.get_data(as_text=True)
            if answer.status_code != 200:
                if url not in unlinked and answer.status_code != 303:
                    self.found.dead.append(f"{login} {url}: {answer.status_code}")
                continue
            mine.add(kind)
            if answer.mimetype == "text/html":
                waiting += _links(body, url)
                if kind not in self.known:
                    self.found.pages.append(Seen(login, url, str(kind[0])))
                self.known.add(kind)

    def _unlinked(self) -> list[str]:
        """Pages to which an act leads, or a form: receipts, comparisons, what a search finds."""
        compared = [f"{noun}/{one}/versions/1-2" for noun in ("drafts", "profiles") for one in self.statuses]
        return [
            *self.entries.values(),
            *compared,
            *self.administered,
            "risk-information/1/circulated",
            "search?q=a",
            "search",
        ]

    def _kind(self, url: str, login: str) -> Kind:
        """What tells one page from another of the same endpoint; empty for what is no page of the portal."""
        parts = urlsplit(url)
        try:
            endpoint, values = self.adapter.match(parts.path)
        except HTTPException:
            return ()
        if endpoint in NO_PAGES or parts.netloc:
            return ()
        words = tuple(
            sorted(str(value) for name, value in values.items() if isinstance(value, str) and name != "code")
        )
        query = parse_qs(parts.query)
        told = tuple(query.get("part", [])) + tuple("q" for _ in query.get("q", []))
        status = self.statuses.get(values.get("document_id", 0), "") if endpoint in BY_STATUS else ""
        ids = tuple(values.values()) if endpoint in BY_OBJECT else ()
        return (endpoint, words, told, status, ids, login if endpoint in BY_OFFICER else "")


def _administered() -> Iterator[str]:
    """Pages of administration to which only some officers and authorities lead."""
    closed = session().scalars(select(Officer.id).where(Officer.closed_at.is_not(None))).first()
    other = session().scalars(select(Officer.id).where(Officer.login == "10130010.head")).first()
    never_came = session().scalars(select(Officer.id).where(Officer.login == "smirnova")).first()
    yield f"administration/officers/{closed}/reopen"
    yield f"administration/officers/{never_came}/first-password"
    yield from (
        f"administration/officers/{other}/{page}"
        for page in ("appoint", "act", "change", "close", "factors", "password", "sessions")
    )
    for code, page in (("10130020", "close"), ("10000000", "signatures")):
        place = session().scalars(select(Authority.id).where(Authority.code == code)).first()
        yield f"administration/authorities/{place}/{page}"


def _links(html: str, base: str) -> list[str]:
    found = [unescape(href) for href in _HREF.findall(html)]
    return [urljoin(base, href).split("#")[0] for href in found if not href.startswith("#")]

"""Officers who are signed in already: a session for each of the cast stands in every prepared database."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from portal.models import Officer, OfficerSession
from portal.store import officers, sessions
from portal.store.gateway import unscoped
from portal.store.session import acting
from tests.browser import Browser

#: A moment that has not come: these sessions neither run out nor are noted anew.
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def token_of(login: str) -> str:
    return f"the session of {login}"


def open_sessions() -> None:
    """Begin the sessions, once, in the database from which those of the tests are copied."""
    with acting("eeu.", "test") as mine:
        for row in mine.execute(unscoped(select(Officer.id, Officer.login), "the cast of the tests")):
            hashed = sessions.hashed(token_of(row.login))
            mine.add(OfficerSession(token_hash=hashed, officer_id=row.id, begun_at=NEVER, last_seen_at=NEVER))


def browser_of(app: Flask, login: str) -> Browser:
    """A browser that holds the token of its officer's session."""
    with app.app_context():
        found = officers.credentials(login)
    assert found is not None, login
    browser = Browser(app)
    with browser.client.session_transaction() as kept:
        kept.update({"_user_id": str(found[0]), "_fresh": True, "token": token_of(login)})
        kept.permanent = True
    return browser

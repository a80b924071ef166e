"""Ties the browser's session to an officer: renewed at sign-in, read anew at each request."""

from __future__ import annotations

from flask import Flask, session
from flask_login import UserMixin, login_user, logout_user

from portal.extensions import login
from portal.store import officers
from portal.store.officers import SignedIn
from portal.workflow.clock import now


class CurrentOfficer(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps for a request."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        return str(self.signed_in.id)


def load(officer_id: str) -> CurrentOfficer | None:
    """The officer of a session, with his posts of this very moment; None ends the session."""
    if not officer_id.isascii() or not officer_id.isdigit():
        return None
    found = officers.signed_in(int(officer_id), now())
    return CurrentOfficer(found) if found else None


def begin(officer_id: int) -> SignedIn | None:
    """Sign in: whatever the visitor's session held before is thrown away."""
    found = officers.signed_in(officer_id, now())
    if found is None:
        return None
    session.clear()
    session.permanent = True
    login_user(CurrentOfficer(found))
    return found


def end() -> None:
    logout_user()
    session.clear()


def install(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = "strong"
    login.user_loader(load)

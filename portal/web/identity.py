"""Ties the browser to an officer: by a session of the database, renewed at sign-in, looked at with each request."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from flask import Flask, Response, current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError

from portal.extensions import login
from portal.operations import sealed, sign_in
from portal.operations.guessing import Visitor
from portal.store import officers, sessions
from portal.store.officers import SignedIn
from portal.store.sessions import Open
from portal.workflow.clock import now

#: The cookie by which a browser is known again beyond its sign-ins; it opens nothing.
DEVICE = "device"
_YEAR = 365 * 86400
#: Seconds in which the second factor must follow the password.
HALF_LASTS = 600
log = logging.getLogger(__name__)


class CurrentOfficer(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps for a request."""

    def __init__(self, signed_in: SignedIn, begun_at: datetime, found: Open | None = None) -> None:
        self.signed_in = signed_in
        self.begun_at = begun_at
        self.session_id = found.id if found else 0
        self.session = found

    @property
    def by_service(self) -> bool:
        """Whether the provider of single sign-on stood for the password."""
        return self.session is not None and self.session.by_service

    def get_id(self) -> str:
        return str(self.signed_in.id)


def load(officer_id: str) -> CurrentOfficer | None:
    """The officer of a session that may go on, with his posts of this very moment; None ends the session."""
    found = officers.of_session(_token(), now())
    if found is None or str(found[0].officer_id) != officer_id or not sign_in.may_go_on(found[0]):
        return None
    open_session, officer = found
    _see(open_session)
    return CurrentOfficer(officer, open_session.begun_at, open_session)


def _see(found: Open) -> None:
    """A session that cannot be noted, such as by a database that only reads, goes on until its time runs out."""
    try:
        sign_in.see(found)
    except OperationalError:
        log.warning("the last-seen time of session %s could not be noted", found.id)


def _token() -> str:
    return str(session.get("token", ""))


def begin(
    officer_id: int, action: str = "sign_in.enter", *, factor_elsewhere: bool = False
) -> SignedIn | None:
    """Sign in: whatever the visitor's session held before is thrown away; None when the account is closed.

    Args:
        action: names the way of entering in the trail, to which it is put here.
        factor_elsewhere: whether the provider of the service asked for a second factor; he then needs none here.
    """
    found = officers.signed_in(officer_id, now())
    if found is None:
        return None
    _renew(found, action)
    session["factor_elsewhere"] = factor_elsewhere
    return found


def _renew(found: SignedIn, action: str) -> None:
    """Begin a session with a new token, and let the browser be known again."""
    g.new_device = secrets.token_urlsafe(24) if not request.cookies.get(DEVICE) else ""
    here = visitor()
    token = secrets.token_urlsafe(32)
    sign_in.begin(found.id, token, here, request.user_agent.string, action)
    _clear()
    session.permanent = True
    session["token"] = token
    login_user(CurrentOfficer(found, now()))


def _clear() -> None:
    """Throw away the browser's session, and the token that forms of this request would still take from it."""
    session.clear()
    g.pop("csrf_token", None)


def visitor() -> Visitor:
    """Where this request comes from."""
    return Visitor(request.remote_addr or "", g.get("new_device") or request.cookies.get(DEVICE, "")[:60])


def end() -> None:
    """Sign out."""
    sign_in.end(current_user.signed_in.id, current_user.session_id, request.remote_addr or "")
    logout_user()
    session.clear()


def was() -> int | None:
    """Whose session this browser held when its time ran out, or it was ended; None when it never held one."""
    return sessions.officer_of(_token()) if _token() else None


def ask_factor(officer_id: int, login_name: str, password_hash: str, *, by_service: bool = False) -> None:
    """The password was right: what is still missing is remembered for a few minutes, and opens nothing.

    Args:
        by_service: whether the provider of the service stood for the password.
    """
    _clear()
    at = int(now().timestamp())
    mark = _mark(password_hash)
    session["half"] = {
        "id": officer_id,
        "login": login_name,
        "mark": mark,
        "at": at,
        "by_service": by_service,
    }


def half() -> tuple[int, str] | None:
    """Id and login of the officer who has given his password and not yet his second factor."""
    found = session.get("half")
    if not found or int(now().timestamp()) - found["at"] > HALF_LASTS:
        return None
    kept = officers.credentials(found["login"])
    if kept is None or kept[0] != found["id"] or _mark(kept[1]) != found["mark"]:
        return None
    return kept[0], found["login"]


def came_by_service(officer_id: int) -> bool:
    """Whether the provider of the service has proved this officer, who still owes his second factor."""
    found = half()
    return found is not None and found[0] == officer_id and bool(session["half"].get("by_service"))


def _mark(password_hash: str) -> str:
    """Ends with the password: whoever gave an old one begins anew."""
    return sealed.mark("half of a sign-in", password_hash)


def duty() -> str | None:
    """The page to which the officer is led before anything else opens; None when nothing is still to be done."""
    if not current_user.is_authenticated:
        return None
    officer: SignedIn = current_user.signed_in
    if officer.must_change_password and not current_user.by_service:
        return "account.password"
    if officer.has_factor or session.get("factor_elsewhere") or not factor_needed(officer):
        return None
    return "account.factors"


def factor_needed(officer: SignedIn) -> bool:
    """Whether one of the officer's posts needs a second factor here."""
    needed = current_app.config["ENVIRONMENT"].second_factor_posts
    return any(held.post.value in needed for place in officer.places for held in place.posts)


def install(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = "strong"
    login.user_loader(load)

    @app.after_request
    def remember(response: Response) -> Response:
        if g.get("new_device"):
            secure = current_app.config["SESSION_COOKIE_SECURE"]
            response.set_cookie(
                DEVICE, g.new_device, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure
            )
        return response

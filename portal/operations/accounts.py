"""What officers do with their own accounts, and what an administrator does for them: passwords and sessions."""

from __future__ import annotations

from portal.errors import Invalid, NotHere
from portal.models import Officer
from portal.operations import passwords, sign_in
from portal.operations.account_mail import tell
from portal.store import sessions
from portal.store.session import session
from portal.workflow.clock import now


def officer(officer_id: int) -> Officer:
    """The row of an account, in the scope of the authority that keeps it."""
    return session().get_one(Officer, officer_id)


def change_password(officer_id: int, password: str, session_id: int, token: str) -> None:
    """Set a new password; all other sessions end, and this one goes on under a new token.

    Raises:
        Invalid: the password is weak, or is the old one.
    """
    row = officer(officer_id)
    if why := passwords.weakness(password, row.login, row.name, row.email):
        raise Invalid((("new_password", why),))
    if sign_in.matches(row.password_hash, password):
        raise Invalid((("new_password", passwords.THE_OLD_ONE),))
    row.password_hash = sign_in.HASHER.hash(password)
    row.must_change_password, row.first_password_at = False, None
    sessions.end(officer_id, "password", now(), but=session_id)
    sessions.renew(session_id, token)
    tell(row, "password")


def give_password(officer_id: int, password: str) -> None:
    """Let an officer in who forgot his password: he changes this one at once, his second factors stay, he is told."""
    row = officer(officer_id)
    row.password_hash = sign_in.HASHER.hash(password)
    row.must_change_password, row.first_password_at = True, now()
    sessions.end(officer_id, "password", now())
    tell(row, "password")


def end_session(officer_id: int, session_id: int) -> None:
    """End one session of the officer.

    Raises:
        NotHere: it is not his, or has ended.
    """
    if not sessions.end(officer_id, "ended", now(), only=session_id):
        raise NotHere


def end_sessions(officer_id: int) -> int:
    """Sign the officer out everywhere, here too; how many sessions that were."""
    ended = sessions.end(officer_id, "everywhere", now())
    tell(officer(officer_id), "sessions")
    return ended

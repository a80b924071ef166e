"""Opens, changes and closes the accounts of officers."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal.errors import Invalid, NotAllowedNow, NotYours
from portal.levels.words import N_
from portal.models import Authority, Officer
from portal.operations import account_mail, administration, administration_journal, passwords
from portal.operations.acts import Acts
from portal.operations.administration_tree import must_be_open
from portal.operations.sign_in import HASHER
from portal.store import administration as store
from portal.store import sessions
from portal.store.session import session
from portal.workflow.clock import now

TAKEN = N_("The login is taken.")
CLOSED = N_("The account is closed.")
HIS_OWN = N_("He has signed in already: propose to replace the password that he forgot.")
OWN = N_("Your own account is another administrator's to close.")


def enrol(
    authority: Authority, acts: Acts, login: str, name: str, email: str, locale: str, password: str
) -> Officer:
    """Open an account without a post: it opens no page until a second administrator confirms one.

    Raises:
        Invalid: the login is taken, or the password is weak.
        NotAllowedNow: the authority is closed.
    """
    must_be_open(authority)
    if store.login_taken(login):
        raise Invalid((("login", TAKEN),))
    if fault := passwords.weakness(password, login, name, email):
        raise Invalid((("password", fault),))
    try:
        with (
            session().begin_nested()
        ):  # the login of a state that is out of scope is known to the database alone
            officer = administration.enrol(
                authority, login, name, password, email=email, locale=locale, first=True
            )
    except IntegrityError as error:
        raise Invalid((("login", TAKEN),)) from error
    after = {"login": login, "name": name, "email": email, "locale": locale}
    administration_journal.write(
        acts, officer.authority_path, N_("Account opened"), officer=officer.id, after=after
    )
    return officer


def hindrance(officer: Officer) -> str:
    """Why an officer is given no other first password; empty when he may be."""
    if officer.closed_at is not None:
        return CLOSED
    waits = officer.first_password_at is None or not sessions.any_of(officer.id)
    return "" if officer.must_change_password and waits else HIS_OWN


def give_first_password(officer: Officer, acts: Acts, version: int | None, password: str) -> Officer:
    """Give another first password to an officer who has never signed in, or whose password was ended.

    The one before stops working.

    Raises:
        Invalid: the password is weak.
        NotAllowedNow: he has signed in, or the account is closed.
        Stale: the account was changed since the form was shown.
    """
    if why := hindrance(officer):
        raise NotAllowedNow(why)
    if fault := passwords.weakness(password, officer.login, officer.name, officer.email):
        raise Invalid((("password", fault),))
    administration_journal.put(
        officer, version, {"password_hash": HASHER.hash(password), "first_password_at": now()}
    )
    administration_journal.write(acts, officer.authority_path, N_("First password given"), officer=officer.id)
    return officer


def change(officer: Officer, acts: Acts, version: int | None, name: str, email: str, locale: str) -> bool:
    """Change name, address and language; False when nothing differs. What was signed keeps the name it was signed by.

    Raises:
        NotAllowedNow: the account is closed.
        Stale: it was changed since the form was shown.
    """
    if officer.closed_at is not None:
        raise NotAllowedNow(CLOSED)
    before, after = administration_journal.put(
        officer, version, {"name": name, "email": email, "locale": locale}
    )
    if after:
        administration_journal.write(
            acts,
            officer.authority_path,
            N_("Account changed"),
            officer=officer.id,
            before=before,
            after=after,
        )
    return bool(after)


def end_sessions(officer: Officer, acts: Acts, version: int | None, reason: str) -> int:
    """Sign an officer out wherever he is signed in; how many sessions that were. He is told, and may sign in again.

    Raises:
        Stale: the account was changed since the page was shown.
    """
    administration_journal.put(officer, version, {})
    ended = sessions.end(officer.id, "administrator", now())
    account_mail.tell(officer, "sessions")
    administration_journal.write(
        acts, officer.authority_path, N_("Sessions ended"), words=reason, officer=officer.id
    )
    return ended


def close(officer: Officer, acts: Acts, version: int | None, reason: str) -> None:
    """Close an account at once: the next request of its holder finds him signed out. Only two open it again.

    Raises:
        NotYours: it is his own.
        NotAllowedNow: it is closed already.
        Stale: it was changed since the page was shown.
    """
    if officer.id == acts.officer_id:
        raise NotYours(OWN)
    if officer.closed_at is not None:
        raise NotAllowedNow(CLOSED)
    # Who comes back one day may get another account: this one lets go of its person at the provider.
    administration_journal.put(officer, version, {"closed_at": now(), "provider_subject": ""})
    sessions.end(officer.id, "closed", now())
    administration_journal.write(
        acts, officer.authority_path, N_("Account closed"), words=reason, officer=officer.id
    )

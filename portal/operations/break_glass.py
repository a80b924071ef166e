"""Accounts whose password opens when all others sign in at the provider: who has one, and who is told of its use."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select

from portal.models import Officer, OutboxMessage
from portal.store import audit, officers, sign_on
from portal.store.session import acting, session
from portal.store.sign_on import Account


def opens(officer_id: int) -> bool:
    """Whether a right password opens the account of an officer."""
    return not current_app.config["ENVIRONMENT"].break_glass_only or sign_on.may_break_glass(officer_id)


def mark(login: str, given: bool) -> Account | None:
    """Make an account a break-glass account, or an ordinary one again; None when no open account has the login."""
    found = sign_on.account(login)
    if found is None:
        return None
    with acting(found.path, "users.break_glass") as mine:
        mine.scalars(select(Officer).where(Officer.id == found.id)).one().break_glass = given
    return found


def tell(officer_id: int, address: str, at: datetime) -> None:
    """Put the use of a break-glass account into the trail and before the auditors of its authority."""
    if not sign_on.may_break_glass(officer_id):
        return
    name, path = officers.home(officer_id)
    with acting(path, "sign_in.break_glass") as opened:
        opened.info["who"] = audit.Who(officer_id, name, path, "sign_in.break_glass", address)
        audit.tell(opened, path, f"officer:{officer_id}", {"address": address, "break_glass": True})
        for auditor in sign_on.auditors(path, at.date()):
            if auditor.email:
                _put_mail(path, auditor.email, auditor.locale, name, address, at)


def _put_mail(path: str, email: str, locale: str, name: str, address: str, at: datetime) -> None:
    with force_locale(locale):
        subject = gettext("A break-glass account was used: %(name)s", name=name)
        body = gettext(
            "%(name)s signed in with a password at %(at)s UTC, from %(address)s. Ask why single sign-on was not used, "
            "and see the audit trail.",
            name=name,
            at=at.strftime("%Y-%m-%d %H:%M"),
            address=address,
        )
    session().add(
        OutboxMessage(
            message_id=f"<break-glass.{secrets.token_hex(12)}@customs-risk-portal>",
            authority_path=path,
            recipient=email,
            subject=" ".join(subject.split())[:300],
            body=body,
            created_at=at,
        )
    )

"""Whose account it is that the provider of single sign-on proves: by the subject, which it gives to nobody else."""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.models import Officer
from portal.store import audit, sign_on
from portal.store.session import acting
from portal.store.sign_on import Account

log = logging.getLogger(__name__)


def found(login: str, subject: str) -> Account | None:
    """The open account of who is proven; None when there is none, or its login belongs to another person there.

    A login finds the account the first time; from then on the account is that of the subject, whatever the provider
    calls him by (OpenID Connect Core 1.0, section 5.7).
    """
    if (known := sign_on.account_of(subject)) is not None:
        return known
    named = sign_on.account(login)
    if named is None:
        log.warning("single sign-on: nobody here has the login %r", login)
        return None
    if not _bind(named, subject):
        log.warning("single sign-on: the login %r is that of another person at the provider", login)
        return None
    return named


def _bind(account: Account, subject: str) -> bool:
    """Whether the account, so far nobody's, is from now on that of the subject: of two who come at once, one."""
    try:
        with acting(account.path, "single_sign_on.bind") as mine:
            mine.info["who"] = audit.Who(account.id, account.name, account.path, "single_sign_on.bind")
            row = mine.scalars(select(Officer).where(Officer.id == account.id).with_for_update()).one()
            if row.provider_subject not in ("", subject):
                return False
            row.provider_subject = subject
    except IntegrityError:
        return False
    return True


def forget(login: str) -> Account | None:
    """Let the login find its account anew, as when the provider was changed; None when no open account has it."""
    account = sign_on.account(login)
    if account is not None:
        with acting(account.path, "users.forget_subject") as mine:
            mine.scalars(select(Officer).where(Officer.id == account.id)).one().provider_subject = ""
    return account

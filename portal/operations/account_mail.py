"""Tells officers by mail what happened to their accounts, so that what they did not do themselves is noticed."""

from __future__ import annotations

import secrets

from flask import current_app
from flask_babel import force_locale, gettext

from portal.levels.words import N_
from portal.models import Officer, OutboxMessage
from portal.store.session import session
from portal.workflow.clock import now

EVENTS = {
    "password": N_("Your password was changed"),
    "factor_added": N_("A second factor was added to your account"),
    "factor_removed": N_("A second factor was removed from your account"),
    "factors_reset": N_("The administrator removed the second factors of your account"),
    "password_void": N_("The administrators ended your password; you are given a first one"),
    "codes": N_("New recovery codes were made for your account"),
    "code_used": N_("A recovery code was used to sign in to your account"),
    "wrong_codes": N_("Someone gave your password and several wrong codes"),
    "sessions": N_("All sessions of your account were ended"),
}


def tell(officer: Officer, event: str, detail: str = "") -> None:
    """Put the mail of an event into the outbox of the authority that keeps the account.

    Args:
        detail: what it was about, such as the name of a factor.
    """
    if not officer.email:
        return
    with force_locale(officer.locale):
        words = str(gettext(EVENTS[event]))
        template = current_app.jinja_env.get_template("mail/account.txt")
        body = template.render(officer=officer, words=words, detail=detail, at=now())
    session().add(
        OutboxMessage(
            message_id=f"<account.{officer.id}.{event}.{secrets.token_hex(8)}@customs-risk-portal>",
            authority_path=officer.authority_path,
            recipient=officer.email,
            subject=words,
            body=body,
            created_at=now(),
        )
    )

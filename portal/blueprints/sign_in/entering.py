"""What follows a right password or passkey: the second factor, or the page that was asked for."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.sign_in.forms import FactorForm
from portal.operations import break_glass, sign_in
from portal.store import factors, officers
from portal.web import identity, kept, passkeys
from portal.web.arguments import inside
from portal.web.page import page
from portal.workflow.clock import now


def enter_or_ask(officer_id: int, next_page: str, typed: str) -> ResponseReturnValue | None:
    """After the password: ask for the second factor where there is one; None when the account is closed."""
    if not factors.of(officer_id):
        return enter(officer_id, next_page, typed)
    known = officers.keys_of(officer_id)
    if known is None:
        return None
    identity.ask_factor(officer_id, *known)
    if typed:
        return factor_page(200, FactorForm(formdata=None, next=next_page, kept=typed), officer_id)
    return redirect(url_for("sign_in.factor", next=inside(next_page) or None), 303)


def factor_page(status: int, form: FactorForm, officer_id: int) -> ResponseReturnValue:
    """Ask for a code or a passkey, whichever the officer has."""
    held = factors.of(officer_id)
    return page(
        "sign_in/factor.html",
        status,
        form=form,
        has_passkey=any(one.is_passkey for one in held),
        passkey=passkeys.request_options(officer_id) if any(one.is_passkey for one in held) else None,
    )


def enter(officer_id: int, next_page: str, typed: str) -> ResponseReturnValue | None:
    """Begin the session; what its officer typed while the last one ran out is shown to him again."""
    by_service = identity.came_by_service(officer_id)
    if not by_service and not break_glass.opens(officer_id):
        return None
    if identity.begin(officer_id, sign_in.BY_SERVICE if by_service else "sign_in.enter") is None:
        return None
    if not by_service:
        break_glass.tell(officer_id, identity.visitor().address, now())
    found = kept.restore(typed, officer_id)
    if found is not None:
        return page("sign_in/kept.html", kept=found)
    return redirect(inside(next_page) or url_for("sign_in.home"), 303)

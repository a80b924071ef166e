"""Leads to the provider, and signs in whom the provider proves."""

from __future__ import annotations

import hmac
import logging
import secrets
from typing import Any

from flask import Response, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.single_sign_on import blueprint
from portal.levels.words import N_
from portal.operations import sign_on_accounts, sign_on_posts
from portal.store import factors, officers
from portal.web import arguments, identity
from portal.web.access import ANYONE
from portal.web.page import page
from portal.web.provider import Forged, Proven, Provider, Unreachable
from portal.workflow.clock import now

log = logging.getLogger(__name__)

#: Where a visitor's session keeps what the provider's answer must fit, and for how many seconds.
ASKED, PATIENCE = "single_sign_on", 600
_CLOSED = N_("The account was closed a moment ago.")


def _provider() -> Provider:
    settings = current_app.config["ENVIRONMENT"].sso
    if settings is None:
        abort(404)
    found: Provider | None = current_app.extensions.get("single_sign_on")
    if found is None or found.settings is not settings:
        found = current_app.extensions["single_sign_on"] = Provider(settings)
    return found


def _back() -> str:
    """Where the provider answers to: at the address that the operator set, whatever host a request names."""
    address: str = current_app.config["ENVIRONMENT"].address
    if address:
        return address + url_for("single_sign_on.back")
    return url_for("single_sign_on.back", _external=True)


@blueprint.get("/sign-in/service", access=ANYONE)
def begin() -> ResponseReturnValue:
    """To the provider: a link leads here, since no form may be sent elsewhere.

    A link at another site leads to the sign-in page, where the officer begins himself.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return redirect(
            url_for("sign_in.form", next=arguments.inside(request.args.get("next", "")) or None), 303
        )
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    try:
        address = _provider().start(_back(), state, nonce, verifier)
    except Unreachable as error:
        return _unreachable(error)
    session[ASKED] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": arguments.inside(request.args.get("next", "")),
        "at": now().timestamp(),
    }
    return redirect(address, 303)


@blueprint.get("/sign-in/service/back", access=ANYONE)
def back() -> ResponseReturnValue:
    """From the provider: what it was asked is forgotten at once, so that no answer is taken twice."""
    provider, asked = _provider(), session.pop(ASKED, None)
    if not _fits(asked):
        return _refused(
            400, gettext("The answer does not belong to a sign-in that was begun in this browser.")
        )
    if arguments.text("error") or not arguments.text("code", 2000):
        return _refused(403, gettext("Your service did not sign you in."))
    if arguments.text("iss") not in ("", provider.settings.issuer):
        return _refused(400, gettext("The answer comes from another service than the one that was asked."))
    try:
        proven = provider.prove(_back(), arguments.text("code", 2000), asked["nonce"], asked["verifier"])
    except Unreachable as error:
        return _unreachable(error)
    except Forged as error:
        log.warning("single sign-on refused: %s", error)
        return _refused(403, gettext("The answer of the service could not be trusted."))
    return _enter(proven, asked["next"])


def _fits(asked: Any) -> bool:
    """Whether the answer is to the question that this browser asked some minutes ago."""
    if not isinstance(asked, dict):
        return False
    same = hmac.compare_digest(
        request.args.get("state", "").encode("utf-8", "replace"), asked["state"].encode()
    )
    return same and now().timestamp() - asked["at"] < PATIENCE


def _enter(proven: Proven, target: str) -> ResponseReturnValue:
    account = sign_on_accounts.found(proven.login, proven.subject)
    if account is None:
        words = gettext("The service knows you as %(login)s, and no open account here has that login. Ask the "
                        "administrator of your authority.", login=proven.login)  # fmt: skip
        return _refused(403, words)
    mapping = current_app.config["ENVIRONMENT"].sso.groups
    if mapping is not None:
        sign_on_posts.apply(account, mapping, proven.groups, now())
    if not proven.second_factor and factors.of(account.id):
        return _ask_factor(account.id, target)
    if identity.begin(account.id, "single_sign_on.enter", factor_elsewhere=proven.second_factor) is None:
        return _refused(403, gettext(_CLOSED))
    return redirect(target or url_for("sign_in.home"), 303)


def _ask_factor(officer_id: int, target: str) -> ResponseReturnValue:
    """The provider stands for the password alone: what is asked for after a password is asked for here too."""
    known = officers.keys_of(officer_id)
    if known is None:
        return _refused(403, gettext(_CLOSED))
    identity.ask_factor(officer_id, *known, by_service=True)
    return redirect(url_for("sign_in.factor", next=target or None), 303)


def _refused(status: int, reason: str) -> Response:
    return page("single_sign_on/refused.html", status, reason=reason, again_url=url_for("sign_in.form"))


def _unreachable(error: Unreachable) -> Response:
    log.error("the provider of single sign-on does not answer: %s", error)
    answer = page("single_sign_on/unreachable.html", 503, again_url=url_for("sign_in.form"))
    answer.headers["Retry-After"] = "30"
    return answer

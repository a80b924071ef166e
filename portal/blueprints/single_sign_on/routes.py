"""Leads to the provider, and signs in whom the provider proves."""

from __future__ import annotations

import hmac
import logging
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.blueprints.single_sign_on import blueprint
from portal.errors import NotHere
from portal.levels.words import N_
from portal.operations import sign_in, sign_on_accounts, sign_on_posts
from portal.store import factors, officers, sign_on
from portal.web import arguments, identity
from portal.web.access import ANYONE, LEAVING
from portal.web.page import page
from portal.web.provider import Forged, Proven, Provider, Unreachable
from portal.workflow.clock import now

log = logging.getLogger(__name__)

#: Where a visitor's session keeps what the provider's answer must fit, and for how many seconds.
ASKED, PATIENCE = "single_sign_on", 600
#: The longest address of a page whose act is proved; none of the portal's is so long.
LONGEST_PAGE = 200
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
    target = arguments.inside(request.args.get("next", ""))
    if _from_elsewhere():
        return redirect(url_for("sign_in.form", next=target or None), 303)
    return _to_provider(target)


@blueprint.get("/sign-in/service/again", access=LEAVING)
def again() -> ResponseReturnValue:
    """To the provider, which asks the officer anew before an act that must be his own; `next` is the page of that act.

    A link at another site leads to that page, where the officer begins himself.
    """
    target = arguments.inside(request.args.get("next", ""))
    if not current_user.by_service or not 0 < len(target) <= LONGEST_PAGE:
        raise NotHere
    if _from_elsewhere():
        return redirect(target, 303)
    return _to_provider(target, current_user.session_id)


def _from_elsewhere() -> bool:
    return request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def _to_provider(target: str, again: int = 0) -> ResponseReturnValue:
    """Ask the provider; `again` is the session whose officer it is to prove anew."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    asked = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": target,
        "at": now().timestamp(),
        "again": again,
    }
    try:
        address = _provider().start(_back(), state, nonce, verifier, anew=bool(again))
    except Unreachable as error:
        return _unreachable(error, asked)
    session[ASKED] = asked
    return redirect(address, 303)


@blueprint.get("/sign-in/service/back", access=ANYONE)
def back() -> ResponseReturnValue:
    """From the provider: what it was asked is forgotten at once, so that no answer is taken twice."""
    provider, asked = _provider(), session.pop(ASKED, None)
    if not _fits(asked):
        return _refused(
            400, gettext("The answer does not belong to a sign-in that was begun in this browser."), None
        )
    if arguments.text("error") or not arguments.text("code", 2000):
        return _refused(403, gettext("Your service did not sign you in."), asked)
    if arguments.text("iss") not in ("", provider.settings.issuer):
        words = gettext("The answer comes from another service than the one that was asked.")
        return _refused(400, words, asked)
    since = datetime.fromtimestamp(asked["at"], UTC) if asked.get("again") else None
    try:
        proven = provider.prove(
            _back(), arguments.text("code", 2000), asked["nonce"], asked["verifier"], since=since
        )
    except Unreachable as error:
        return _unreachable(error, asked)
    except Forged as error:
        log.warning("single sign-on refused: %s", error)
        return _refused(403, gettext("The answer of the service could not be trusted."), asked)
    return _proven_anew(proven, asked) if since else _enter(proven, asked["next"])


def _fits(asked: Any) -> bool:
    """Whether the answer is to the question that this browser asked some minutes ago."""
    if not isinstance(asked, dict):
        return False
    same = hmac.compare_digest(
        request.args.get("state", "").encode("utf-8", "replace"), asked["state"].encode()
    )
    return same and now().timestamp() - asked["at"] < PATIENCE


def _proven_anew(proven: Proven, asked: dict[str, Any]) -> ResponseReturnValue:
    """Back to the page of the act, which the officer may do now: the same one, in the same session."""
    if not current_user.is_authenticated or current_user.session_id != asked["again"]:
        return _refused(400, gettext("The session for which you were asked has ended meanwhile."), asked)
    me = current_user.signed_in
    account = sign_on.account_of(proven.subject)
    if account is None or account.id != me.id:
        words = gettext("Your service knows you as another person than the one who is signed in here.")
        return _refused(403, words, asked)
    sign_in.prove(me.id, current_user.session_id, asked["next"], identity.visitor().address)
    return redirect(asked["next"], 303)


def _enter(proven: Proven, target: str) -> ResponseReturnValue:
    account = sign_on_accounts.found(proven.login, proven.subject)
    if account is None:
        words = gettext("The service knows you as %(login)s, and no open account here has that login. Ask the "
                        "administrator of your authority.", login=proven.login)  # fmt: skip
        return _refused(403, words, None)
    mapping = current_app.config["ENVIRONMENT"].sso.groups
    if mapping is not None:
        sign_on_posts.apply(account, mapping, proven.groups, now())
    if not proven.second_factor and factors.of(account.id):
        return _ask_factor(account.id, target)
    if identity.begin(account.id, "single_sign_on.enter", factor_elsewhere=proven.second_factor) is None:
        return _refused(403, gettext(_CLOSED), None)
    return redirect(target or url_for("sign_in.home"), 303)


def _ask_factor(officer_id: int, target: str) -> ResponseReturnValue:
    """The provider stands for the password alone: what is asked for after a password is asked for here too."""
    known = officers.keys_of(officer_id)
    if known is None:
        return _refused(403, gettext(_CLOSED), None)
    identity.ask_factor(officer_id, *known, by_service=True)
    return redirect(url_for("sign_in.factor", next=target or None), 303)


def _refused(status: int, reason: str, asked: dict[str, Any] | None) -> Response:
    return page("single_sign_on/refused.html", status, reason=reason, **_way_on(asked))


def _unreachable(error: Unreachable, asked: dict[str, Any] | None = None) -> Response:
    log.error("the provider of single sign-on does not answer: %s", error)
    answer = page("single_sign_on/unreachable.html", 503, **_way_on(asked))
    answer.headers["Retry-After"] = "30"
    return answer


def _way_on(asked: dict[str, Any] | None) -> dict[str, Any]:
    """Where it goes on: at the page of the act for which the officer was asked, else at the sign-in."""
    anew = current_user.is_authenticated and bool(asked and asked.get("again"))
    return {"anew": anew, "next_url": asked["next"] if asked and anew else url_for("sign_in.form")}

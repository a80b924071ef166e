"""A blueprint that accepts no route until it says who may come in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import NotHere, NotYours, ReadOnly
from portal.levels.words import N_
from portal.store import switches
from portal.web import asking, identity, kept, paces, readings
from portal.web.access import Access
from portal.web.acting import enter, enter_account
from portal.web.unit_of_work import Transaction, in_one_transaction


class Undeclared(TypeError):
    """A route was added without `access=`, or under an authority with a rule that knows none."""


class PortalBlueprint(Blueprint):
    """A blueprint whose routes declare `access=`; routes under an authority begin with ``/<code>/``.

    ``writes=False`` marks a route that begins as a reader even when something is sent to it: what it writes, it
    writes in a transaction of its own.
    """

    def add_url_rule(  # type: ignore[override]  # the compulsory `access` is what this class is for
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., ResponseReturnValue] | None = None,
        provide_automatic_options: bool | None = None,
        *,
        access: Access | None = None,
        writes: bool = True,
        **options: Any,
    ) -> None:
        if access is None or view_func is None:
            raise Undeclared(f"{self.name}: {rule} does not declare access=")
        if access.posts and not rule.startswith("/<code>"):
            raise Undeclared(f"{self.name}: {rule} asks for posts but names no authority")
        endpoint = endpoint or view_func.__name__
        guarded = _guarded(view_func, access, f"{self.name}.{endpoint}", writes)
        super().add_url_rule(rule, endpoint, guarded, provide_automatic_options, **options)


def _guarded(
    view: Callable[..., Any], access: Access, action: str, writes: bool
) -> Callable[..., ResponseReturnValue]:
    pace = paces.of(action)

    def act(code: str | None, arguments: dict[str, Any], transaction: Transaction) -> Response:
        if code is not None:
            _admit(code, access, action)
        elif access.own:
            enter_account(action)
        if transaction.changes and switches.read_only():
            raise ReadOnly
        if (earlier := transaction.answered_before()) is not None:
            return earlier
        response = current_app.make_response(current_app.ensure_sync(view)(**arguments))
        answer = transaction.finish(response)
        readings.note(arguments, answer)
        return answer

    @wraps(view)
    def guarded(code: str | None = None, **arguments: Any) -> ResponseReturnValue:
        if access.signed_in and not current_user.is_authenticated:
            return _to_sign_in()
        if not access.before_duties and (first := identity.duty()):
            return redirect(url_for(first), 303)
        with paces.kept(pace):
            return in_one_transaction(partial(act, code, arguments), writes)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def _to_sign_in() -> ResponseReturnValue:
    """Ask who it is, and lead back; a region that asked for itself gives way to the whole page.

    What was typed while a session ran out is kept in the page that asks.
    """
    if request.method == "POST" and (officer_id := identity.was()) is not None:
        return asking.page_of_sign_in(401, kept=kept.keep(officer_id))
    asked = request.htmx  # type: ignore[attr-defined]
    if not asked:
        return redirect(url_for("sign_in.form", next=request.full_path.rstrip("?")), 303)
    shown = urlsplit(asked.current_url or "")
    back = f"{shown.path}?{shown.query}".rstrip("?")
    return Response(status=204, headers={"HX-Redirect": url_for("sign_in.form", next=back)})


def _admit(code: str, access: Access, action: str) -> None:
    acting = enter(code, action)
    if not access.level_has(acting):
        raise NotHere
    if not access.admits(acting):
        raise NotYours(N_("Your posts at this authority do not open this page."))


def rule_of(endpoint: str) -> Access | None:
    """The rule of an endpoint of this application; None when there is no such page."""
    return getattr(current_app.view_functions.get(endpoint), "access", None)


def access_of(app: Flask) -> dict[str, Access]:
    """The rule of every endpoint that declares one, for the tests that compare it with the routes."""
    return {name: view.access for name, view in app.view_functions.items() if hasattr(view, "access")}

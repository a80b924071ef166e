"""What every template may count on: the officer, the acting authority, languages, time."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user

from portal.store import alerts, authorities
from portal.store.officers import SignedIn
from portal.web.acting import Acting
from portal.web.navigation import navigation
from portal.workflow.clock import now

NAMES = {"en": "English", "ru": "Русский"}


def locale() -> str:
    """The language of this request: the one chosen in this session, the officer's own, or the browser's."""
    languages = current_app.config["LANGUAGES"]
    chosen = g.get("locale") or request.cookies.get("language")
    if chosen in languages:
        return str(chosen)
    if current_user.is_authenticated:
        return str(current_user.signed_in.locale)
    return str(request.accept_languages.best_match(languages) or "en")


def zone() -> str:
    """The zone in which moments are shown: the officer's own, or that of the acting or his first authority."""
    acting: Acting | None = g.get("acting")
    if acting:
        return acting.zone.key
    if not current_user or not current_user.is_authenticated:  # mails are written outside requests too
        return "UTC"
    officer: SignedIn = current_user.signed_in
    return officer.zone or (officer.places[0].zone if officer.places else "UTC")


def install(app: Flask) -> None:
    """Give the templates their context, and the macros their globals."""
    app.jinja_env.globals["form_key"] = lambda: secrets.token_urlsafe(24)
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    acting: Acting | None = g.get("acting")
    officer: SignedIn | None = current_user.signed_in if current_user.is_authenticated else None
    return {
        "locale": str(get_locale()),
        "officer": _officer(officer, acting),
        "acting": _acting(acting),
        "navigation": navigation(acting),
        "alerts_count": alerts.waiting(acting.officer.id) if acting else 0,
        "languages": [(code, NAMES[code], _in_language(code)) for code in current_app.config["LANGUAGES"]],
        "switch_authority": _others(officer, acting),
        "now": now(),
        "zone": zone(),
        "search_url": _page_of(acting, "desk.search"),
        "alerts_url": _page_of(acting, "alerts.listing"),
        "sign_out_url": url_for("sign_in.leave") if officer else None,
        "account_url": url_for("account.password") if officer else None,
        "help_url": _page_of(acting, "duties.show"),
        "home_url": _page_of(acting, "desk.show") or url_for("sign_in.home"),
    }


def _page_of(acting: Acting | None, endpoint: str) -> str | None:
    """The address of a page under the acting authority; None before he acts, or where it does not exist."""
    here = acting is not None and endpoint in current_app.view_functions
    return url_for(endpoint, code=acting.code) if acting and here else None


def _officer(officer: SignedIn | None, acting: Acting | None) -> dict[str, Any] | None:
    if officer is None:
        return None
    held = acting.place.posts if acting else ()
    return {"name": officer.name, "post_names": [_post_name(post) for post in held]}


def _post_name(held: Any) -> str:
    label = str(gettext(held.post.label))
    if not held.acting_for:
        return label
    return str(gettext("%(post)s, for %(name)s", post=label, name=held.acting_for))


def _acting(acting: Acting | None) -> dict[str, Any] | None:
    if acting is None:
        return None
    language = str(get_locale())
    return {
        "code": acting.code,
        "name": acting.place.name(language),
        "level": acting.level.name,
        "trail": _trail(acting, language),
    }


def _trail(acting: Acting, language: str) -> list[tuple[str, str | None]]:
    mine = {place.path: place.code for place in acting.officer.places}
    return [
        (row.name(language), url_for("desk.show", code=mine[row.path]) if row.path in mine else None)
        for row in authorities.trail(acting.path)
    ]


def _others(officer: SignedIn | None, acting: Acting | None) -> list[tuple[str, str]]:
    if officer is None or acting is None:
        return []
    language = str(get_locale())
    return [
        (place.name(language), url_for("desk.show", code=place.code))
        for place in officer.places
        if place.code != acting.code
    ]


def _in_language(code: str) -> str:
    here = request.full_path.rstrip("?") if has_request_context() and request.method == "GET" else "/"
    return url_for("sign_in.language", locale=code, next=here)

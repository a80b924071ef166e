"""What every template may count on: the officer, the acting authority, languages, time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale, get_translations, gettext
from flask_login import current_user
from werkzeug.local import LocalProxy

from portal.operations.sign_in import limits
from portal.store import alerts, authorities
from portal.store.officers import SignedIn
from portal.web import standing
from portal.web.acting import Acting
from portal.web.arguments import inside
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
    shown = _place(officer)
    return shown.zone.key if shown else officer.zone or "UTC"


def install(app: Flask) -> None:
    """Give the templates their context, and the macros their globals."""
    app.jinja_env.globals["form_key"] = lambda: secrets.token_urlsafe(24)
    app.context_processor(_context)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that flask-babel adds
        gettext=lambda words: _catalogue().ugettext(words),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        pgettext=lambda sense, words: _catalogue().upgettext(sense, words),
        npgettext=lambda sense, one, many, number: _catalogue().unpgettext(sense, one, many, number),
        newstyle=True,
    )


def _catalogue() -> Any:
    """The words of this request's language, looked for once: flask-babel looks for them at each word of a page."""
    language = get_locale()
    known = g.get("catalogue")
    if known is None or known[0] is not language:
        known = g.catalogue = (language, get_translations())
    return known[1]


def _context() -> dict[str, Any]:
    officer: SignedIn | None = current_user.signed_in if current_user.is_authenticated else None
    acting = _place(officer)
    return {
        "locale": str(get_locale()),
        "officer": _officer(officer, acting),
        "acting": _asked_for(lambda: _acting(acting)),
        "navigation": _asked_for(lambda: navigation(acting)),
        "alerts_count": _asked_for(lambda: alerts.waiting(officer.id) if officer and "acting" in g else 0),
        "languages": [(code, NAMES[code], _in_language(code)) for code in current_app.config["LANGUAGES"]],
        "switch_authority": _asked_for(lambda: _others(officer, acting)),
        "portal_notices": standing.notices(acting),
        "now": now(),
        "zone": zone(),
        "search_url": _page_of(acting, "desk.search"),
        "alerts_url": _page_of(acting, "alerts.listing"),
        "sign_out_url": url_for("sign_in.leave") if officer else None,
        "account_url": url_for("account.password") if officer else None,
        "help_url": _page_of(acting, "duties.show"),
        "sso_url": _sso_url(),
        "break_glass_only": current_app.config["ENVIRONMENT"].break_glass_only,
        "home_url": _page_of(acting, "desk.show") or url_for("sign_in.home"),
        "preferences_url": url_for("preferences.form", at=acting.code if acting else None)
        if officer
        else None,
        "wishes": _wishes(officer),
        "session_frame": _session(),
    }


def _asked_for(find: Callable[[], Any]) -> Any:
    """What stands around a page is looked for when a template asks: a refusal and a region of a page have no frame."""
    return LocalProxy(cache(find))


def _session() -> dict[str, int] | None:
    """Which session the page belongs to; in how many seconds it ends without a request, and with them."""
    if not current_user.is_authenticated:
        return None
    idle, whole = limits()
    left = current_user.begun_at + whole - now()
    return {
        "id": current_user.session_id,
        "idle": int(idle.total_seconds()),
        "ends": int(left.total_seconds()),
    }


def _place(officer: SignedIn | None) -> Acting | None:
    """The authority whose frame stands around the page: the acting one, on a page of the officer's own that of `at`.

    The frame alone: on such a page nothing is read or changed for an authority.
    """
    if "acting" in g or officer is None or not officer.places:
        return g.get("acting")  # type: ignore[no-any-return]
    if not request.endpoint or "code" in (request.view_args or {}):
        return None
    return Acting(officer, officer.at(request.args.get("at", "")) or officer.places[0])


def _wishes(officer: SignedIn | None) -> dict[str, Any]:
    """What the officer wishes of the screen; nobody's is the system's."""
    if officer is None:
        return {"theme": "system", "density": "normal", "shortcuts": True}
    return {"theme": officer.theme, "density": officer.density, "shortcuts": officer.shortcuts}


def _sso_url() -> str | None:
    """Where single sign-on begins, leading back to the page that was asked for; None where there is none."""
    if current_app.config["ENVIRONMENT"].sso is None:
        return None
    return url_for("single_sign_on.begin", next=inside(request.args.get("next", "")) or None)


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
    """From the union down; on a page of the officer's own, where nothing is read, the one authority."""
    if "acting" not in g:
        return [(acting.place.name(language), url_for("desk.show", code=acting.code))]
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

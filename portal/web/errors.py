"""One page for each way in which a request can fail."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request
from flask_babel import gettext, refresh
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from portal.errors import Invalid, NotAllowedNow, NotHere, NotYours, ReadOnly, SendAgain, Stale, TooOften
from portal.store.session import session
from portal.web import request_ids
from portal.web.page import page
from portal.web.typed import labelled, typed

log = logging.getLogger(__name__)

_TEMPLATES = {400: "400", 403: "403", 404: "404", 405: "405", 413: "413", 422: "400", 429: "429"}


def install(app: Flask) -> None:
    """Register a handler for every refusal of the portal and for those of Flask."""
    app.register_error_handler(NotHere, lambda error: _shown(404))
    app.register_error_handler(NotYours, lambda error: _shown(403, error.words))
    app.register_error_handler(NotAllowedNow, _not_allowed_now)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(SendAgain, _send_again)
    app.register_error_handler(ReadOnly, _read_only)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(CSRFError, lambda error: page("errors/csrf.html", 400, mine=typed()))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _shown(status: int, words: str = "") -> Response:
    return page(f"errors/{_TEMPLATES[status]}.html", status, reason=gettext(words) if words else None)


def _not_allowed_now(error: NotAllowedNow) -> Response:
    reasons = [gettext(reason) for reason in error.reasons or (error.words,) if reason]
    shown = {"reason": " · ".join(reasons) or None, "mine": typed(), "back_url": request.referrer}
    return page("errors/not_now.html", 409, **shown)


def _send_again(error: SendAgain) -> Response:
    back = request.referrer or request.path
    shown = {"reason": gettext(error.words), "mine": typed(), "reload_url": back, "answered": error.status}
    answer = page("errors/again.html", error.status, **shown)
    if error.status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _read_only(error: ReadOnly) -> Response:
    answer = page("errors/read_only.html", 503, mine=typed(), back_url=request.referrer or request.path)
    answer.headers["Retry-After"] = "300"
    return answer


def _too_often(error: TooOften) -> Response:
    back = request.referrer or request.path
    answer = page(
        "errors/too_often.html", 429, waits=error.seconds, still=error.still, mine=typed(), back_url=back
    )
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _stale(error: Stale) -> Response:
    mine, theirs = typed(), labelled(error.theirs)
    if differing := [row for row in mine if row not in theirs]:
        mine, theirs = differing, [row for row in theirs if row not in mine]
    return page(
        "errors/stale.html",
        409,
        mine=mine,
        theirs=theirs,
        changed_by=error.changed_by,
        changed_at=error.changed_at,
        reload_url=request.referrer or request.path,
    )


def _invalid(error: Invalid) -> Response:
    words = error.words or "; ".join(f"{place}: {gettext(text)}" for place, text in error.faults)
    return page("errors/400.html", 422, reason=words)


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    status = error.code if error.code in _TEMPLATES else 400
    if error.code is not None and error.code >= 500:
        return _failed(error.code)
    answer = _shown(status or 400)
    answer.status_code = error.code or 400
    return answer


def _fault(error: Exception) -> Response:
    log.exception("unforeseen fault on %s %s", request.method, request.endpoint, exc_info=error)
    with suppress(SQLAlchemyError):
        session().rollback()
    return _failed(500)


def _failed(status: int) -> Response:
    return bare("errors/500.html", status)


def bare(template: str, status: int, **shown: Any) -> Response:
    """A page that asks nothing of the database, which may be what failed, or has no time."""
    languages = current_app.config["LANGUAGES"]
    wanted = request.cookies.get("language") or request.accept_languages.best_match(languages)
    g.locale = wanted if wanted in languages else languages[0]
    refresh()
    page = current_app.jinja_env.get_template(template)
    return make_response(
        page.render(error_locale=g.locale, request_id=request_ids.request_id(), **shown), status
    )

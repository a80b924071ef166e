"""Gives every request an id, which its answer, its lines in the log and the page of a failure repeat."""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, Response, g, has_request_context, request

from portal.web.turns import WAITED

HEADER = "X-Request-ID"
_FORM = re.compile(r"[A-Za-z0-9._-]{8,40}")
log = logging.getLogger("portal.requests")


def install(app: Flask) -> None:
    """Name each request before anything else looks at it, and log it when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The id of this request, for a person to quote; empty outside one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def seconds() -> float:
    """How long this request has taken so far, with the wait for its turn."""
    return perf_counter() - float(g.get("begun", perf_counter()))


def _waited() -> float:
    return float(request.environ.get(WAITED, 0.0))


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _FORM.fullmatch(given) else secrets.token_hex(8)
    g.begun = perf_counter() - _waited()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    acting = g.get("acting")
    told = {
        "method": request.method,
        "endpoint": request.endpoint or "",
        "status": response.status_code,
        "ms": round(seconds() * 1000),
        "waited_ms": round(_waited() * 1000),
        "acting_at": acting.code if acting else "",
        "officer": acting.officer.id if acting else None,
    }
    log.info("request", extra=told)
    return response

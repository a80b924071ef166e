"""Whether the process lives, whether it may be sent requests, what it has counted: no fault, no secret."""

from __future__ import annotations

import hmac
import logging

from flask import Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from portal.blueprints.health import blueprint
from portal.store import readiness
from portal.web import metrics
from portal.web.access import ANYONE

log = logging.getLogger(__name__)


@blueprint.get("/healthz", access=ANYONE)
def alive() -> ResponseReturnValue:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz", access=ANYONE)
def ready() -> ResponseReturnValue:
    """503 with the reasons while requests should go elsewhere."""
    try:
        reasons = readiness.hindrances()
    except Exception:
        log.exception("readiness could not be told")
        reasons = ["readiness could not be told"]
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


@blueprint.get("/metrics", access=ANYONE)
def collected() -> ResponseReturnValue:
    """For whoever sends the operator's token; without one set there is no such page."""
    token = current_app.config["ENVIRONMENT"].metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), f"Bearer {token}".encode()):
        return Response("a token is needed\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    try:
        content, kind = metrics.exposition()
    except Exception:
        log.exception("metrics could not be told")
        return Response("metrics could not be told\n", 503, mimetype="text/plain")
    return Response(content, content_type=kind)

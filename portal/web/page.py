"""Shows a page, or only the region of it that was asked for: block name = DOM id = HX-Target."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request
from jinja2_fragments.flask import render_block


def page(template: str, status: int = 200, **context: Any) -> Response:
    """The whole page; for an HTMX request that targets one of its regions, that region alone."""
    region = _region()
    if region and region in current_app.jinja_env.get_template(template).blocks:
        response = make_response(render_block(template, region, **context), status)
    else:
        response = make_response(render_template(template, **context), status)
    response.vary.update(("HX-Request", "HX-Target"))
    return response


def _region() -> str:
    asked = request.htmx  # type: ignore[attr-defined]
    if not asked or asked.boosted or asked.history_restore_request:
        return ""
    return str(asked.target or "").replace("-", "_")

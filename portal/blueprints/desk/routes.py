"""The desk of an officer, and the search."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.blueprints.desk import blueprint
from portal.web.access import MEMBER
from portal.web.page import page


@blueprint.get("/<code>/", access=MEMBER)
def show() -> ResponseReturnValue:
    """What waits for the officer, and what he waits for."""
    return page("desk/show.html")


@blueprint.get("/<code>/search", access=MEMBER)
def search() -> ResponseReturnValue:
    """What the officer may read and what he typed is part of."""
    return page("desk/search.html", asked=request.args.get("q", "").strip()[:200])

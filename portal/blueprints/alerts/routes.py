"""The list of an officer's alerts, and their acknowledgement."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portal.blueprints.alerts import blueprint
from portal.operations import alerts as operation
from portal.operations.alert_words import said
from portal.store import alerts
from portal.web import arguments
from portal.web.access import MEMBER
from portal.web.acting import acting
from portal.web.links import document_link
from portal.web.page import page
from portal.workflow.clock import now

PAGE = 50


@blueprint.get("/<code>/alerts", access=MEMBER)
def listing() -> ResponseReturnValue:
    """The alerts to acknowledge, or with ``seen=1`` those acknowledged before."""
    here = acting()
    seen = arguments.text("seen") == "1"
    before = arguments.number("before")
    found = alerts.told(here.officer.id, PAGE + 1, acknowledged=seen, before=before)
    rows = found[:PAGE]
    older = None
    if len(found) > PAGE:
        older = url_for("alerts.listing", code=here.code, before=rows[-1].id, seen="1" if seen else None)
    return page(
        "alerts/listing.html",
        rows=[(row, said(row.step, row.limit), document_link(row.document, row.document_id)) for row in rows],
        seen=seen,
        waiting=alerts.waiting(here.officer.id),
        older=older,
        newest=rows[0].id if rows else 0,
    )


@blueprint.post("/<code>/alerts/acknowledge", access=MEMBER)
def acknowledge() -> ResponseReturnValue:
    """Acknowledge one alert (``alert``), or all up to the newest that was shown (``newest``)."""
    here = acting()
    one = arguments.number("alert")
    if one is not None:
        operation.acknowledge(one, here.acts, now())
        flash(gettext("Alert acknowledged."), "info")
    else:
        count = operation.acknowledge_all(here.acts, arguments.number("newest") or 0, now())
        flash(ngettext("%(num)s alert acknowledged.", "%(num)s alerts acknowledged.", count), "info")
    return redirect(url_for("alerts.listing", code=here.code), 303)

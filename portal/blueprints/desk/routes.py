"""The desk of an officer, and the search."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from portal.blueprints.desk import blueprint
from portal.blueprints.desk.found import found
from portal.blueprints.desk.rows import ELSEWHERE, MINE, bands
from portal.levels.roles import Post
from portal.operations.alert_words import said
from portal.store import alerts, declarations, desk
from portal.web import arguments
from portal.web.access import INSPECTOR, MEMBER, PROCEDURE
from portal.web.acting import Acting, acting
from portal.web.links import document_link, link
from portal.web.page import page
from portal.workflow.clock import now

ALERTS, CHANGES = 5, 10
LONGEST = 100


@blueprint.get("/<code>/", access=MEMBER)
def show() -> ResponseReturnValue:
    """What waits for the officer, and what he waits for."""
    here, at = acting(), now()
    takes_part = PROCEDURE.level_has(here) and PROCEDURE.admits(here)
    rows = bands(here.actor, at, str(get_locale())) if takes_part else {}
    return page(
        "desk/show.html",
        takes_part=takes_part,
        rows=rows,
        mine=MINE,
        elsewhere=ELSEWHERE,
        queue=_queue(here),
        queue_url=link("inspection.queue"),
        alerts=_alerts(here),
        changes=_changes(here, at) if takes_part else [],
        begin_url=link("drafting.begin") if Post.OFFICER in here.posts else None,
    )


def _queue(here: Acting) -> dict[str, int] | None:
    """Declarations that wait for release, by channel; None for those who release none."""
    return declarations.waiting_by_channel() if INSPECTOR.level_has(here) and INSPECTOR.admits(here) else None


def _alerts(here: Acting) -> list[dict[str, Any]]:
    """The newest alerts to acknowledge, as entries of `ui.timeline`."""
    return [
        {
            "at": alert.raised_at,
            "who": alert.number or alert.title or gettext("Without a title"),
            "text": said(alert.step, alert.limit),
            "url": document_link(alert.document, alert.document_id),
            "tone": "amber" if alert.step in ("half", "day_before", "ends_10") else "red",
        }
        for alert in alerts.told(here.officer.id, ALERTS)
    ]


def _changes(here: Acting, at: datetime) -> list[dict[str, Any]]:
    """What others did since the beginning of yesterday, as entries of `ui.timeline`."""
    yesterday = at.astimezone(here.zone).date() - timedelta(days=1)
    since = datetime.combine(yesterday, time(), here.zone)
    return [
        {
            "at": change.at,
            "who": change.officer_name or gettext("the portal"),
            "text": f"{gettext(change.label)}: {change.number or change.title or gettext('Without a title')}",
            "url": document_link(change.document, change.document_id),
        }
        for change in desk.changes(here.actor, since, CHANGES)
    ]


@blueprint.get("/<code>/search", access=MEMBER)
def search() -> ResponseReturnValue:
    """What the officer may read that holds what he typed."""
    typed = arguments.text("q", LONGEST)
    return page("desk/search.html", typed=typed, groups=found(acting(), typed) if typed else [])

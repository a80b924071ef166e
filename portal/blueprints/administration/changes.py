"""The page of all changes of an authority or of an officer, the latest first."""

from __future__ import annotations

from typing import Any

from flask import Response

from portal.blueprints.administration.found import tabs, to
from portal.blueprints.administration.words import timeline
from portal.store import administration
from portal.store.administration import PAGE
from portal.web import arguments
from portal.web.page import page


def page_of_entries(endpoint: str, key: dict[str, int], **of: Any) -> dict[str, Any]:
    """A page of the journal as `_history.html` shows it, with the address of what is older.

    Args:
        endpoint, key: of the page on which it stands.
        of: whose entries, as `administration.history` has it.
    """
    rows = administration.history(**of, before=arguments.number("before"))
    older = to(endpoint, **key, before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    return {"entries": timeline(rows[:PAGE]), "older": older}


def history_page(tab: str, title: str, pretitle: str, about: str, key: dict[str, int], **of: Any) -> Response:
    """The journal of what the page `about` shows."""
    return page(
        "administration/history.html",
        tabs=tabs(tab),
        title=title,
        pretitle=pretitle,
        back_url=to(about, **key),
        **page_of_entries(f"{about}_history", key, **of),
    )

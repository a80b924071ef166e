"""What pages of the import say: states, columns, faults, the rows of an import."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from portal.levels.roles import Post
from portal.levels.tree import LEVELS
from portal.operations.officer_columns import COLUMNS
from portal.screening.faults import Fault
from portal.web.acting import acting

STATES = {
    "waiting": (lazy_gettext("Waits for a second administrator"), "amber"),
    "done": (lazy_gettext("Enrolled"), "green"),
    "withdrawn": (lazy_gettext("Withdrawn"), "grey"),
}


def said(fault: Fault) -> str:
    """A fault in words."""
    return str(gettext(fault.message) % fault.params)


def at_column(fault: Fault) -> str:
    """A fault with the heading of its column, for a column that the table has not."""
    heading = next((column.heading for column in COLUMNS if column.name == fault.place), "")
    return f"{gettext(heading)}: {said(fault)}" if heading else said(fault)


def columns() -> list[dict[str, Any]]:
    """What a table may hold, for the page that asks for one."""
    return [
        {"heading": gettext(one.heading), "needed": one.needed, "hint": gettext(one.hint)} for one in COLUMNS
    ]


def posts() -> list[tuple[str, str]]:
    """The posts that may stand in a table sent from here: (as it may be written, its name)."""
    beneath = acting().level.reads_below
    levels = [acting().level] if not beneath else [one for one in LEVELS.values() if one.name != "union"]
    return [(post.value, gettext(post.label)) for post in Post if any(post in one.posts for one in levels)]


def rows(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The officers of an import, with the names of their posts and their days."""
    return [
        {
            **entry,
            "post_name": gettext(Post(entry["post"]).label),
            **{side: date.fromisoformat(entry[side]) if entry[side] else None for side in ("since", "until")},
        }
        for entry in entries
    ]

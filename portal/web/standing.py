"""What stands above every page while the portal does not work as usual."""

from __future__ import annotations

from flask_babel import gettext

from portal.levels.roles import Post
from portal.store import lease, switches
from portal.web.acting import Acting

#: (kind of notice, title, text)
Notice = tuple[str, str, str]


def notices(acting: Acting | None) -> list[Notice]:
    """Read-only mode for everybody; a scheduler that stands still for those who can see to it."""
    found = []
    if switches.read_only():
        found.append(
            (
                "warning",
                gettext("For reading only"),
                gettext("The operator is at work on the portal: pages open, and no act is taken."),
            )
        )
    if acting is not None and _looks_after(acting) and (age := lease.free_for(lease.SCHEDULER)) is not None:
        found.append(
            ("danger", gettext("The scheduler stands still"), _still(age.days * 24 + age.seconds // 3600))
        )
    return found


def _looks_after(acting: Acting) -> bool:
    """Administrators, and those who coordinate at a union, a centre or an authority."""
    coordinates = any(held.coordination for held in acting.place.posts)
    return coordinates or bool(acting.posts & {Post.ADMINISTRATOR, Post.UNION_COORDINATOR})


def _still(hours: int) -> str:
    text = gettext(
        "No alert is raised and no mail is sent until it runs again; nothing of them is lost. Tell the operator."
    )
    if 1 <= hours < 10_000:
        text += " " + gettext("It has not run for %(hours)s h.", hours=hours)
    return str(text)

"""Shows the procedure as its tables hold it: duties of posts, interaction, limits, statuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portal.blueprints.duties import blueprint
from portal.levels.roles import Post
from portal.levels.words import N_
from portal.web import arguments
from portal.web.access import MEMBER
from portal.web.acting import acting
from portal.web.blueprint import access_of
from portal.web.navigation import ENTRIES
from portal.web.page import page
from portal.workflow import circulation
from portal.workflow.clocks import LIMITS, Limit, Unit
from portal.workflow.duties import DOCUMENTS, INFORMATION, Duty, duties_of, handovers, seat
from portal.workflow.seats import SEATS
from portal.workflow.statuses import MEANINGS, D

PARTS: dict[str, str] = {
    "posts": N_("Duties of each post"),
    "interaction": N_("Who sends what to whom"),
    "limits": N_("Limits"),
    "statuses": N_("Statuses"),
}


@dataclass(frozen=True)
class Line:
    """One act as a row of words."""

    document: str
    who: str
    act: str
    sources: list[str]
    target: str
    onward: list[str]
    within: list[str]
    scopes: list[str]
    rule: str


@blueprint.get("/<code>/duties", access=MEMBER)
def show() -> ResponseReturnValue:
    """The duties of the posts at this authority, one's own first; `part` chooses another table."""
    part = arguments.text("part") or "posts"
    part = part if part in PARTS else "posts"
    tabs = [
        (gettext(label), url_for("duties.show", code=acting().code, part=name), name == part, None)
        for name, label in PARTS.items()
    ]
    return page(f"duties/{part}.html", tabs=tabs, level_label=gettext(acting().level.label), **_shown(part))


def _shown(part: str) -> dict[str, Any]:
    level = acting().level
    if part == "posts":
        held = [post for post in Post if post in acting().posts]
        others = [post for post in Post if post in level.posts and post not in acting().posts]
        return {"own": [_post(post) for post in held], "others": [_post(post) for post in others]}
    if part == "interaction":
        return {"lines": [_line(duty) for duty in handovers(level)]}
    if part == "limits":
        return {"limits": [_limit(limit) for limit in LIMITS.values()]}
    return {"groups": _statuses()}


def _post(post: Post) -> tuple[str, str, list[Line], list[str]]:
    """Id and name of a post, its acts, and the pages that it opens here."""
    return (
        post.value,
        gettext(post.label),
        [_line(duty) for duty in duties_of(post, acting().level)],
        _pages(post),
    )


def _pages(post: Post) -> list[str]:
    rules, level = access_of(current_app), acting().level
    return [
        gettext(label)
        for _, label, endpoint in ENTRIES
        if (rule := rules.get(endpoint))
        and (not rule.levels or level.name in rule.levels)
        and (not rule.posts or post in rule.posts)
    ]


def _line(duty: Duty) -> Line:
    return Line(
        document=gettext(DOCUMENTS[duty.document]),
        who=gettext(seat(duty.document, duty.seat).label),
        act=gettext(duty.act),
        sources=[gettext(meaning.label) for meaning in duty.sources],
        target=gettext(duty.target.label) if duty.target else "",
        onward=[gettext(seat(duty.document, name).label) for name in duty.onward],
        within=[length(limit) for limit in duty.within],
        scopes=[gettext(label) for label in duty.scopes],
        rule=gettext(duty.rule),
    )


def length(limit: Limit) -> str:
    """A limit in words, with the event from which it runs."""
    if limit.unit is Unit.SAME_DAY:
        return str(gettext("the same working day, from %(event)s", event=gettext(limit.from_)))
    if limit.unit is Unit.HOURS:
        return str(
            ngettext(
                "%(num)s working hour from %(event)s",
                "%(num)s working hours from %(event)s",
                limit.amount,
                event=gettext(limit.from_),
            )
        )
    return str(
        ngettext(
            "%(num)s working day from %(event)s",
            "%(num)s working days from %(event)s",
            limit.amount,
            event=gettext(limit.from_),
        )
    )


def _limit(limit: Limit) -> tuple[str, str, str, list[str]]:
    """What is limited, its length, who is responsible, who is told besides when it has passed."""
    responsible = gettext(SEATS[limit.responsible].label)
    if limit.responsible_before:
        before = gettext(SEATS[limit.responsible_before].label)
        responsible = gettext("%(who)s; before one is named: %(before)s", who=responsible, before=before)
    return (
        gettext(LIMITED[limit.name]),
        length(limit),
        responsible,
        [gettext(SEATS[name].label) for name in limit.also_alerted],
    )


LIMITED: dict[str, str] = {
    "consideration": N_("Consideration of a draft at the centre"),
    "expedient": N_("Preparation of the profile"),
    "information": N_("Information collection"),
    "rework_central": N_("Rework at the centre"),
    "rework_regional": N_("Rework at the RTU or customs house"),
    "rtu_request": N_("Opinion of the directorate"),
    "rtu_opinion": N_("Decision after the opinion"),
    "registration_details": N_("Details of the carrier"),
    "registration_number": N_("Registration number"),
    "urgent": N_("Decision on an urgent profile"),
}


def _statuses() -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    """By document: label, tone, sentence of each status, and whether it ends there."""
    drafts = [m for status, m in MEANINGS.items() if isinstance(status, D)]
    profiles = [m for status, m in MEANINGS.items() if not isinstance(status, D)]
    return [
        (
            gettext(DOCUMENTS[name]),
            [(gettext(m.label), m.tone, gettext(m.sentence), m.final) for m in meanings],
        )
        for name, meanings in (
            ("draft", drafts),
            ("profile", profiles),
            (INFORMATION, list(circulation.MEANINGS.values())),
        )
    ]

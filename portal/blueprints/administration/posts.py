"""Proposals about posts: to appoint, to let an officer act for another, to end a post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.forms import ActForm, AppointForm, EndForm, certain
from portal.blueprints.administration.found import (
    authority_at,
    done,
    form_page,
    language,
    named,
    officer_at,
    to,
)
from portal.blueprints.administration.words import post_name
from portal.errors import NotHere
from portal.levels.roles import Post
from portal.levels.tree import LEVELS
from portal.levels.words import N_
from portal.operations import administration_proposals as proposals
from portal.operations.administration import today_at
from portal.operations.administration_posts import Wanted
from portal.store import administration, administration_tree, authorities
from portal.store.administration import Held
from portal.store.administration_tree import by_path
from portal.web import arguments
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.fields import choices
from portal.web.filters import day

SECOND = N_("Another administrator confirms it or declines it with a reason; until then nothing changes.")


def _place(row: Any) -> Any:
    """The authority at which the post is, by its code in the address; by default the one that keeps the account."""
    code = arguments.text("at", 8)
    if not code:
        return by_path(row.authority_path)
    found = administration_tree.by_code(code)
    if found is None:
        raise NotHere
    return authority_at(found.id)


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/appoint", methods=["GET", "POST"], access=ADMINISTRATOR
)
def appoint(officer_id: int) -> ResponseReturnValue:
    """Propose a post at the authority that the address names (``at``)."""
    row = officer_at(officer_id)
    place = _place(row)
    form = _appointment(place)
    made = done(
        form,
        lambda: proposals.appoint(acting().acts, row, place, _wanted(form), form.reason.data.strip()),
    )
    if made is not None:
        return redirect(to("proposal", proposal_id=made.id), 303)
    fields: dict[str, dict[str, Any]] = {
        "post": {"width": "l"},
        "unit": {"width": "l", "optional": True, "hint": gettext("For posts that are held in a unit.")},
        "supervises": {"optional": True},
        "since": {"width": "s"},
        "until": {"width": "s", "optional": True},
        "reason": {"rows": 3},
    }
    if "supervises" not in form:
        del fields["supervises"]
    return form_page(
        gettext("Propose a post"),
        gettext("%(name)s, at %(place)s", name=row.name, place=named(place)),
        form,
        fields,
        gettext("Propose"),
        to("officer", officer_id=row.id),
        note=gettext(SECOND),
        elsewhere=(to("appoint", officer_id=row.id), place.code),
    )


def _appointment(place: Any) -> AppointForm:
    form = AppointForm(since=today_at(place))
    form.post.choices = choices(
        [(post.value, gettext(post.label)) for post in Post if post in LEVELS[place.level].posts],
        gettext("Choose a post"),
    )
    units = authorities.units_of(place.authority_path)
    form.unit.choices = choices([(str(unit.id), named(unit)) for unit in units], gettext("No unit"))
    form.supervises.choices = choices(
        [(str(unit.id), named(unit)) for unit in units if not unit.is_coordination]
    )
    if Post.DEPUTY_HEAD not in LEVELS[place.level].posts:
        del form.supervises
    return form


def _wanted(form: AppointForm) -> Wanted:
    post = Post(form.post.data)
    supervises = form.supervises.data if post is Post.DEPUTY_HEAD else []
    return Wanted(
        post,
        certain(form.since),
        form.until.data,
        administration.unit(int(form.unit.data)) if form.unit.data else None,
        supervises=[int(key) for key in supervises],
    )


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/act", methods=["GET", "POST"], access=ADMINISTRATOR
)
def act_for(officer_id: int) -> ResponseReturnValue:
    """Propose that the officer acts for another, whose post is chosen, between two days."""
    row = officer_at(officer_id)
    place = _place(row)
    today = today_at(place)
    held = [
        one
        for one in administration.posts_at(place.id, today)
        if not one.acting_for and one.officer_id != row.id
    ]
    form = ActForm(since=today, until=today + timedelta(days=14))
    form.absent.choices = choices(
        [
            (str(one.id), f"{one.officer}: {post_name(one)}")
            for one in sorted(held, key=lambda one: one.officer)
        ],
        gettext("Choose the officer who is absent"),
    )
    made = done(form, lambda: _acting_appointment(row, form))
    if made is not None:
        return redirect(to("proposal", proposal_id=made.id), 303)
    return form_page(
        gettext("Propose an acting appointment"),
        gettext("%(name)s, at %(place)s", name=row.name, place=named(place)),
        form,
        {
            "absent": {"hint": gettext("His signatures will show for whom he signed.")},
            "since": {"width": "s"},
            "until": {"width": "s"},
            "reason": {"rows": 3},
        },
        gettext("Propose"),
        to("officer", officer_id=row.id),
        note=gettext(SECOND),
        elsewhere=(to("act_for", officer_id=row.id), place.code),
    )


def _acting_appointment(row: Any, form: ActForm) -> Any:
    absent: Any = administration.post(int(form.absent.data))
    return proposals.act_for(
        acting().acts, row, absent, certain(form.since), certain(form.until), form.reason.data.strip()
    )


@blueprint.route(
    "/<code>/administration/posts/<int:post_id>/end", methods=["GET", "POST"], access=ADMINISTRATOR
)
def end_post(post_id: int) -> ResponseReturnValue:
    """Propose to end a post, after a day or at once."""
    row = administration.post(post_id)
    if row is None:
        raise NotHere
    (held,) = administration.posts_by_id(row.id, acting().local_now().date())
    form = EndForm()
    made = done(
        form,
        lambda: proposals.end(acting().acts, row, form.last_day.data, form.reason.data.strip()),
    )
    if made is not None:
        return redirect(to("proposal", proposal_id=made.id), 303)
    back = (
        to("officer", officer_id=held.officer_id)
        if held.administered
        else to("authority", authority_id=held.place_id)
    )
    return form_page(
        gettext("Propose to end the post"),
        held.officer,
        form,
        {
            "last_day": {
                "width": "s",
                "optional": True,
                "hint": gettext("Without a day it ends at the moment of the confirmation."),
            },
            "reason": {"rows": 3},
        },
        gettext("Propose"),
        back,
        against=[gettext("The post has ended already.")] if held.state == "past" else [],
        facts=_held_facts(held),
        consequences=[
            gettext(SECOND),
            gettext(
                "Once it has ended, the post opens nothing; what its holder did and signed stays on record."
            ),
        ],
        note=gettext("Where it cannot wait for a second person, close the account: that works at once."),
    )


def _held_facts(held: Held) -> list[tuple[str, str]]:
    """Which post it is, where and since when."""
    rows = [
        (gettext("Post"), post_name(held)),
        (gettext("Authority"), f"{held.place(language())}, {held.place_code}"),
        (gettext("First day"), day(held.since)),
    ]
    return [*rows, (gettext("Last day"), day(held.until))] if held.until else rows

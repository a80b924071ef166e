"""An authority as its administrator sees it: its facts, units and posts; founding, changes, the signature table."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.changes import history_page
from portal.blueprints.administration.forms import AuthorityForm, FoundForm, SignaturesForm
from portal.blueprints.administration.found import authority_at, done, form_page, named, tabs, to
from portal.blueprints.administration.words import asks, held_state, level, post_name
from portal.levels.signing import MAY_SIGN, SCOPES, signature_table
from portal.operations import administration_proposals as proposals
from portal.operations import administration_tree
from portal.operations.administration_proposals import KINDS
from portal.store import administration, authorities
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.fields import choices
from portal.web.forms import shown_version
from portal.web.page import page
from portal.workflow.competence import DIRECTIONS
from portal.workflow.seats import SEATS

MOST_POSTS = 100


@blueprint.get("/<code>/administration/authorities/<int:authority_id>", access=ADMINISTRATOR)
def authority(authority_id: int) -> ResponseReturnValue:
    """What it is, its units, who serves in it, and what may be done."""
    place = authority_at(authority_id)
    held = administration.posts_at(place.id, acting().local_now().date())
    return page(
        "administration/authority.html",
        place=place,
        name=named(place),
        tabs=tabs("tree"),
        trail=_between(place),
        facts=_facts(place),
        units=[(unit, named(unit), _directions(unit)) for unit in administration.units(place.authority_path)],
        posts=[(one, post_name(one), held_state(one.state)) for one in held[:MOST_POSTS]],
        hidden=max(0, len(held) - MOST_POSTS),
        pending=_pending(place),
        table=_table(place),
        may_found=bool(administration_tree.levels_beneath(place)) and place.closed_on is None,
        may_close=place.authority_path != acting().path and place.closed_on is None,
    )


def _between(place: Any) -> list[str]:
    """Names of the authorities between the acting one, which the page names above, and this one."""
    above = authorities.trail(place.authority_path)[:-1]
    return [named(row) for row in above if len(row.path) > len(acting().path)]


def _facts(place: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (gettext("Code"), place.code),
        (gettext("Level"), level(place.level)),
        (gettext("Name in English"), place.name_en),
        (gettext("Name in Russian"), place.name_ru),
        (gettext("Time zone"), place.zone),
    ]
    return rows


def _directions(unit: Any) -> str:
    if unit.is_coordination:
        return str(gettext("Coordination unit"))
    return ", ".join(gettext(DIRECTIONS[number]) for number in unit.directions)


def _pending(place: Any) -> list[tuple[str, str, str]]:
    return [
        (gettext(KINDS[one.kind].asks), one.officer_name or asks(one), to("proposal", proposal_id=one.id))
        for one in administration.pending_at(place.id)
    ]


def _table(place: Any) -> list[tuple[str, str]] | None:
    """Who signs for each territory; None where no such table is kept."""
    if place.level != "central":
        return None
    table = signature_table(place.signatories)
    return [(gettext(line.label), gettext(SEATS[line.signs].label)) for line in table.values()]


@blueprint.get("/<code>/administration/authorities/<int:authority_id>/history", access=ADMINISTRATOR)
def authority_history(authority_id: int) -> ResponseReturnValue:
    """Every change of the authority, its units and its posts, the latest first."""
    place = authority_at(authority_id)
    pretitle, key = gettext("History of the authority"), {"authority_id": place.id}
    return history_page("tree", named(place), pretitle, "authority", key, path=place.authority_path)


@blueprint.route(
    "/<code>/administration/authorities/<int:authority_id>/found",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def found(authority_id: int) -> ResponseReturnValue:
    """Found an authority directly beneath this one."""
    place = authority_at(authority_id)
    administration_tree.must_be_open(place)
    form = FoundForm(zone=place.zone)
    form.level.choices = choices([(name, level(name)) for name in administration_tree.levels_beneath(place)])
    made = done(
        form,
        lambda: administration_tree.found(
            place,
            acting().acts,
            form.code.data,
            form.level.data,
            form.name_en.data.strip(),
            form.name_ru.data.strip(),
            form.zone.data,
        ),
    )
    if made is not None:
        flash(gettext("The authority is founded, with its registers and its coordination unit."), "success")
        return redirect(to("authority", authority_id=made.id), 303)
    return form_page(
        gettext("Set up an authority"),
        gettext("Beneath %(name)s", name=named(place)),
        form,
        {
            "code": {
                "width": "s",
                "hint": gettext("Eight digits. It stands in the numbers of its registers and never changes."),
            },
            "level": {"width": "m"},
            "name_en": {},
            "name_ru": {},
            "zone": {
                "width": "m",
                "hint": gettext("Its working hours and limits are counted by this clock."),
            },
        },
        gettext("Found the authority"),
        to("authority", authority_id=place.id),
    )


@blueprint.route(
    "/<code>/administration/authorities/<int:authority_id>/change",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def change_authority(authority_id: int) -> ResponseReturnValue:
    """Change names and zone."""
    place = authority_at(authority_id)
    form = AuthorityForm(name_en=place.name_en, name_ru=place.name_ru, zone=place.zone)
    if request.method == "POST" and form.validate():
        changed = administration_tree.change(
            place,
            acting().acts,
            shown_version(),
            form.name_en.data.strip(),
            form.name_ru.data.strip(),
            form.zone.data,
        )
        flash(gettext("Changed.") if changed else gettext("Nothing differed."), "success")
        return redirect(to("authority", authority_id=place.id), 303)
    return form_page(
        gettext("Change names and zone"),
        f"{named(place)}, {place.code}",
        form,
        {"name_en": {}, "name_ru": {}, "zone": {"width": "m"}},
        gettext("Save"),
        to("authority", authority_id=place.id),
        version=place.row_version,
        note=gettext("Documents that are printed from now on carry the new name. Numbers keep the code."),
    )


@blueprint.route(
    "/<code>/administration/authorities/<int:authority_id>/signatures",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def signatures(authority_id: int) -> ResponseReturnValue:
    """Propose who signs for which territory."""
    place = authority_at(authority_id)
    present = {name: line.signs for name, line in signature_table(place.signatories).items()}
    form = SignaturesForm(**present)
    for scope, allowed in MAY_SIGN.items():
        form[scope].choices = choices([(seat, gettext(SEATS[seat].label)) for seat in allowed])
    made = done(
        form,
        lambda: proposals.signatories(
            acting().acts,
            place,
            {scope: form[scope].data for scope in MAY_SIGN},
            form.reason.data.strip(),
        ),
    )
    if made is not None:
        return redirect(to("proposal", proposal_id=made.id), 303)
    return form_page(
        gettext("Propose a signature table"),
        f"{named(place)}, {place.code}",
        form,
        {**{scope: {"hint": gettext(SCOPES[scope].territory)} for scope in MAY_SIGN}, "reason": {"rows": 3}},
        gettext("Propose"),
        to("authority", authority_id=place.id),
        note=gettext(
            "Another administrator confirms it. From then on profiles that wait for approval go to the seat named here."
        ),
    )

"""A structural unit as its administrator sees it: founding, changes, closure, history."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.changes import page_of_entries
from portal.blueprints.administration.forms import ReasonForm, UnitForm
from portal.blueprints.administration.found import authority_at, done, form_page, named, tabs, to, unit_at
from portal.blueprints.administration.words import held_state, post_name, said
from portal.operations import administration_tree, administration_units
from portal.store import administration
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.fields import choices
from portal.web.forms import shown_version
from portal.web.page import page
from portal.workflow.competence import DIRECTIONS


@blueprint.get("/<code>/administration/units/<int:unit_id>", access=ADMINISTRATOR)
def unit(unit_id: int) -> ResponseReturnValue:
    """What it is, who serves in it, and all its changes."""
    row = unit_at(unit_id)
    held = administration.posts_in(row.id, acting().local_now().date())
    return page(
        "administration/unit.html",
        unit=row,
        name=named(row),
        place=row.authority,
        place_name=named(row.authority),
        tabs=tabs("tree"),
        facts=_facts(row),
        posts=[(one, post_name(one), held_state(one.state)) for one in held],
        **page_of_entries("unit", {"unit_id": row.id}, unit_id=row.id),
    )


def _facts(row: Any) -> list[tuple[Any, ...]]:
    directions = gettext("Coordination unit") if row.is_coordination else said("directions", row.directions)
    return [
        (gettext("Name in English"), row.name_en),
        (gettext("Name in Russian"), row.name_ru),
        (gettext("Directions of activity"), directions),
    ]


@blueprint.route(
    "/<code>/administration/authorities/<int:authority_id>/units/new",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def found_unit(authority_id: int) -> ResponseReturnValue:
    """Add a structural unit to an authority."""
    place = authority_at(authority_id)
    administration_tree.must_be_open(place)
    form = _form(None)
    made = done(form, lambda: administration_units.found(place, acting().acts, *_typed(form)))
    if made is not None:
        flash(gettext("The unit is founded."), "success")
        return redirect(to("unit", unit_id=made.id), 303)
    return _shown(
        form,
        gettext("Set up a unit"),
        named(place),
        to("authority", authority_id=place.id),
        gettext("Found the unit"),
    )


@blueprint.route(
    "/<code>/administration/units/<int:unit_id>/change", methods=["GET", "POST"], access=ADMINISTRATOR
)
def change_unit(unit_id: int) -> ResponseReturnValue:
    """Change names and directions of activity."""
    row = unit_at(unit_id)
    form = _form(row)
    changed = done(
        form, lambda: administration_units.change(row, acting().acts, shown_version(), *_typed(form))
    )
    if changed is not None:
        flash(gettext("Changed.") if changed else gettext("Nothing differed."), "success")
        return redirect(to("unit", unit_id=row.id), 303)
    return _shown(
        form,
        gettext("Change the unit"),
        f"{named(row)}, {named(row.authority)}",
        to("unit", unit_id=row.id),
        gettext("Save"),
        version=row.row_version,
        note=gettext("Drafts in work are endorsed by the units that their text touches from now on."),
    )


def _form(row: Any) -> UnitForm:
    values = {"name_en": row.name_en, "name_ru": row.name_ru} if row else {}
    form = UnitForm(**values, directions=[str(number) for number in row.directions] if row else [])
    form.directions.choices = choices(
        [(str(n), f"{n} · {gettext(label)}") for n, label in DIRECTIONS.items()]
    )
    if row and row.is_coordination:
        del form.directions
    return form


def _typed(form: UnitForm) -> tuple[str, str, list[int]]:
    directions = sorted({int(number) for number in form.directions.data}) if "directions" in form else []
    return form.name_en.data.strip(), form.name_ru.data.strip(), directions


def _shown(form: UnitForm, title: str, pretitle: str, back: str, submit: str, **rest: Any) -> Response:
    fields: dict[str, dict[str, Any]] = {"name_en": {}, "name_ru": {}}
    if "directions" in form:
        fields["directions"] = {}
    return form_page(title, pretitle, form, fields, submit, back, **rest)


@blueprint.route(
    "/<code>/administration/units/<int:unit_id>/close", methods=["GET", "POST"], access=ADMINISTRATOR
)
def close_unit(unit_id: int) -> ResponseReturnValue:
    """Close a unit in which nobody serves and nothing is open."""
    row = unit_at(unit_id)
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        administration_units.close(row, acting().acts, shown_version(), form.reason.data.strip())
        flash(gettext("The unit is closed."), "success")
        return redirect(to("unit", unit_id=row.id), 303)
    papers = [f"{number} {title}".strip() for _, _, number, title in administration.open_in(row.id)]
    return form_page(
        gettext("Close the unit"),
        f"{named(row)}, {named(row.authority)}",
        form,
        {"reason": {"rows": 3}},
        gettext("Close the unit"),
        to("unit", unit_id=row.id),
        version=row.row_version,
        kind="danger",
        against=[gettext(words) for words in administration_units.hindrances(row)],
        facts=[(gettext("Open documents"), papers)] if papers else None,
        consequences=[
            gettext("The unit takes nothing new: no post, no draft, no endorsement."),
            gettext("What it wrote and who served in it stays on record."),
        ],
    )

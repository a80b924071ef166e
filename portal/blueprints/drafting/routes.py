"""The list of drafts, the beginning of one, and its pages."""

from __future__ import annotations

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from portal.blueprints.drafting import blueprint
from portal.operations import drafting
from portal.web.access import AUTHOR, OFFICE
from portal.web.acting import acting
from portal.web.documents import lists, pages
from portal.web.documents.forms import BeginForm, scope_choices
from portal.web.documents.frame import here
from portal.web.fields import choices
from portal.web.links import link
from portal.web.page import page
from portal.workflow.text import blank


@blueprint.get("/<code>/drafts", access=OFFICE)
def listing() -> ResponseReturnValue:
    context = lists.listing("draft", "drafting.listing")
    return page("drafting/listing.html", **context, begin_url=link("drafting.begin"))


@blueprint.get("/<code>/drafts.csv", access=OFFICE)
def export() -> Response:
    return lists.export("draft", "drafts")


@blueprint.route("/<code>/drafts/new", methods=["GET", "POST"], access=AUTHOR)
def begin() -> ResponseReturnValue:
    """Begin a draft in the officer's own unit; its sections are written on its own pages."""
    form = _form()
    if request.method == "GET":
        return page("drafting/begin.html", form=form)
    if not form.validate():
        return page("drafting/begin.html", 422, form=form)
    draft = drafting.begin(
        acting().acts, form.title.data.strip(), form.kind.data, form.scope.data, text=blank()
    )
    return redirect(here(draft, "show"), 303)


def _form() -> BeginForm:
    """A centre has no territory of its own, so that it begins no local draft."""
    form = BeginForm()
    central = acting().level.name == "central"
    form.scope.choices = choices(pair for pair in scope_choices() if not (central and pair[0] == "local"))
    return form


pages.lay(blueprint, "draft", "drafts")

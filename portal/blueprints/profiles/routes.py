"""The list of profiles and the pages of each: those of every document, its carrier and its publication."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.blueprints.profiles import blueprint
from portal.operations import procedure
from portal.store import journal, territory
from portal.web.access import OFFICE
from portal.web.documents import lists, pages
from portal.web.documents.carrier import carrier_of
from portal.web.documents.content import language
from portal.web.documents.frame import frame
from portal.web.page import page


@blueprint.get("/<code>/profiles", access=OFFICE)
def listing() -> ResponseReturnValue:
    return page("profiles/listing.html", **lists.listing("profile", "profiles.listing"))


@blueprint.get("/<code>/profiles.csv", access=OFFICE)
def export() -> Response:
    return lists.export("profile", "profiles")


@blueprint.get("/<code>/profiles/<int:document_id>/carrier", access=OFFICE)
def carrier(document_id: int) -> ResponseReturnValue:
    """The memorandum or letter on which the profile is approved, with what its file must hold."""
    document = procedure.load(document_id, "profile")
    return page("profiles/carrier.html", **frame(document, "carrier"), carrier=carrier_of(document))


@blueprint.get("/<code>/profiles/<int:document_id>/publication", access=OFFICE)
def publication(document_id: int) -> ResponseReturnValue:
    """Where the profile was published, who has read it, and the legal act that announced it."""
    document = procedure.load(document_id, "profile")
    found = journal.announced(document.id)
    names = territory.names([one.publication.applies_to for one in found], language())
    return page("profiles/publication.html", **frame(document, "publication"), announced=found, names=names)


pages.lay(blueprint, "profile", "profiles")

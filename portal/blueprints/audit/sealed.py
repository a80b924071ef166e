"""The checkpoints of an authority: the list, one of them, its file, and the chains of today held against it."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.places import chosen, tabs
from portal.errors import NotHere
from portal.operations import verification
from portal.store import authorities, checkpoints
from portal.store.audit_form import canonical
from portal.store.checkpoints import PAGE
from portal.web import arguments
from portal.web.access import AUDITOR
from portal.web.acting import acting
from portal.web.documents.content import language
from portal.web.page import page


@blueprint.get("/<code>/audit/checkpoints", access=AUDITOR, endpoint="checkpoints")
def listing() -> ResponseReturnValue:
    """The checkpoints, newest first."""
    places, here = chosen()
    rows = checkpoints.listing(here.path, arguments.number("before"))
    older = rows[PAGE - 1].number if len(rows) > PAGE else None
    kept: dict[str, Any] = {"code": acting().code, "authority": here.code}
    return page(
        "audit/checkpoints.html",
        place=here,
        place_name=here.name(language()),
        tabs=tabs("checkpoints", here),
        places=[(seen.code, f"{seen.name(language())}, {seen.code}") for seen in places],
        own_url=url_for("audit.checkpoints", code=acting().code),
        rows=rows[:PAGE],
        older_url=url_for("audit.checkpoints", **kept, before=older) if older else None,
        newest_url=url_for("audit.checkpoints", **kept) if arguments.number("before") else None,
    )


@blueprint.get("/<code>/audit/checkpoints/<int:checkpoint_id>", access=AUDITOR)
def checkpoint(checkpoint_id: int) -> ResponseReturnValue:
    """What one checkpoint sealed."""
    return _shown(checkpoint_id, None)


@blueprint.get("/<code>/audit/checkpoints/<int:checkpoint_id>/verification", access=AUDITOR)
def verify(checkpoint_id: int) -> ResponseReturnValue:
    """The chains as they stand now, held against one checkpoint."""
    return _shown(checkpoint_id, verification.against(_found(checkpoint_id).body))


@blueprint.get("/<code>/audit/checkpoints/<int:checkpoint_id>/file", access=AUDITOR)
def checkpoint_export(checkpoint_id: int) -> ResponseReturnValue:
    """The checkpoint as the verifier of outsiders reads it."""
    found = _found(checkpoint_id)
    answer = Response(canonical(found.body) + "\n", mimetype="application/json")
    code = found.body["authority"]
    answer.headers["Content-Disposition"] = f'attachment; filename="checkpoint-{code}-{found.number}.json"'
    return answer


def _found(checkpoint_id: int) -> Any:
    found = checkpoints.find(checkpoint_id)
    if found is None:
        raise NotHere
    return found


def _shown(checkpoint_id: int, verdict: Any) -> ResponseReturnValue:
    found = _found(checkpoint_id)
    here = authorities.by_path(found.authority_path)
    if here is None:
        raise NotHere
    names = {seen.path: seen.name(language()) for seen in authorities.subtree()}
    url: dict[str, Any] = {"code": acting().code, "checkpoint_id": checkpoint_id}
    return page(
        "audit/checkpoint.html",
        place=here,
        place_name=here.name(language()),
        tabs=tabs("checkpoints", here),
        found=found,
        body=found.body,
        lines=[(names.get(one["path"], one["path"]), one) for one in found.body["chains"]],
        names=names,
        own_serial=next((one["serial"] for one in found.body["chains"] if one["path"] == here.path), 0),
        verdict=verdict,
        why=gettext(verdict.why) if verdict and verdict.why else "",
        verify_url=url_for("audit.verify", **url),
        file_url=url_for("audit.checkpoint_export", **url),
        list_url=url_for("audit.checkpoints", code=acting().code, authority=here.code),
    )

"""The queue of a point and the page of a declaration, with what an officer does there."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from portal.blueprints.inspection import blueprint, view
from portal.blueprints.inspection.forms import ResultForm, answer_form, answers_in
from portal.errors import NotHere
from portal.levels.roles import Post
from portal.operations import inspection
from portal.store import authorities, declarations, publications
from portal.store.declarations import PAGE, URGENCY, Wanted
from portal.web import arguments
from portal.web.access import DECLARATIONS, INSPECTOR
from portal.web.acting import acting
from portal.web.forms import shown_version
from portal.web.hits import WORDS, against_release, reason_words
from portal.web.page import page
from portal.workflow.clock import now


@blueprint.get("/<code>/queue", access=INSPECTOR)
def queue() -> ResponseReturnValue:
    """The declarations that wait, the most urgent channel first; with ``state=released`` those released."""
    here, wanted = acting(), _wanted()
    older, newer = arguments.number("older"), arguments.number("newer")
    rows = declarations.queue(wanted, older, newer)
    more = len(rows) > PAGE
    rows = rows[-PAGE:] if newer is not None else rows[:PAGE]
    waiting = declarations.waiting_by_channel()
    elsewhere = {row.authority_path for row in rows} - {here.path}
    return page(
        "inspection/queue.html",
        rows=[(row, reason_words(row.reason)) for row in rows],
        places={here.path: here.place, **authorities.names_of(elsewhere)},
        several=bool(elsewhere),
        wanted=wanted,
        waiting=waiting,
        stages=WORDS["stage"],
        channels=URGENCY,
        older_url=_page(older=rows[-1].id) if rows and (more or newer is not None) else None,
        newer_url=_page(newer=rows[0].id)
        if rows and (older is not None or (newer is not None and more))
        else None,
    )


def _wanted() -> Wanted:
    channel = arguments.text("channel")
    return Wanted(
        channel if channel in URGENCY else "",
        arguments.text("state") == "released",
        arguments.text("words", 60),
    )


def _page(**anchor: Any) -> str:
    given: dict[str, Any] = {name: arguments.text(name) for name in ("channel", "state", "words")}
    return url_for("inspection.queue", code=acting().code, **{k: v for k, v in given.items() if v}, **anchor)


@blueprint.get("/<code>/declarations/<int:declaration_pk>", access=DECLARATIONS)
def show(declaration_pk: int) -> ResponseReturnValue:
    """What to check on a declaration, why, and what came of it."""
    return _shown(_found(declaration_pk))


def _found(declaration_pk: int) -> Any:
    found = declarations.find(declaration_pk)
    if found is None:
        raise NotHere
    return found


def _shown(declaration: Any, status: int = 200, typed: dict[str, Any] | None = None) -> Response:
    language = str(get_locale())
    seen = view.hits_seen(declaration, typed or {})
    may_act = Post.INSPECTOR in acting().posts and declaration.released_at is None
    in_force = publications.in_force_at(declaration.authority_path, acting().local_now().date())
    return page(
        "inspection/show.html",
        status,
        declaration=declaration,
        reason=reason_words(declaration.reason),
        stage=gettext(WORDS["stage"][declaration.stage]),
        place=view.place_name(declaration.authority_path, language),
        seen=seen,
        steps=view.steps(seen),
        against=against_release(declaration),
        may_act=may_act,
        header=view.header_rows(declaration),
        goods=view.goods(declaration),
        changes=view.changes(declaration),
        to_find=view.to_find(declaration, in_force) if may_act else [],
    )


def _back(declaration_pk: int, anchor: str = "") -> ResponseReturnValue:
    place = url_for(
        "inspection.show", code=acting().code, declaration_pk=declaration_pk, _anchor=anchor or None
    )
    return redirect(place, 303)


@blueprint.post("/<code>/declarations/<int:declaration_pk>/checks/<int:check_id>", access=INSPECTOR)
def record(declaration_pk: int, check_id: int) -> ResponseReturnValue:
    """Record the result of one measure."""
    form = ResultForm(prefix=f"check{check_id}-")
    if not form.validate():
        return _shown(_found(declaration_pk), 422, {f"check{check_id}-": form})
    here = acting()
    inspection.record(declaration_pk, check_id, form.found(), here.acts, now(), shown_version())
    return _back(declaration_pk, f"check{check_id}")


@blueprint.post("/<code>/declarations/<int:declaration_pk>/hits/<int:hit_id>", access=INSPECTOR)
def answer(declaration_pk: int, hit_id: int) -> ResponseReturnValue:
    """Answer the questions of one profile."""
    declaration = _found(declaration_pk)
    hit = next((one for one in declaration.hits if one.id == hit_id), None)
    if hit is None:
        raise NotHere
    form = answer_form(hit, {})
    if not form.validate():
        return _shown(declaration, 422, {f"hit{hit_id}-": form})
    inspection.answer(declaration_pk, hit_id, answers_in(form, hit), acting().acts, now(), shown_version())
    return _back(declaration_pk, f"hit{hit_id}")


@blueprint.post("/<code>/declarations/<int:declaration_pk>/found", access=INSPECTOR)
def find(declaration_pk: int) -> ResponseReturnValue:
    """Record that a profile which no software finds applies to the declaration."""
    publication_id = arguments.number("publication")
    if publication_id is None:
        raise NotHere
    hit = inspection.find(declaration_pk, publication_id, acting().acts, now(), shown_version())
    return _back(declaration_pk, f"hit{hit.id}")


@blueprint.get("/<code>/declarations/<int:declaration_pk>/release", access=INSPECTOR)
def check_release(declaration_pk: int) -> ResponseReturnValue:
    """What is about to be released, with every result, before it is final."""
    declaration = _found(declaration_pk)
    if declaration.released_at is not None or declarations.hindrances(declaration):
        return _back(declaration_pk)
    return page(
        "inspection/release.html",
        declaration=declaration,
        steps=view.steps(view.hits_seen(declaration, {})),
    )


@blueprint.post("/<code>/declarations/<int:declaration_pk>/release", access=INSPECTOR)
def release(declaration_pk: int) -> ResponseReturnValue:
    """Release a declaration for good."""
    inspection.release(declaration_pk, acting().acts, now(), shown_version())
    return _back(declaration_pk)

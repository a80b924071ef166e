"""Officers as their administrator sees them: the list, an account, its changes and its closure."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.changes import history_page
from portal.blueprints.administration.forms import (
    LANGUAGES,
    EnrolForm,
    FirstPasswordForm,
    OfficerForm,
    ReasonForm,
)
from portal.blueprints.administration.found import authority_at, done, form_page, named, officer_at, tabs, to
from portal.blueprints.administration.words import asks, held_state, post_name
from portal.operations import administration_officers, administration_tree
from portal.operations import administration_proposals as proposals
from portal.operations.administration_proposals import KINDS
from portal.store import administration, desk
from portal.store.administration import PAGE
from portal.store.administration_tree import by_path
from portal.web import arguments
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.forms import shown_version
from portal.web.links import document_link
from portal.web.page import page


@blueprint.get("/<code>/administration/officers", access=ADMINISTRATOR)
def officers() -> ResponseReturnValue:
    """Officers by name, part of a name or login, authority and state of the account."""
    asked = {name: arguments.text(name, 100) for name in ("q", "authority", "state")}
    asked["state"] = asked["state"] if asked["state"] in ("open", "closed") else ""
    after = arguments.number("after")
    found = administration.officers(asked["q"], asked["authority"], asked["state"], after)
    rows, kept = found[:PAGE], {name: value for name, value in asked.items() if value}
    held: dict[int, list[str]] = {}
    home = {row.id: row.place_code for row in rows}
    for one in administration.posts_of(home, acting().local_now().date()):
        if one.state == "now":
            elsewhere = f" ({one.place_code})" if one.place_code != home[one.officer_id] else ""
            held.setdefault(one.officer_id, []).append(post_name(one) + elsewhere)
    return page(
        "administration/officers.html",
        tabs=tabs("officers"),
        asked=asked,
        rows=[(row, held.get(row.id, [])) for row in rows],
        filtered=bool(kept),
        clear_url=to("officers"),
        next_url=to("officers", **kept, after=rows[-1].id) if len(found) > PAGE else None,
        first_url=to("officers", **kept) if after is not None else None,
    )


@blueprint.get("/<code>/administration/officers/<int:officer_id>", access=ADMINISTRATOR)
def officer(officer_id: int) -> ResponseReturnValue:
    """The account, the posts of all times, and what waits to be decided about them."""
    row = officer_at(officer_id)
    home = by_path(row.authority_path)
    held = administration.posts_of([row.id], acting().local_now().date())
    return page(
        "administration/officer.html",
        row=row,
        home=home,
        tabs=tabs("officers"),
        facts=[
            (gettext("Login"), row.login),
            (gettext("E-mail address"), row.email),
            (gettext("Account kept at"), f"{named(home)}, {home.code}"),
        ],
        language=LANGUAGES[row.locale],
        posts=[(one, post_name(one), held_state(one.state)) for one in held],
        pending=[
            (gettext(KINDS[one.kind].asks), asks(one), to("proposal", proposal_id=one.id))
            for one in administration.pending_of_officer(row.id)
        ],
        own=row.id == acting().officer.id,
        waits_for_password=not administration_officers.hindrance(row),
    )


@blueprint.get("/<code>/administration/officers/<int:officer_id>/history", access=ADMINISTRATOR)
def officer_history(officer_id: int) -> ResponseReturnValue:
    """Every change of the account and of its holder's posts, the latest first."""
    row = officer_at(officer_id)
    pretitle, key = gettext("History of the officer"), {"officer_id": row.id}
    return history_page("officers", row.name, pretitle, "officer", key, officer_id=row.id)


@blueprint.route(
    "/<code>/administration/authorities/<int:authority_id>/officers/new",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def enrol(authority_id: int) -> ResponseReturnValue:
    """Open an account at an authority."""
    place = authority_at(authority_id)
    administration_tree.must_be_open(place)
    form = EnrolForm(locale="ru")
    made = done(
        form,
        lambda: administration_officers.enrol(
            place,
            acting().acts,
            form.login.data,
            form.name.data.strip(),
            form.email.data,
            form.locale.data,
            form.password.data,
        ),
    )
    if made is not None:
        flash(gettext("The account is open. It opens no page before a post is confirmed."), "success")
        return redirect(to("officer", officer_id=made.id), 303)
    return form_page(
        gettext("Open an account"),
        f"{named(place)}, {place.code}",
        form,
        {
            "name": {"hint": gettext("As it stands under signatures.")},
            "login": {"width": "m"},
            "email": {"width": "m", "optional": True},
            "locale": {"width": "s"},
            "password": _first_password_words(),
        },
        gettext("Open the account"),
        to("authority", authority_id=place.id),
        note=gettext(
            "The account opens no page until a post is proposed and a second administrator confirms it."
        ),
    )


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/first-password",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def first_password(officer_id: int) -> ResponseReturnValue:
    """Give another first password to an officer who never came, or whose forgotten password was ended."""
    row = officer_at(officer_id)
    form = FirstPasswordForm()
    against = administration_officers.hindrance(row)
    made = done(
        form,
        lambda: administration_officers.give_first_password(
            row, acting().acts, shown_version(), form.password.data
        ),
    )
    if made is not None:
        flash(gettext("The first password was given. The one before no longer works."), "success")
        return redirect(to("officer", officer_id=row.id), 303)
    return form_page(
        gettext("Give another first password"),
        f"{row.name}, {row.login}",
        form,
        {"password": _first_password_words()},
        gettext("Give it"),
        to("officer", officer_id=row.id),
        version=row.row_version,
        against=[gettext(against)] if against else [],
    )


def _first_password_words() -> dict[str, Any]:
    return {
        "width": "m",
        "hint": gettext(
            "At least 12 characters. Hand it over in person: its owner signs in within %(days)s days, and changes it "
            "before anything opens.",
            days=current_app.config["ENVIRONMENT"].first_password_days,
        ),
    }


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/change", methods=["GET", "POST"], access=ADMINISTRATOR
)
def change_officer(officer_id: int) -> ResponseReturnValue:
    """Change name, address and language."""
    row = officer_at(officer_id)
    form = OfficerForm(name=row.name, email=row.email, locale=row.locale)
    if request.method == "POST" and form.validate():
        changed = administration_officers.change(
            row, acting().acts, shown_version(), form.name.data.strip(), form.email.data, form.locale.data
        )
        flash(gettext("Changed.") if changed else gettext("Nothing differed."), "success")
        return redirect(to("officer", officer_id=row.id), 303)
    return form_page(
        gettext("Change the account"),
        f"{row.name}, {row.login}",
        form,
        {"name": {}, "email": {"width": "m", "optional": True}, "locale": {"width": "s"}},
        gettext("Save"),
        to("officer", officer_id=row.id),
        200 if request.method == "GET" else 422,
        version=row.row_version,
        note=gettext("What was signed before keeps the name under which it was signed."),
    )


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/close", methods=["GET", "POST"], access=ADMINISTRATOR
)
def close_officer(officer_id: int) -> ResponseReturnValue:
    """Close an account at once."""
    row = officer_at(officer_id)
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        administration_officers.close(row, acting().acts, shown_version(), form.reason.data.strip())
        flash(gettext("The account is closed."), "success")
        return redirect(to("officer", officer_id=row.id), 303)
    authored, executed = _open_papers(row.id)
    return form_page(
        gettext("Close the account"),
        f"{row.name}, {row.login}",
        form,
        {"reason": {"rows": 3}},
        gettext("Close the account"),
        to("officer", officer_id=row.id),
        200 if request.method == "GET" else 422,
        version=row.row_version,
        kind="danger",
        against=[gettext(administration_officers.CLOSED)] if row.closed_at else [],
        facts=[
            (f"{label}: {len(papers)}", papers)
            for label, papers in (
                (gettext("Open drafts of which he is the author"), authored),
                (gettext("Open documents of which he is the executor"), executed),
            )
            if papers
        ],
        consequences=[
            gettext("The next request of its holder finds him signed out."),
            gettext("His posts, signatures and history stay on record."),
            gettext("The head of the unit names another author of a draft, and another executor."),
            gettext("Two administrators are needed to open it again."),
        ],
    )


def _open_papers(officer_id: int) -> tuple[list[Any], list[Any]]:
    """Open documents that wait until another goes on with them: drafts that he writes, and those that he executes.

    Each leads to its page where the administrator may open it.
    """
    found: tuple[list[Any], list[Any]] = [], []
    for paper in desk.written_by(officer_id):
        words = f"{paper.number} {paper.title or gettext('Untitled')}".strip()
        url = document_link(paper.document, paper.id)
        found[0 if paper.authored else 1].append({"words": words, "url": url} if url else words)
    return found


@blueprint.route(
    "/<code>/administration/officers/<int:officer_id>/reopen", methods=["GET", "POST"], access=ADMINISTRATOR
)
def reopen_officer(officer_id: int) -> ResponseReturnValue:
    """Propose to open a closed account again."""
    row = officer_at(officer_id)
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        made = proposals.reopen(acting().acts, row, form.reason.data.strip())
        return redirect(to("proposal", proposal_id=made.id), 303)
    held = administration.posts_of([row.id], acting().local_now().date())
    posts: list[Any] = [post_name(one) for one in held if one.state != "past"]
    return form_page(
        gettext("Propose to open the account again"),
        f"{row.name}, {row.login}",
        form,
        {"reason": {"rows": 3}},
        gettext("Propose"),
        to("officer", officer_id=row.id),
        200 if request.method == "GET" else 422,
        against=[] if row.closed_at else [gettext("The account is open.")],
        facts=[(gettext("Posts that come back with it"), posts)],
        consequences=[gettext("Another administrator confirms it or declines it with a reason.")],
    )

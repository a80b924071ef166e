"""The check page of a closure: what is open at an authority, and how its successor takes it over."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.forms import CloseForm, certain
from portal.blueprints.administration.found import authority_at, done, named, tabs, to
from portal.levels.words import N_
from portal.operations import administration_closing as closing
from portal.operations import administration_proposals as proposals
from portal.operations.administration import today_at
from portal.operations.administration_closing import Plan, Seat
from portal.store import administration, administration_tree
from portal.store.administration_closing import Paper, accounts
from portal.web import arguments
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.fields import choices
from portal.web.page import page
from portal.workflow.statuses import MEANINGS, status_of

#: What is open, by the names of `Work`, and what becomes of it.
GROUPS: tuple[tuple[str, str, str], ...] = (
    (
        "unregistered",
        N_("Drafts without a number"),
        N_("They end here as withdrawn, and begin anew at the successor with a reference to each other."),
    ),
    ("reworked", N_("Drafts being reworked"), N_("Their authors send them back to the centre first.")),
    (
        "numbered",
        N_("Registered drafts"),
        N_(
            "They keep their number in the register of this authority; the successor's officers carry them on."
        ),
    ),
    (
        "prepared",
        N_("Profiles on their way"),
        N_("They stay; the acting head of unit names an executor of the successor."),
    ),
    (
        "in_force",
        N_("Local profiles in force"),
        N_(
            "They stay in force in their territory until their end date, or until the successor cancels them."
        ),
    ),
)


@blueprint.route(
    "/<code>/administration/authorities/<int:authority_id>/close",
    methods=["GET", "POST"],
    access=ADMINISTRATOR,
)
def close_authority(authority_id: int) -> ResponseReturnValue:
    """Choose the successor (``heir``: its code), see what is open, and propose the closure."""
    place = authority_at(authority_id)
    closing.refuse(place, acting().acts)
    code = arguments.text("heir", 8)
    heir = administration_tree.by_code(code) if code else None
    wrong = bool(code) and not closing.may_inherit(place, heir)
    if heir is None or wrong:
        return _shown(place, None, None, code, gettext(closing.HEIR) if wrong else "", 422 if wrong else 200)
    found = closing.plan(place, heir)
    form = _form(found)
    made = done(
        form,
        lambda: proposals.close(
            acting().acts,
            place,
            heir,
            certain(form.last_day),
            certain(form.until),
            int(form.receiver.data) if form.receiver.data else None,
            form.reason.data.strip(),
        ),
    )
    if made is not None:
        return redirect(to("proposal", proposal_id=made.id), 303)
    return _shown(place, found, form, code, "", 200 if request.method == "GET" else 422)


def _form(found: Plan) -> CloseForm:
    today = today_at(found.authority)
    form = CloseForm(last_day=today, until=today + closing.USUALLY)
    people = {str(one.id): one.name for one in found.receivers}
    form.receiver.choices = choices(people.items(), gettext("Choose an officer of the successor"))
    return form


def _shown(
    place: Any, found: Plan | None, form: CloseForm | None, code: str, fault: str, status: int
) -> ResponseReturnValue:
    return page(
        "administration/close.html",
        status,
        tabs=tabs("tree"),
        place=place,
        name=named(place),
        heir=found.heir if found else None,
        heir_name=named(found.heir) if found else "",
        code=code,
        fault=fault,
        form=form,
        groups=_groups(found) if found else [],
        seats=[_seat(seat) for seat in found.seats] if found else [],
        against=[_against(words, params) for words, params in found.against] if found else [],
        declarations=found.work.declarations if found else 0,
        accounts=_accounts(place),
        drafts=bool(found and found.work.unregistered),
        own_url=to("close_authority", authority_id=place.id),
        action=to("close_authority", authority_id=place.id, heir=code or None),
        cancel_url=to("authority", authority_id=place.id),
    )


def _accounts(place: Any) -> str:
    count = accounts(place.authority_path)
    said = ngettext(
        "%(num)s account is kept here and stays: its holder gets posts elsewhere by appointment.",
        "%(num)s accounts are kept here and stay: their holders get posts elsewhere by appointment.",
        count,
    )
    return str(said) if count else ""


def _against(words: str, params: dict[str, str]) -> str:
    return str(gettext(words, **{name: gettext(value) for name, value in params.items()}))


def _groups(found: Plan) -> list[tuple[str, str, list[tuple[str, str, tuple[str, str]]]]]:
    return [
        (gettext(label), gettext(what), [_paper(one) for one in getattr(found.work, name)])
        for name, label, what in GROUPS
        if getattr(found.work, name)
    ]


def _paper(paper: Paper) -> tuple[str, str, tuple[str, str]]:
    meaning = MEANINGS[status_of(paper.document, paper.status)]
    return paper.number, paper.title or gettext("Without a title"), (gettext(meaning.label), meaning.tone)


def _seat(seat: Seat) -> tuple[str, str, list[str]]:
    """A post of the closed authority with its unit, the unit that stands in, and who will act."""
    unit = administration.unit(seat.chair.unit) if seat.chair.unit else None
    stands_in = administration.unit(seat.chair.stands_in) if seat.chair.stands_in else None
    post = gettext(seat.chair.post.label)
    return (
        gettext("%(post)s, %(unit)s", post=post, unit=named(unit)) if unit else post,
        named(stands_in) if stands_in else "",
        [one.name for one in seat.holders],
    )

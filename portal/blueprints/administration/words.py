"""Says posts, proposals and entries of the journal in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext

from portal.blueprints.administration.forms import LANGUAGES
from portal.blueprints.administration.found import language, named, to
from portal.levels.roles import Post
from portal.levels.signing import SCOPES
from portal.levels.tree import LEVELS
from portal.levels.words import N_
from portal.operations.administration_proposals import KINDS
from portal.store.administration import Held
from portal.web.filters import day
from portal.workflow.competence import DIRECTIONS
from portal.workflow.seats import SEATS

STATES: dict[str, tuple[str, str]] = {
    "pending": (N_("Waits for a second person"), "amber"),
    "confirmed": (N_("Confirmed"), "green"),
    "declined": (N_("Declined by the second person"), "red"),
    "withdrawn": (N_("Taken back"), "grey"),
}
HELD: dict[str, tuple[str, str]] = {
    "now": (N_("Held now"), "green"),
    "later": (N_("Not begun"), "grey"),
    "past": (N_("Ended"), "grey"),
}
_FIELDS: dict[str, str] = {
    "code": N_("Code"),
    "level": N_("Level"),
    "name": N_("Full name"),
    "name_en": N_("Name in English"),
    "name_ru": N_("Name in Russian"),
    "zone": N_("Time zone"),
    "directions": N_("Directions of activity"),
    "login": N_("Login"),
    "email": N_("E-mail address"),
    "locale": N_("Language"),
    "post": N_("Post"),
    "unit": N_("Unit"),
    "since": N_("First day"),
    "until": N_("Last day"),
    "last_day": N_("Last day"),
    "acting_for": N_("For whom"),
    "factors": N_("Second factors"),
    "heir": N_("Successor"),
    "receiver": N_("Who continues the drafts without a number"),
    "acts_until": N_("The successor acts for it until"),
}


def state(name: str) -> tuple[str, str]:
    label, tone = STATES[name]
    return gettext(label), tone


def held_state(name: str) -> tuple[str, str]:
    label, tone = HELD[name]
    return gettext(label), tone


def post_name(held: Held) -> str:
    """The post with its unit, and for whom it is held."""
    return _post(held.post, held.unit(language()), held.acting_for)


def _post(post: str, unit: str, acting_for: str) -> str:
    label = gettext(Post(post).label)
    if unit:
        label = gettext("%(post)s, %(unit)s", post=label, unit=unit)
    return str(gettext("%(post)s, for %(name)s", post=label, name=acting_for) if acting_for else label)


def level(name: str) -> str:
    return str(gettext(LEVELS[name].label))


def _details(proposal: Any) -> dict[str, Any]:
    """What a proposal asks for, by the names of `_FIELDS`, in the reader's language."""
    asked = dict(proposal.details)
    for name in ("unit", "heir"):
        asked[name] = asked.pop(f"{name}_ru" if language() == "ru" else f"{name}_en", "")
    if asked["heir"]:
        asked["heir"] = f"{asked['heir']}, {asked['heir_code']}"
    if proposal.kind == "close":
        asked["acts_until"] = asked.pop("until")
    if proposal.kind == "end" and not asked["last_day"]:
        asked["last_day"] = gettext("at once, when it is confirmed")
    return asked


def asks(proposal: Any) -> str:
    """In one line: what the proposal asks for."""
    asked = _details(proposal)
    if "post" in asked:
        return _post(asked["post"], asked["unit"], asked["acting_for"])
    if proposal.kind == "close":
        return str(gettext("Successor: %(name)s", name=asked["heir"]))
    return ""


def facts(proposal: Any, place: Any) -> list[tuple[Any, ...]]:
    """The rows of a proposal as a summary list has them."""
    rows: list[tuple[Any, ...]] = [
        (gettext("What is proposed"), gettext(KINDS[proposal.kind].asks)),
        (gettext("Authority"), f"{named(place)}, {place.code}"),
    ]
    if proposal.officer_name:
        rows.append((gettext("Officer"), proposal.officer_name))
    asked = _details(proposal)
    rows += [(gettext(label), said(name, asked[name])) for name, label in _FIELDS.items() if asked.get(name)]
    if proposal.kind == "signatories":
        rows += [
            (gettext(SCOPES[scope].label), _change(proposal.details["before"][scope], seat))
            for scope, seat in proposal.details["seats"].items()
        ]
    return [*rows, (gettext("Reason"), proposal.reason)]


def _change(before: str, after: str) -> str:
    if before == after:
        return str(gettext(SEATS[after].label))
    return f"{gettext(SEATS[before].label)} → {gettext(SEATS[after].label)}"


def said(name: str, value: Any) -> str:
    """A value of the journal or of a proposal in words."""
    if name == "post":
        return str(gettext(Post(value).label))
    if name == "level":
        return level(value)
    if name == "directions":
        return ", ".join(gettext(DIRECTIONS[number]) for number in value) or str(gettext("none"))
    if name == "locale":
        return LANGUAGES.get(str(value), "")
    if name in ("since", "until", "last_day", "acts_until") and len(value) == 10:
        return day(date.fromisoformat(value))
    return str(value)


def timeline(entries: list[Any]) -> list[dict[str, Any]]:
    """The journal as entries of `ui.timeline`."""
    return [
        {
            "at": entry.at,
            "who": f"{entry.officer_name}, {entry.place_code}",
            "text": gettext(entry.label),
            "detail": _detail(entry),
            "url": _behind(entry),
        }
        for entry in entries
    ]


def _behind(entry: Any) -> str | None:
    """The page of the proposal that led to the change, else of the officer whom it concerns."""
    if entry.proposal_id:
        return to("proposal", proposal_id=entry.proposal_id)
    return to("officer", officer_id=entry.about_officer_id) if entry.about_officer_id else None


def _detail(entry: Any) -> str:
    parts = [
        f"{gettext(label)}: {_from_to(name, entry)}"
        for name, label in _FIELDS.items()
        if entry.after.get(name) or entry.before.get(name)
    ]
    for scope, seat in entry.after.items() if set(entry.after) == set(SCOPES) else ():
        parts.append(f"{gettext(SCOPES[scope].label)}: {_change(entry.before[scope], seat)}")
    return "; ".join([*parts, *([entry.words] if entry.words else [])])


def _from_to(name: str, entry: Any) -> str:
    after = said(name, entry.after[name]) if entry.after.get(name) else "–"
    if name not in entry.before:
        return after
    return f"{said(name, entry.before[name]) if entry.before[name] else '–'} → {after}"

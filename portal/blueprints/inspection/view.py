"""A declaration as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from portal.blueprints.inspection.forms import answer_form, result_form
from portal.levels.words import N_
from portal.screening.vocabulary import FIELDS, Kind, Unit
from portal.store import authorities, declarations, publications
from portal.store.publications import InForce
from portal.web.acting import acting
from portal.web.hits import Fired, field_name, field_value, fired_words, measure_name
from portal.web.links import link
from portal.workflow.results import RESULTS

_OWN_PLACE = ("stage", "date")


@dataclass(frozen=True)
class CheckSeen:
    """A measure to apply, with its result or the form for one."""

    check: Any
    name: str
    result: str
    form: Any
    url: str

    @property
    def blocks(self) -> bool:
        return declarations.blocks_release(self.check)


@dataclass(frozen=True)
class HitSeen:
    """A profile that hit: why, what the officer answers, what he does; None stands for the control group."""

    hit: Any
    fired: list[Fired]
    items: str
    checks: list[CheckSeen]
    answers: list[tuple[str, bool | None]]
    form: Any
    answer_url: str
    profile_url: str | None
    contact: str

    @property
    def set_aside(self) -> bool:
        return any(answer is False for _, answer in self.answers)

    @property
    def waits(self) -> bool:
        return not self.set_aside and any(answer is None for _, answer in self.answers)


def hits_seen(declaration: Any, typed: dict[str, Any]) -> list[HitSeen]:
    """The profiles that hit, and last the control group, if it was drawn into that.

    Args:
        typed: forms that were sent and refused, by prefix, in place of fresh ones.
    """
    checks = [_check(declaration, check, typed) for check in declarations.to_apply(declaration)]
    seen = [
        _hit(declaration, hit, [one for one in checks if one.check.hit_id == hit.id], typed)
        for hit in declaration.hits
        if declarations.standing(hit)
    ]
    control = [one for one in checks if one.check.hit_id is None]
    return [*seen, HitSeen(None, [], "", control, [], None, "", None, "")] if control else seen


def _check(declaration: Any, check: Any, typed: dict[str, Any]) -> CheckSeen:
    form = typed.get(f"check{check.id}-") or result_form(check)
    result = gettext(RESULTS[check.result_code]) if check.result_code else ""
    url = url_for("inspection.record", code=acting().code, declaration_pk=declaration.id, check_id=check.id)
    return CheckSeen(check, measure_name(check.measure), result, form, url)


def _hit(declaration: Any, hit: Any, checks: list[CheckSeen], typed: dict[str, Any]) -> HitSeen:
    profile = publications.find(hit.publication_id)
    answers = declarations.answers_of(hit)
    contact = profile.text["contact"] if profile else {}
    return HitSeen(
        hit,
        fired_words(profile.text, hit.indicators) if profile else [],
        item_words(hit.items),
        checks,
        [(question, answers.get(question)) for question in hit.questions],
        typed.get(f"hit{hit.id}-") or answer_form(hit, answers, formdata=None),
        url_for("inspection.answer", code=acting().code, declaration_pk=declaration.id, hit_id=hit.id),
        link("directory.show", publication_id=hit.publication_id) if profile else None,
        ", ".join(filter(None, (contact.get(part) for part in ("unit", "officer", "telephone")))),
    )


def item_words(items: list[int] | tuple[int, ...]) -> str:
    """``items 1, 3``."""
    listed = ", ".join(map(str, items))
    return str(ngettext("item %(listed)s", "items %(listed)s", len(items), listed=listed))


@dataclass(frozen=True)
class Step:
    """A line of the checklist before release."""

    what: str
    done: bool
    who: str | None
    url: str | None


def steps(seen: list[HitSeen]) -> list[Step]:
    """What to do before release, in words, each leading to its place on the page."""
    found = []
    for each in seen:
        if each.hit is not None and each.hit.questions:
            what = gettext("Answer the questions of profile %(number)s", number=each.hit.profile_number)
            found.append(Step(what, not each.waits, None, f"#hit{each.hit.id}"))
        for one in each.checks:
            where = f" — {each.items}" if each.items else ""
            optional = "" if one.check.mandatory else f" ({gettext('optional')})"
            done = one.check.recorded_at is not None
            found.append(
                Step(f"{one.name}{where}{optional}", done, one.result or None, f"#check{one.check.id}")
            )
    return found


def header_rows(declaration: Any) -> list[tuple[str, str]]:
    """The header fields that were given, in the order of the declaration."""
    return [
        (field_name(name), field_value(name, declaration.header[name]))
        for name in FIELDS
        if name in declaration.header and name not in _OWN_PLACE
    ]


@dataclass(frozen=True)
class Goods:
    """The items as a table: (label, its class or nothing) of each column, and the cells of each item."""

    columns: list[Any]
    rows: list[tuple[str, list[tuple[str, str]]]]


def goods(declaration: Any) -> Goods:
    """The items with the fields that any of them gives, in the order of the declaration."""
    names = [name for name in FIELDS if name != "item_no" and any(name in item for item in declaration.items)]
    aligned = {name: "num" if FIELDS[name].kind is Kind.DECIMAL else "" for name in names}
    widths = {**aligned, "goods_description": "wide"}
    columns = [(_heading(name), widths[name]) if widths[name] else _heading(name) for name in names]
    rows = [
        (
            item["item_no"],
            [(field_value(name, item[name]) if name in item else "–", aligned[name]) for name in names],
        )
        for item in declaration.items
    ]
    return Goods(columns, rows)


_UNITS = {Unit.KILOGRAM: N_("kg"), Unit.PERCENT: "%"}


def _heading(name: str) -> str:
    """The name of a field with the unit of what stands beneath it; money tells its own in the header."""
    unit = _UNITS.get(FIELDS[name].unit)
    return f"{field_name(name)}, {gettext(unit)}" if unit else field_name(name)


def changes(declaration: Any) -> list[tuple[str, str, str]]:
    """What differs from what was given before: where, before, after."""
    found = []
    for change in declaration.reason.get("changes", ()):
        where = field_name(change["field"])
        if change["item_no"] is not None:
            where = gettext("Item %(number)s: %(field)s", number=change["item_no"], field=where)
        values = (change["before"], change["after"])
        before, after = (field_value(change["field"], value) or "–" for value in values)
        found.append((where, before, after))
    return found


def to_find(declaration: Any, in_force: tuple[InForce, ...]) -> list[InForce]:
    """The profiles that the officer finds himself, without those that he has found."""
    found = {hit.publication_id for hit in declaration.hits if declarations.standing(hit)}
    return [entry for entry in in_force if entry.found_by_officer and entry.id not in found]


def place_name(path: str, language: str) -> str:
    """The authority of a declaration as a page names it; that of the officer himself is known."""
    here = acting().place
    place = here if path == here.path else authorities.by_path(path)
    return f"{place.name(language)} ({place.code})" if place else path

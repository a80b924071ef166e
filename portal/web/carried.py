"""Turns what a move must carry into a form, and what was typed there into what the move carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, TextAreaField

from portal.operations.choices import officers_for
from portal.store import authorities
from portal.store.surroundings import surroundings
from portal.web import confirming
from portal.web.documents.content import language
from portal.web.fields import NEEDED, Day, Lines, One, OneShown, Several, choices
from portal.web.forms import LONG_TEXT, Clean, Fits, PortalForm, made, required
from portal.workflow.move import CARRIES, Carry, Move

#: Columns that hold a line are this wide, but for the source of information.
LINE, SOURCE = 80, 200
CODE = "one_time_code"

#: By its labels a decision is told that was refused before its own form was made.
CarriedForm = type(
    "CarriedForm",
    (PortalForm,),
    {name: StringField(lazy_gettext(carry.label)) for name, carry in CARRIES.items()},
)


def decision_form(document: Any, move: Move) -> PortalForm:
    """The form of a move: a field for each thing that it carries, and where it signs for the password."""
    found: dict[str, Field] = {name: _MAKERS[CARRIES[name].kind](document, name) for name in move.carries}
    if move.signs:
        found["password"] = confirming.own_password(gettext("It stands for your signature."))
        if confirming.code_needed():
            found[CODE] = StringField(gettext("Code that your app shows now"), [required(NEEDED), Fits(40)])
    return made("DecisionForm", confirming.Confirmed if move.signs else PortalForm, found)()


def collected(form: PortalForm, move: Move) -> dict[str, Any]:
    """What was typed, by the names of `CARRIES`: days as ISO text, units and officers as ids."""
    return {name: _value(form[name], CARRIES[name].kind) for name in move.carries}


def shown(form: PortalForm, move: Move) -> dict[str, str]:
    """The names of the units and officers chosen, for the journal."""
    found = {}
    for name in move.carries:
        if CARRIES[name].kind in ("unit", "units", "officer"):
            found[f"{name}_name"] = ", ".join(
                choice.label for choice in form[name].iter_choices() if choice.selected
            )
    return found


def said(form: PortalForm, move: Move) -> list[tuple[str, str]]:
    """What was typed, in words: kept on the page that says that the document has moved on."""
    rows = []
    for name in move.carries:
        field = form[name]
        if hasattr(field, "iter_choices"):
            words = ", ".join(choice.label for choice in field.iter_choices() if choice.selected)
        else:
            words = str(field.data or "")
        rows.append((gettext(CARRIES[name].label), words))
    return rows


def _value(field: Field, kind: str) -> Any:
    if kind == "date":
        return field.iso
    if kind == "lines":
        return field.lines
    if kind == "yes_no":
        return {"yes": True, "no": False}[field.data]
    if kind in ("unit", "officer"):
        return int(field.data)
    if kind == "units":
        return [int(value) for value in field.data]
    return field.data.strip()


def _labels(name: str) -> dict[str, Any]:
    carry: Carry = CARRIES[name]
    return {"label": gettext(carry.label), "description": gettext(carry.hint) if carry.hint else ""}


def _text(document: Any, name: str) -> Field:
    return TextAreaField(validators=[required(NEEDED), Fits(LONG_TEXT), Clean()], **_labels(name))


def _line(document: Any, name: str) -> Field:
    longest = SOURCE if name == "information_from" else LINE
    return StringField(validators=[required(NEEDED), Fits(longest), Clean()], **_labels(name))


def _lines(document: Any, name: str) -> Field:
    return Lines(validators=[required(NEEDED), Fits(LONG_TEXT), Clean()], **_labels(name))


def _date(document: Any, name: str) -> Field:
    return Day(needed=True, **_labels(name))


def _yes_no(document: Any, name: str) -> Field:
    return OneShown(choices=choices((("yes", gettext("Yes")), ("no", gettext("No")))), **_labels(name))


def _unit(document: Any, name: str) -> Field:
    around = surroundings(document.authority_path)
    where = around.rtu if name == "rtu_unit" else around.centre
    return One(choices=choices(_units(where), gettext("Choose a unit")), **_labels(name))


def _several_units(document: Any, name: str) -> Field:
    centre = surroundings(document.authority_path).centre
    return Several(choices=choices(_units(centre)), **_labels(name))


def _units(path: str) -> list[tuple[str, str]]:
    """The structural units of an authority, without the one that coordinates."""
    russian = language() == "ru"
    return [
        (str(unit.id), unit.name_ru if russian else unit.name_en)
        for unit in authorities.units_of(path)
        if not unit.is_coordination
    ]


def _officer(document: Any, name: str) -> Field:
    """The officers who may be named, but for those who write the document now."""
    pairs = [(str(officer), officer_name) for officer, officer_name in officers_for(document, name)]
    return One(choices=choices(pairs, gettext("Choose an officer")), **_labels(name))


_MAKERS: dict[str, Callable[[Any, str], Field]] = {
    "text": _text,
    "line": _line,
    "lines": _lines,
    "date": _date,
    "yes_no": _yes_no,
    "unit": _unit,
    "units": _several_units,
    "officer": _officer,
}

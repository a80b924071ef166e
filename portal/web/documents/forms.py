"""The forms in which a draft or profile is begun and written."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.levels.signing import SCOPES
from portal.web.fields import Day, One, OneShown, Whole, choices
from portal.web.forms import LONG_TEXT, Clean, Fits, PortalForm, required
from portal.workflow.competence import DIRECTIONS
from portal.workflow.measures import INSPECTION_CODE, MEASURES
from portal.workflow.text import FORMALISATIONS, KINDS, RISK_LEVELS, RISK_TYPES

LINE, QUESTION, MOST_ROWS = 300, 1000, 60
NOTE_TEXTS = ("sources", "operations", "methodology", "assessment", "consequences", "validity")


def _labelled(words: dict[Any, str], blank: str | None = None) -> list[SelectChoice]:
    return choices([(str(key), gettext(label)) for key, label in words.items()], blank)


def scope_choices() -> list[tuple[str, str]]:
    return [
        (
            name,
            gettext("%(scope)s: %(territory)s", scope=gettext(line.label), territory=gettext(line.territory)),
        )
        for name, line in SCOPES.items()
    ]


class BeginForm(PortalForm):
    """What must be known before a draft is begun."""

    title = StringField(lazy_gettext("Title"), [required(), Fits(LINE), Clean()])
    kind = OneShown(lazy_gettext("Kind"), choices=lambda: _labelled(KINDS), default="profile")
    scope = OneShown(lazy_gettext("Territorial scope"), default="regional")


class HeaderForm(PortalForm):
    """The header of the text."""

    title = StringField(lazy_gettext("Title"), [required(), Fits(LINE), Clean()])
    kind = OneShown(lazy_gettext("Kind"), choices=lambda: _labelled(KINDS))
    formalisation = OneShown(lazy_gettext("Formalisation"), choices=lambda: _labelled(FORMALISATIONS))
    scope = OneShown(lazy_gettext("Territorial scope"))
    direction = One(
        lazy_gettext("Direction of activity"),
        needed=False,
        choices=lambda: _labelled(DIRECTIONS, gettext("Choose a direction")),
    )
    risk_type = One(
        lazy_gettext("Risk type"),
        needed=False,
        choices=lambda: _labelled(RISK_TYPES, gettext("Choose a type")),
    )
    risk_level = OneShown(lazy_gettext("Risk level"), choices=lambda: _labelled(RISK_LEVELS))
    valid_from = Day(lazy_gettext("Valid from"))
    valid_to = Day(lazy_gettext("Valid to"))

    def validate_valid_to(self, field: Day) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(gettext("The last day of validity lies before the first"))


class RowsForm(PortalForm):
    """A form of rows that are added and removed; `rows` is the list of them."""

    rows: FieldList

    def add(self) -> None:
        if len(self.rows.entries) < MOST_ROWS:
            self.rows.append_entry()

    def remove(self, number: int) -> None:
        """Take out the row of that number, counted from 0; an unknown one is passed over."""
        if 0 <= number < len(self.rows.entries):
            del self.rows.entries[number]


class QuestionsForm(RowsForm):
    """The non-formalised indicators: texts that an officer answers yes or no."""

    rows = FieldList(
        TextAreaField(lazy_gettext("Question answered yes or no"), [Fits(QUESTION), Clean()]), min_entries=1
    )


class MeasureRow(Form):  # type: ignore[misc]
    """One measure."""

    code = One(
        lazy_gettext("Measure"),
        needed=False,
        choices=lambda: choices(
            [(code, f"{code} {gettext(measure.label)}") for code, measure in MEASURES.items()],
            gettext("Choose a measure"),
        ),
    )
    description = StringField(lazy_gettext("Description"), [Fits(QUESTION), Clean()])
    inspection_code = StringField(lazy_gettext("Inspection code"), [Fits(20), Clean()])
    share = Whole(lazy_gettext("Share of matching consignments"), least=1, most=100, default=100)
    mandatory = BooleanField(lazy_gettext("Mandatory"), default=True)

    def validate_description(self, field: StringField) -> None:
        if field.data and not self.code.data:
            raise ValidationError(gettext("Choose the measure that is described here"))

    def validate_inspection_code(self, field: StringField) -> None:
        if field.data and not INSPECTION_CODE.fullmatch(spaced(field.data)):
            raise ValidationError(gettext("The code has nine digits, as in 1 2 3 4 05 6 07"))

    def measure(self) -> dict[str, Any]:
        """The measure as the text keeps it."""
        return {
            "code": self.code.data,
            "description": (self.description.data or "").strip(),
            "mandatory": bool(self.mandatory.data),
            "share": self.share.data or 100,
            "inspection_code": spaced(self.inspection_code.data or ""),
        }


def spaced(code: str) -> str:
    """Nine digits as the seven values of the inspection code; anything else as it is."""
    digits = "".join(code.split())
    if len(digits) != 9 or not digits.isdigit():
        return code.strip()
    cuts = (0, 1, 2, 3, 4, 6, 7, 9)
    return " ".join(digits[a:b] for a, b in pairwise(cuts))


class MeasuresForm(RowsForm):
    """The measures of a profile."""

    rows = FieldList(FormField(MeasureRow), min_entries=1)


class ContactForm(PortalForm):
    """Who monitors the profile."""

    unit = StringField(lazy_gettext("Monitoring unit"), [Fits(LINE), Clean()])
    officer = StringField(lazy_gettext("Officer"), [Fits(LINE), Clean()])
    telephone = StringField(lazy_gettext("Telephone"), [Fits(60), Clean()])


class NoteForm(PortalForm):
    """The explanatory note (procedure §4)."""

    sources = TextAreaField(lazy_gettext("Sources of information"), [Fits(LONG_TEXT), Clean()])
    operations = TextAreaField(lazy_gettext("Operations that found the risk"), [Fits(LONG_TEXT), Clean()])
    methodology = StringField(lazy_gettext("Approved target methodology"), [Fits(LINE), Clean()])
    assessment = TextAreaField(lazy_gettext("Assessment of the risk level"), [Fits(LONG_TEXT), Clean()])
    consequences = TextAreaField(lazy_gettext("Potential negative consequences"), [Fits(LONG_TEXT), Clean()])
    validity = TextAreaField(lazy_gettext("Proposed validity"), [Fits(LONG_TEXT), Clean()])
    estimate_from = OneShown(lazy_gettext("Estimated number of consignments"), needed=False)
    estimate = Whole(lazy_gettext("Own estimate"), least=0, most=10**12)
    estimate_reason = TextAreaField(lazy_gettext("Reason for an own estimate"), [Fits(LONG_TEXT), Clean()])


class RemarkForm(PortalForm):
    """A remark on a document."""

    words = TextAreaField(lazy_gettext("Remark"), [required(), Fits(LONG_TEXT), Clean()])

"""The forms of union risk information."""

from __future__ import annotations

import re

from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.operations.circulation import Contents
from portal.web.fields import Lines, One, choices
from portal.web.forms import LONG_TEXT, Clean, Fits, PortalForm, required
from portal.workflow.competence import DIRECTIONS
from portal.workflow.text import RISK_TYPES

_CODE = re.compile(r"[0-9]{2,10}")
MOST_CODES = 200


class InformationForm(PortalForm):
    """What the union tells the states."""

    title = StringField(lazy_gettext("Title"), [required(), Fits(300), Clean()])
    words = TextAreaField(lazy_gettext("The risk in words"), [required(), Fits(LONG_TEXT), Clean()])
    direction = One(
        lazy_gettext("Direction of activity"),
        needed=False,
        choices=lambda: choices(
            [(str(number), gettext(label)) for number, label in DIRECTIONS.items()], gettext("Not one alone")
        ),
    )
    risk_type = One(
        lazy_gettext("Risk type"),
        needed=False,
        choices=lambda: choices(
            [(name, gettext(label)) for name, label in RISK_TYPES.items()], gettext("Not one alone")
        ),
    )
    codes = Lines(lazy_gettext("Commodity codes"), [Fits(LONG_TEXT), Clean()])

    def validate_codes(self, field: Lines) -> None:
        for code in field.lines:
            if not _CODE.fullmatch(code):
                raise ValidationError(gettext("%(code)s is no code of 2 to 10 digits", code=code))
        if len(field.lines) > MOST_CODES:
            raise ValidationError(gettext("At most %(most)s codes", most=MOST_CODES))

    def contents(self) -> Contents:
        return Contents(
            title=self.title.data.strip(),
            words=self.words.data.strip(),
            direction=int(self.direction.data) if self.direction.data else None,
            risk_type=self.risk_type.data or "",
            codes=tuple(dict.fromkeys(self.codes.lines)),
        )


class DeclineForm(PortalForm):
    """Why a state declines."""

    reason = TextAreaField(lazy_gettext("Reason"), [required(), Fits(LONG_TEXT), Clean()])


class ConfirmForm(PortalForm):
    """A check page that asks nothing more."""

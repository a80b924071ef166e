"""Controls that forms share: days, whole numbers, choices, lists written one item a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import DateField, Form, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from portal.levels.words import N_

NEEDED = N_("This is needed")
#: Days beyond these are slips of the pen, and overflow when they are carried to another zone.
FIRST_YEAR, LAST_YEAR = 1900, 2999
Pairs = Iterable[tuple[str, str]]


def choices(pairs: Pairs, blank: str | None = None) -> list[SelectChoice]:
    """Options from pairs of (value, label); `blank` is the label of the option that chooses nothing."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(value, label) for value, label in pairs]


def _within_reason(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day)
    return day


class Day(DateField):  # type: ignore[misc]
    """A day as the browser's own control sends it."""

    def __init__(self, label: str, *, needed: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.needed = needed

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = _within_reason(date.fromisoformat(text))
            except ValueError:
                raise ValueError(gettext("Enter a day, such as 2026-11-20")) from None

    def pre_validate(self, form: Form) -> None:
        if self.needed and self.data is None and not self.process_errors:
            raise StopValidation(gettext(NEEDED))

    @property
    def iso(self) -> str | None:
        return self.data.isoformat() if self.data else None


class Whole(IntegerField):  # type: ignore[misc]
    """A whole number between two bounds, both included."""

    def __init__(self, label: str, *, least: int, most: int, **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = "".join(valuelist[0].split()) if valuelist else ""
        self.data = None
        if text:
            number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
            if not self.least <= number <= self.most:
                raise ValueError(
                    gettext(
                        "Enter a whole number from %(least)s to %(most)s", least=self.least, most=self.most
                    )
                )
            self.data = number


class One(SelectField):  # type: ignore[misc]
    """One of several, from a list; nothing chosen is None."""

    def __init__(self, label: str, *, needed: bool = True, **options: Any) -> None:
        super().__init__(label, coerce=lambda value: value or None, **options)
        self.needed = needed

    def pre_validate(self, form: Form) -> None:
        known = {choice.value for choice in self.choices}
        if not self.data:
            if self.needed:
                raise StopValidation(gettext(NEEDED))
        elif str(self.data) not in known:
            raise StopValidation(gettext("Choose one of the list"))


class OneShown(RadioField):  # type: ignore[misc]
    """One of a few, all of them in view."""

    def __init__(self, label: str, *, needed: bool = True, **options: Any) -> None:
        super().__init__(label, coerce=lambda value: value or None, **options)
        self.needed = needed

    pre_validate = One.pre_validate


class Several(SelectMultipleField):  # type: ignore[misc]
    """Any of several, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, *, needed: bool = True, **options: Any) -> None:
        super().__init__(label, **options)
        self.needed = needed

    def pre_validate(self, form: Form) -> None:
        known = {choice.value for choice in self.choices}
        if self.needed and not self.data:
            raise StopValidation(gettext("Choose at least one"))
        if any(value not in known for value in self.data or ()):
            raise StopValidation(gettext("Choose from the list"))


class Lines(TextAreaField):  # type: ignore[misc]
    """A list, one item a line."""

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in (self.data or "").splitlines() if line.strip()]

"""The forms of a declaration: the result of a measure, and the officer's answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField, ValidationError

from portal.operations.inspection import NEEDS_GROUND, UNKNOWN_RESULT, Found
from portal.web.fields import One, OneShown, choices
from portal.web.forms import LONG_TEXT, Clean, Fits, PortalForm, made
from portal.workflow.results import NOT_APPLIED, NOTHING_FOUND, VIOLATIONS

VIOLATION = "violation"
_MONEY = re.compile(r"[-+−]?[0-9]{1,15}([.,][0-9]{1,2})?")


class ResultForm(PortalForm):
    """What came of one measure; what goes with an outcome that was not chosen is dropped."""

    outcome = OneShown(lazy_gettext("Result"), needed=False)
    violation = One(lazy_gettext("What was found"), needed=False)
    ground = TextAreaField(lazy_gettext("Why it was not applied"), [Fits(2000), Clean()])
    payments = StringField(lazy_gettext("Difference in payments"), [Fits(30), Clean()])
    case_number = StringField(lazy_gettext("Case number"), [Fits(80), Clean()])
    notes = TextAreaField(lazy_gettext("Notes"), [Fits(LONG_TEXT), Clean()])

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.outcome.choices = choices(
            [
                (NOTHING_FOUND, gettext("Applied: nothing found")),
                (VIOLATION, gettext("Applied: violation found")),
                (NOT_APPLIED, gettext("Not applied")),
            ]
        )
        self.violation.choices = choices(
            [(code, gettext(label)) for code, label in VIOLATIONS.items()], gettext("Choose the violation")
        )

    def validate_outcome(self, field: OneShown) -> None:
        if not field.data:
            raise ValidationError(gettext(UNKNOWN_RESULT))

    def validate_violation(self, field: One) -> None:
        if self.outcome.data == VIOLATION and not field.data:
            raise ValidationError(gettext("Choose the violation"))

    def validate_ground(self, field: TextAreaField) -> None:
        if self.outcome.data == NOT_APPLIED and not (field.data or "").strip():
            raise ValidationError(gettext(NEEDS_GROUND))

    def validate_payments(self, field: StringField) -> None:
        if field.data and not _MONEY.fullmatch(_plain(field.data)):
            raise ValidationError(gettext("Enter a sum such as 1250.50, or leave it empty"))

    def found(self) -> Found:
        """The result, once the form is valid."""
        chosen = self.violation.data if self.outcome.data == VIOLATION else self.outcome.data
        typed = _plain(self.payments.data or "").replace(",", ".").replace("−", "-")
        return Found(
            chosen or "",
            self.ground.data or "",
            Decimal(typed) if typed and self.outcome.data == VIOLATION else None,
            self.case_number.data or "",
            self.notes.data or "",
        )


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def result_form(check: Any) -> ResultForm:
    """The form of a check as it is recorded; each on a page has its own prefix."""
    code = check.result_code
    kept = {
        "outcome": VIOLATION if code in VIOLATIONS else code or None,
        "violation": code if code in VIOLATIONS else None,
        "ground": check.not_applied_ground,
        "payments": "" if check.payments_difference is None else f"{check.payments_difference:f}",
        "case_number": check.case_number,
        "notes": check.notes,
    }
    return ResultForm(prefix=f"check{check.id}-", formdata=None, data=kept)


def answer_form(hit: Any, answers: Mapping[str, bool], **options: Any) -> PortalForm:
    """Yes or no to each question of a hit, those given before shown."""
    fields = {
        f"answer_{number}": OneShown(
            question,
            needed=False,
            choices=choices([("yes", gettext("Yes")), ("no", gettext("No"))]),
            default={True: "yes", False: "no"}.get(answers.get(question)),  # type: ignore[arg-type]
        )
        for number, question in enumerate(hit.questions)
    }
    return made("AnswerForm", PortalForm, fields)(prefix=f"hit{hit.id}-", **options)


def answers_in(form: PortalForm, hit: Any) -> dict[str, bool]:
    """The answers that were given in a form of `answer_form`, by question."""
    given = {question: form[f"answer_{number}"].data for number, question in enumerate(hit.questions)}
    return {question: answer == "yes" for question, answer in given.items() if answer in ("yes", "no")}

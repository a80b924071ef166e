"""The forms of the administrator."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from flask_babel import gettext, lazy_gettext
from wtforms import Field, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp

from portal.errors import Invalid
from portal.web.fields import Day, One, Several, choices
from portal.web.forms import Clean, Fits, PortalForm, required

LANGUAGES = {"en": "English", "ru": "Русский"}
NAME, LOGIN, EMAIL, WORDS = 200, 80, 200, 2000
_CODE = r"[0-9]{8}"
_LOGIN = r"[a-z0-9][a-z0-9._-]{1,79}"
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"


@cache
def zones() -> list[SelectChoice]:
    """The zones of the two continents on which the states of the union lie."""
    known = (zone for zone in sorted(available_timezones()) if zone.startswith(("Asia/", "Europe/")))
    return choices((zone, zone) for zone in known)


class _Shaped(Regexp):  # type: ignore[misc]
    """A text of one form, with a message that says which."""

    def __init__(self, form: str, words: str) -> None:
        super().__init__(re.compile(rf"(?:{form})?"), message=words)

    def __call__(self, form: PortalForm, field: Field) -> None:
        field.data = (field.data or "").strip()
        if not self.regex.fullmatch(field.data):
            field.errors = [*field.errors, gettext(str(self.message))]


def _name(label: str) -> StringField:
    return StringField(label, [required(), Fits(NAME), Clean()])


class AuthorityForm(PortalForm):
    """Names and zone of an authority."""

    name_en = _name(lazy_gettext("Name in English"))
    name_ru = _name(lazy_gettext("Name in Russian"))
    zone = One(lazy_gettext("Time zone"), choices=zones)


class FoundForm(AuthorityForm):
    """An authority that is to be founded."""

    code = StringField(
        lazy_gettext("Code"), [required(), _Shaped(_CODE, lazy_gettext("A code has eight digits."))]
    )
    level = One(lazy_gettext("Level"))


class UnitForm(PortalForm):
    """Names and directions of a unit."""

    name_en = _name(lazy_gettext("Name in English"))
    name_ru = _name(lazy_gettext("Name in Russian"))
    directions = Several(lazy_gettext("Directions of activity"))


def _first_password() -> Field:
    return PasswordField(lazy_gettext("First password"), [required(), Clean()])


class OfficerForm(PortalForm):
    """What an administrator may change of an account."""

    name = _name(lazy_gettext("Full name"))
    email = StringField(
        lazy_gettext("E-mail address"),
        [Fits(EMAIL), Clean(), _Shaped(_EMAIL, lazy_gettext("An address looks like name@example.org."))],
    )
    locale = One(lazy_gettext("Language"), choices=lambda: choices(LANGUAGES.items()))


class EnrolForm(OfficerForm):
    """An account that is to be opened."""

    login = StringField(
        lazy_gettext("Login"),
        [
            required(),
            Fits(LOGIN),
            _Shaped(_LOGIN, lazy_gettext("Small Latin letters, digits, dots and hyphens; at least two.")),
        ],
    )
    password = _first_password()


class FirstPasswordForm(PortalForm):
    """Another first password for an officer who has never signed in."""

    password = _first_password()


class ReasonForm(PortalForm):
    """Why something is done."""

    reason = TextAreaField(lazy_gettext("Reason"), [required(), Fits(WORDS), Clean()])


class AppointForm(ReasonForm):
    """A post to be given."""

    post = One(lazy_gettext("Post"))
    unit = One(lazy_gettext("Unit"), needed=False)
    supervises = Several(lazy_gettext("Units supervised"), needed=False)
    since = Day(lazy_gettext("First day"), needed=True)
    until = Day(lazy_gettext("Last day"))


class ActForm(ReasonForm):
    """An acting appointment: for whom, and for which days."""

    absent = One(lazy_gettext("For whom"))
    since = Day(lazy_gettext("First day"), needed=True)
    until = Day(lazy_gettext("Last day"), needed=True)


class EndForm(ReasonForm):
    """The end of a post."""

    last_day = Day(lazy_gettext("Last day in the post"))


class SignaturesForm(ReasonForm):
    """The seat that signs for each territory."""

    national = One(lazy_gettext("National"))
    zonal = One(lazy_gettext("Zonal"))
    regional = One(lazy_gettext("Regional"))
    local = One(lazy_gettext("Local"))


class CloseForm(ReasonForm):
    """The closure of an authority in favour of another."""

    last_day = Day(lazy_gettext("Last day of work"), needed=True)
    until = Day(lazy_gettext("The successor acts for it until"), needed=True)
    receiver = One(lazy_gettext("Who continues the drafts without a number"), needed=False)


class AnswerForm(PortalForm):
    """Why a proposal is declined."""

    answer = TextAreaField(lazy_gettext("Reason"), [required(), Fits(WORDS), Clean()])


class CheckForm(PortalForm):
    """A page that asks nothing more."""


def certain(field: Day) -> date:
    """The day of a field that has been found valid and must not be empty."""
    if field.data is None:
        raise LookupError(field.name)
    return field.data


def put_faults(form: PortalForm, error: Invalid) -> None:
    """Show what an operation refused at the fields at fault."""
    for name, words in error.faults:
        if name in form:
            form[name].errors = [*form[name].errors, gettext(words)]
        else:
            form.form_errors.append(gettext(words))

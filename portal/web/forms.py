"""The form that every page's form is made from: protected, with the version it was shown at."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FileField
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from portal.levels.words import N_
from portal.web.typed import declare, remember

LONG_TEXT = 20_000


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form whose CSRF token, one-time key and version are written by `ui.form`.

    `passing` marks a class that is made for one request (by `made`): its labels may be words of a tenant.
    """

    passing = False

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if not cls.passing:
            declare(cls)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        remember(self)

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' own messages come from the portal's catalogue, so that all pages speak alike."""

        locales = False

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Words go to every field, a file only to one that asks for a file, and JSON to none."""
            if formdata is not _Auto:
                return formdata
            if not form.is_submitted() or not (request.form or request.files):
                return None
            asked = {field.name for field in form if isinstance(field, FileField)}
            files = [sent for sent in request.files.items(multi=True) if sent[0] in asked]
            return CombinedMultiDict((MultiDict(files), request.form))


def made(name: str, base: type[PortalForm], fields: dict[str, Field]) -> type[PortalForm]:
    """A form whose fields are known only now; it is forgotten with the request."""
    return type(name, (base,), {"passing": True, **fields})


def shown_version() -> int | None:
    """The row version at which the form was shown; None when the form has none or it is no number."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def required(words: str = N_("This is needed")) -> DataRequired:
    """A validator whose message is translated when it is shown."""
    return _Required(words)


class _Required(DataRequired):  # type: ignore[misc]
    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors[:] = []
            raise StopValidation(gettext(str(self.message)))


class Clean:
    """Refuses text that no database or file can hold: NUL and lone surrogates."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = field.data if isinstance(field.data, str) else ""
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise ValidationError(gettext("The text holds signs that cannot be stored. Type it anew."))


class Fits(Length):  # type: ignore[misc]
    """At most so many characters, with a message that says how many there are."""

    def __init__(self, longest: int) -> None:
        super().__init__(max=longest)
        self.longest = longest

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data and len(field.data) > self.longest:
            raise ValidationError(
                gettext(
                    "At most %(most)s characters; there are %(now)s.", most=self.longest, now=len(field.data)
                )
            )

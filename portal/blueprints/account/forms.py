"""The forms of an officer's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import Field, HiddenField, PasswordField, StringField

from portal.levels.words import N_
from portal.operations.passwords import LONGEST
from portal.web.confirming import Confirmed
from portal.web.forms import Clean, Fits, required


def _name() -> Field:
    return StringField(
        lazy_gettext("Name"),
        [required(N_("Give it a name by which you know it")), Fits(80), Clean()],
        description=lazy_gettext("So that you know it again, such as “office computer”."),
    )


class PasswordChange(Confirmed):
    """The old password, and the new one twice."""

    new_password = PasswordField(
        lazy_gettext("New password"),
        [required(N_("Enter the new password")), Fits(LONGEST), Clean()],
        description=lazy_gettext("At least 12 characters. Four or five words in a row are good."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy_gettext("New password once more"),
        [required(N_("Enter the new password once more")), Fits(LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )


class Confirmation(Confirmed):
    """The password, for what must be the officer's own doing."""


class AppForm(Confirmed):
    """A new app: its name, the first code that it shows, and the password."""

    sealed = HiddenField()
    name = _name()
    one_time_code = StringField(
        lazy_gettext("Code that the app shows now"),
        [required(N_("Enter the code")), Fits(40), Clean()],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class NewPasskey(Confirmed):
    """A new passkey: its name, what the device answered, and the password."""

    credential = HiddenField()
    challenge = HiddenField()
    name = _name()

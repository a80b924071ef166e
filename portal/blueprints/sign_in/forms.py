"""The sign-in form."""

from flask_babel import lazy_gettext
from wtforms import HiddenField, PasswordField, StringField

from portal.levels.words import N_
from portal.web.forms import Clean, Fits, PortalForm, required


class SignInForm(PortalForm):
    """Login and password, and the page to go to afterwards."""

    login = StringField(lazy_gettext("Login"), [required(N_("Enter your login")), Fits(80), Clean()])
    password = PasswordField(lazy_gettext("Password"), [required(N_("Enter your password")), Fits(200)])
    next = HiddenField()

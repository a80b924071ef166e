"""The forms of the second step of signing in."""

from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField

from portal.levels.words import N_
from portal.web.forms import Clean, Fits, PortalForm, required


class FactorForm(PortalForm):
    """A code of an app, or a recovery code."""

    one_time_code = StringField(
        lazy_gettext("Code"),
        [required(N_("Enter the code")), Fits(40), Clean()],
        description=lazy_gettext(
            "Six digits from your app, or one of the recovery codes that you wrote down."
        ),
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )
    next = HiddenField()
    kept = HiddenField()


class PasskeyForm(PortalForm):
    """What a passkey answered, filled in by the script of the page."""

    credential = HiddenField()
    challenge = HiddenField()
    next = HiddenField()
    kept = HiddenField()

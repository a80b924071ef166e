"""The form with which a table of officers is sent."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from portal.levels.words import N_
from portal.web.forms import PortalForm, required
from portal.web.sent_files import Named


class TableForm(PortalForm):
    """The file with the table."""

    file = FileField(
        lazy_gettext("Table of officers"), [required(N_("Choose a file")), Named("xlsx", "csv", "txt")]
    )


class CheckForm(PortalForm):
    """A check page: nothing but the token."""

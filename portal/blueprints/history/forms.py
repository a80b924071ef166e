"""The form with which a file of past declarations is sent."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from portal.levels.words import N_
from portal.web.forms import Clean, Fits, PortalForm, required
from portal.web.sent_files import DECLARATIONS, MAPPING


class UploadForm(PortalForm):
    """The file, how it is read, and what becomes of rows at fault."""

    file = FileField(lazy_gettext("File of declarations"), [required(N_("Choose a file")), DECLARATIONS])
    mapping = FileField(lazy_gettext("Mapping file"), [MAPPING])
    outcome = StringField(
        lazy_gettext("Column with the result of inspection"), [Optional(), Fits(200), Clean()]
    )
    whole = BooleanField(lazy_gettext("All rows belong to this authority, whatever code stands in them"))
    skip_faulty = BooleanField(lazy_gettext("Keep the good rows although others are at fault"))

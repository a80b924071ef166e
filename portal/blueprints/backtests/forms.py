"""The days over which a back-test runs."""

from flask_babel import gettext, lazy_gettext
from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from portal.web.forms import PortalForm


class Days(PortalForm):
    """From and to, both included; left empty, the whole history."""

    start = DateField(lazy_gettext("First day"), [Optional()])
    end = DateField(lazy_gettext("Last day"), [Optional()])

    def validate_end(self, field: DateField) -> None:
        if self.start.data and field.data and self.start.data > field.data:
            raise ValidationError(gettext("The last day lies before the first."))

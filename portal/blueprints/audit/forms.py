"""The filters of the audit trail, read from the address."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import Form, StringField
from wtforms.validators import ValidationError

from portal.store.audit_pages import Filters
from portal.store.authorities import Seen
from portal.web import arguments
from portal.web.documents.content import language
from portal.web.fields import Day, One, choices
from portal.web.forms import Clean, Fits


class AuditFilters(Form):  # type: ignore[misc]
    """Day, officer, action, object, and the authority whose trail is read."""

    authority = One(lazy_gettext("Trail of"), needed=False)
    day = Day(lazy_gettext("Day"))
    officer = StringField(lazy_gettext("Officer"), [Fits(100), Clean()])
    action = StringField(lazy_gettext("Action"), [Fits(60), Clean()])
    table = One(lazy_gettext("Object"), needed=False)
    row = StringField(lazy_gettext("Number of the object"), [Fits(9)])

    def validate_row(self, field: StringField) -> None:
        text = (field.data or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValidationError(gettext("Enter a whole number"))

    def asked(self) -> Filters:
        """What was typed, without what is wrong in it."""
        good = {name: field.data for name, field in self._fields.items() if not field.errors and field.data}
        row = good.get("row", "").strip()
        return Filters(
            day=good.get("day"),
            officer=good.get("officer", "").strip(),
            action=good.get("action", "").strip(),
            table=good.get("table", ""),
            row=int(row) if row else None,
        )


def filters(places: list[Seen], tables: list[str]) -> AuditFilters:
    """The filters, filled from the address and checked."""
    form = AuditFilters(arguments.every())
    form.authority.choices = choices(
        [(seen.code, f"{seen.name(language())}, {seen.code}") for seen in places]
    )
    form.table.choices = choices([(name, name.replace("_", " ")) for name in tables], gettext("All"))
    form.validate()
    return form

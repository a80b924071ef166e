"""The filters of the audit trail, read from the address."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from wtforms import Form, StringField
from wtforms.validators import ValidationError

from portal.store.audit_pages import Filters
from portal.store.authorities import Seen
from portal.web import arguments
from portal.web.documents.content import language
from portal.web.fields import Day, One, choices
from portal.web.forms import Clean, Fits
from portal.web.trail import acts, tables


class AuditFilters(Form):  # type: ignore[misc]
    """Day, officer, action, object, and the authority whose trail is read."""

    authority = One(lazy_gettext("Trail of"), needed=False)
    day = Day(lazy_gettext("Day"))
    officer = StringField(lazy_gettext("Officer"), [Fits(100), Clean()])
    action = One(lazy_gettext("Act"), needed=False)
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
            action=good.get("action", ""),
            table=good.get("table", ""),
            row=int(row) if row else None,
        )


def _by_label(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1])


def filters(places: list[Seen], acted: list[str], touched: list[str]) -> AuditFilters:
    """The filters, filled from the address and checked.

    Args:
        acted, touched: the acts and tables that the chain names.
    """
    form = AuditFilters(arguments.every())
    form.authority.choices = choices(
        [(seen.code, f"{seen.name(language())}, {seen.code}") for seen in places]
    )
    form.action.choices = choices(_by_label((name, acts.label(name)) for name in acted), gettext("All"))
    form.table.choices = choices(_by_label((name, tables.of_table(name)) for name in touched), gettext("All"))
    form.validate()
    return form

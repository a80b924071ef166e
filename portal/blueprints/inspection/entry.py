"""The form in which one declaration is entered, and the form that takes a file of them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField
from wtforms import Field, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import StopValidation

from portal.screening.faults import Fault
from portal.screening.presented import MOST_ITEMS, Presented, Values, from_rows
from portal.screening.values import ItemValue, item_value
from portal.screening.vocabulary import FIELDS, Kind
from portal.web.fields import One, choices
from portal.web.forms import Clean, Fits, PortalForm
from portal.web.hits import WORDS, field_name
from portal.web.sent_files import DECLARATIONS, MAPPING

#: Entered on every declaration; the rest of the header waits in a fold.
FIRST = ("declaration_id", "stage", "date", "direction", "procedure", "declarant_id", "importer_id")
THEN = (
    "exporter_id",
    "carrier_id",
    "transport_mode",
    "vehicle_id",
    "departure_country",
    "destination_country",
    "currency",
)
ITEM = (
    "hs_code",
    "goods_description",
    "origin_country",
    "net_mass_kg",
    "gross_mass_kg",
    "item_price",
    "customs_value",
    "payments",
    "tax_rate",
    "preference",
)


class ValueField(StringField):  # type: ignore[misc]
    """One value of a declaration, typed as it stands in a file."""

    def __init__(self, of: str, **options: Any) -> None:
        super().__init__(_label(of), **options)
        self.of = FIELDS[of]

    def pre_validate(self, form: Form) -> None:
        Clean()(form, self)
        Fits(1000)(form, self)
        read = item_value(self.of, self.data)
        if isinstance(read, Fault):
            raise StopValidation(f"{field_name(self.of.name)}: {gettext(read.message, **read.params)}")
        if read is None and self.of.name == "declaration_id":
            raise StopValidation(gettext("Enter the number of the declaration"))

    @property
    def value(self) -> ItemValue:
        read = item_value(self.of, self.data)
        assert not isinstance(read, Fault)  # the form was validated
        return read


def _label(name: str) -> Any:
    """The label of a field in the language of each request."""
    return LazyString(field_name, name)


def _control(name: str) -> Field:
    if name == "stage":
        return One(_label(name), default="registration")
    if name == "direction":
        return One(_label(name), needed=False)
    day = {"type": "date"} if FIELDS[name].kind is Kind.DATE else {"autocomplete": "off"}
    return ValueField(name, render_kw=day)


ItemForm = type("ItemForm", (Form,), {name: _control(name) for name in ITEM})


class _Entry(PortalForm):
    items = FieldList(FormField(ItemForm), min_entries=1, max_entries=MOST_ITEMS)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.stage.choices = choices((code, gettext(label)) for code, label in WORDS["stage"].items())
        directions = ((code, gettext(label)) for code, label in WORDS["direction"].items())
        self.direction.choices = choices(directions, gettext("Not given"))

    def presented(self) -> Presented:
        """The declaration, once the form is valid; rows without any value are left out."""
        header = {name: _value(self[name]) for name in (*FIRST, *THEN)}
        items: list[Values] = [{name: _value(row[name]) for name in ITEM} for row in self.items]
        filled = [item for item in items if any(value is not None for value in item.values())]
        (found,) = from_rows({**header, **item} for item in filled or [{}])
        return found


def _value(field: Field) -> ItemValue:
    return field.value if isinstance(field, ValueField) else field.data


EntryForm = type("EntryForm", (_Entry,), {name: _control(name) for name in (*FIRST, *THEN)})


class FileForm(PortalForm):
    """A file of declarations, or rows pasted from a spreadsheet, with the mapping of their columns."""

    file = FileField(lazy_gettext("File (CSV or Parquet)"), [DECLARATIONS])
    rows = TextAreaField(lazy_gettext("Or paste rows, the first with the names of the columns"), [Clean()])
    mapping = FileField(lazy_gettext("Mapping (TOML)"), [MAPPING])

    def validate_file(self, field: FileField) -> None:
        if not field.data and not (self.rows.data or "").strip():
            raise StopValidation(gettext("Choose a file, or paste rows"))

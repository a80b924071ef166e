"""Reads the texts of thresholds, codes and declaration values into exact Python values."""

import re
from datetime import date
from decimal import Context, Decimal

from portal.levels.words import N_
from portal.screening.faults import Fault
from portal.screening.tree import Number
from portal.screening.vocabulary import Field, Kind

ItemValue = str | int | Decimal | date | None

EXACT = Context(prec=200)
"""Arithmetic that loses no digit of the numbers that fields can hold; the usual context rounds at 28 digits."""

THRESHOLD_WHOLE_DIGITS = 14
THRESHOLD_DECIMALS = 6
LONGEST_TEXT = 1_000
BLANKS = " \t\r\n"

_THRESHOLD = re.compile(rf"-?[0-9]{{1,{THRESHOLD_WHOLE_DIGITS}}}(\.[0-9]{{1,{THRESHOLD_DECIMALS}}})?")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

NOT_A_DECIMAL = N_("needs a decimal number of at most 14 digits before the point and 6 after it")
NOT_A_WHOLE_NUMBER = N_("needs a whole number of at most 9 digits")
NOT_A_DATE = N_("needs a date written as YYYY-MM-DD")
NOT_A_TEXT = N_("needs a text")
BINARY_FLOAT = N_("is a binary float; write the number as a text")
EMPTY_TEXT = N_("is empty")
LONG_TEXT = N_("is longer than %(limit)d characters")
UNSTORABLE = N_("holds a character that cannot be stored")
NOT_A_CHOICE = N_("is none of %(choices)s")

ROW_MESSAGES = {
    Kind.DECIMAL: N_("is not a decimal number that this field can hold exactly"),
    Kind.INTEGER: N_("is not a whole number from 1 to 999"),
    Kind.DATE: N_("is not a date written as YYYY-MM-DD"),
    Kind.TEXT: N_("is not a code of this field"),
}


def plain(number: Decimal) -> Decimal:
    """Return the same number without trailing zeros or exponent, so that equal numbers are written alike."""
    if number == 0:
        return Decimal(0)
    digits = number.normalize()
    return digits.quantize(Decimal(1)) if digits.as_tuple().exponent > 0 else digits  # type: ignore[operator]


def read_date(text: str) -> date | None:
    """Return the calendar day that `text` writes as YYYY-MM-DD, or None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def threshold(field: Field, raw: object, place: str) -> Number | Fault:
    """Read a number or date of a condition; JSON numbers arrive as `int` or `Decimal`, others as texts."""
    if isinstance(raw, float):
        return Fault(place, BINARY_FLOAT)
    if field.kind is Kind.DATE:
        day = read_date(raw) if isinstance(raw, str) else None
        return day or Fault(place, NOT_A_DATE)
    text = _digits(raw)
    if field.kind is Kind.INTEGER:
        return int(text) if _INTEGER.fullmatch(text) else Fault(place, NOT_A_WHOLE_NUMBER)
    return plain(Decimal(text)) if _THRESHOLD.fullmatch(text) else Fault(place, NOT_A_DECIMAL)


def _digits(raw: object) -> str:
    """Write a JSON number or text in plain digits; what is neither, or is huge, gives an empty text."""
    if isinstance(raw, bool):
        return ""
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**THRESHOLD_WHOLE_DIGITS else ""
    if isinstance(raw, Decimal):
        reasonable = raw.is_finite() and abs(raw.adjusted()) < 40 and len(raw.as_tuple().digits) < 40
        return f"{plain(raw):f}" if reasonable else ""
    return raw if isinstance(raw, str) else ""


def storable(raw: object, place: str) -> Fault | None:
    """Say what is wrong with a text of a condition, or None."""
    if not isinstance(raw, str):
        return Fault(place, NOT_A_TEXT)
    if not raw:
        return Fault(place, EMPTY_TEXT)
    if len(raw) > LONGEST_TEXT:
        return Fault(place, LONG_TEXT, {"limit": LONGEST_TEXT})
    return Fault(place, UNSTORABLE) if _UNSTORABLE.search(raw) else None


def code(field: Field, raw: object, place: str) -> str | Fault:
    """Read a text of a condition; a field with a closed set of codes takes no other."""
    fault = storable(raw, place)
    if fault or not isinstance(raw, str):
        return fault or Fault(place, NOT_A_TEXT)
    if field.choices and raw not in field.choices:
        return Fault(place, NOT_A_CHOICE, {"choices": ", ".join(field.choices)})
    return raw


def item_value(field: Field, raw: str | None) -> ItemValue | Fault:
    """Read one value of a declaration as the import of files does: blanks around it go, empty is missing."""
    text = (raw or "").strip(BLANKS)
    if not text:
        return None
    if _UNSTORABLE.search(text):
        return Fault(field.name, UNSTORABLE)
    if field.pattern and not re.fullmatch(field.pattern, text):
        return Fault(field.name, ROW_MESSAGES[field.kind])
    if field.kind is Kind.DATE:
        return read_date(text) or Fault(field.name, ROW_MESSAGES[Kind.DATE])
    if field.kind is Kind.DECIMAL:
        return Decimal(text)
    return int(text) if field.kind is Kind.INTEGER else text

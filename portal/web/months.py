"""Writes a month of a chart in the reader's language."""

from datetime import date

from babel.dates import format_date
from flask_babel import get_locale, gettext


def month_name(key: str) -> str:
    """``Jan 2025`` for ``2025-01``; an empty key stands for declarations without a date."""
    if not key:
        return str(gettext("no date"))
    year, month = key.split("-")
    return format_date(date(int(year), int(month), 1), "LLL y", locale=get_locale())

"""The filters with which templates write dates, numbers and sums in the reader's language and zone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import get_locale, get_timezone, gettext
from jinja2 import pass_context
from jinja2.runtime import Context

from portal.web.charts import axis, share, stacks
from portal.web.macros import Macros

NOTHING = "–"
THIN = "\N{NO-BREAK SPACE}"
MASS_PLACES = 3
MONEY_PLACES = 2
KILO = 1000

Number = int | float | Decimal
Fault = tuple[str, str]


def day(value: date | None) -> str:
    """``12 Nov 2026, Thu``; a datetime is first brought to the officer's zone."""
    if value is None:
        return NOTHING
    local = value.astimezone(_own_zone()) if isinstance(value, datetime) else value
    return format_date(local, "d MMM y, EEE", locale=get_locale())


def moment(value: datetime | None, zone: str | None = None) -> str:
    """``12 Nov 2026, Thu 18:00``, with the city when ``zone`` shows another clock than the officer's."""
    return NOTHING if value is None else _in_zone(value, zone, "d MMM y, EEE HH:mm")


def hour(value: datetime | None, zone: str | None = None) -> str:
    """``Thu 18:00 Yerevan``: a near moment, without its date."""
    return NOTHING if value is None else _in_zone(value, zone, "EEE HH:mm")


def due(value: datetime | None, zone: str | None = None) -> str:
    """``Thu 12 Nov, 18:00 Yerevan``: a limit, where the year goes without saying."""
    return NOTHING if value is None else _in_zone(value, zone, "EEE d MMM, HH:mm")


def city(zone: str) -> str:
    """The city whose clock a zone is: ``Yerevan`` for ``Asia/Yerevan``."""
    return str(get_timezone_location(ZoneInfo(zone), locale=get_locale(), return_city=True))


def decimal(value: Number | None, places: int | None = None) -> str:
    """A grouped number, with all its digits or with exactly ``places`` of them after the point."""
    if value is None:
        return NOTHING
    fraction = "0" * places if places is not None else "#" * 12
    return format_decimal(value, format=f"#,##0.{fraction}" if fraction else "#,##0", locale=get_locale())


def money(value: Number | None, currency: str) -> str:
    """A sum with two places and the code of its currency."""
    return NOTHING if value is None else f"{decimal(value, MONEY_PLACES)}{THIN}{currency}"


def mass(value: Number | None) -> str:
    """Kilograms to the gram."""
    unit = gettext("kg")
    return NOTHING if value is None else f"{decimal(value, MASS_PLACES)}{THIN}{unit}"


def percent(value: Number | None, places: int = 1) -> str:
    """A share between 0 and 1 as per cent."""
    return NOTHING if value is None else f"{decimal(value * 100, places)}{THIN}%"


def filesize(value: int | None) -> str:
    """Bytes in the largest fitting decimal unit."""
    if value is None:
        return NOTHING
    units = (gettext("B"), gettext("kB"), gettext("MB"), gettext("GB"))
    size, step = float(value), 0
    while size >= KILO and step < len(units) - 1:
        size, step = size / KILO, step + 1
    return f"{decimal(size, 1 if step else 0)}{THIN}{units[step]}"


def groups(navigation: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Entries of the navigation under their group, in the order in which the groups first appear."""
    found: dict[str, list[Any]] = {}
    for entry in navigation:
        found.setdefault(str(entry.group), []).append(entry)
    return list(found.items())


def faults(errors: object, prefix: str = "") -> list[Fault]:
    """The errors of a form, however nested, as (id of the field, message) in the order of the form."""
    return list(_walk(errors, prefix))


def _walk(errors: object, place: str) -> Iterator[Fault]:
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _walk(inner, "-".join(filter(None, (place, name))))
    elif isinstance(errors, list | tuple):
        for index, inner in enumerate(errors):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _walk(inner, f"{place}-{index}" if nested else place)
    else:
        yield place, str(errors)


def _own_zone() -> tzinfo:
    zone: tzinfo = get_timezone()
    return zone


def _in_zone(value: datetime, zone: str | None, pattern: str) -> str:
    """A moment by the clock of `zone`, else by the officer's; it says by which, where he has another beside it."""
    own = _own_zone()
    theirs = ZoneInfo(zone) if zone else own
    other = own if zone else _house_zone()
    text = format_datetime(value, pattern, tzinfo=theirs, locale=get_locale())
    if other is None or value.astimezone(theirs).utcoffset() == value.astimezone(other).utcoffset():
        return text
    return f"{text} {city(str(theirs))}"


def _house_zone() -> tzinfo | None:
    """The zone of the acting authority, which an officer with a zone of his own has beside it; None before he acts."""
    acting = g.get("acting")
    return ZoneInfo(acting.place.zone) if acting else None


WORDS: tuple[Callable[..., object], ...] = (
    day,
    moment,
    hour,
    due,
    city,
    decimal,
    money,
    mass,
    percent,
    filesize,
)
SHAPES: tuple[Callable[..., object], ...] = (groups, faults, axis, share, stacks)


def _at_display(function: Callable[..., object]) -> Callable[..., object]:
    """Keep Jinja from computing ``{{ 5|decimal }}`` once, when the template is compiled, in one language for all."""

    @pass_context
    @wraps(function)
    def written(_context: Context, *values: object, **options: object) -> object:
        return function(*values, **options)

    return written


def install(app: Flask) -> None:
    """Give every template these filters, the geometry of charts, and the macros as ``ui``."""
    app.jinja_env.filters.update({function.__name__: _at_display(function) for function in WORDS})
    app.jinja_env.filters.update({function.__name__: function for function in SHAPES})
    app.jinja_env.globals["ui"] = Macros(app.jinja_env)

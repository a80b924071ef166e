"""The form of preferences."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField

from portal.levels.words import N_
from portal.web.fields import choices
from portal.web.filters import city
from portal.web.forms import PortalForm
from portal.workflow.clock import now

#: The zones of the five states from west to east, and the one of clocks that are compared.
ZONES = (
    "UTC", "Europe/Kaliningrad", "Europe/Minsk", "Europe/Moscow", "Europe/Samara", "Asia/Yerevan", "Asia/Almaty",
    "Asia/Yekaterinburg", "Asia/Bishkek", "Asia/Omsk", "Asia/Krasnoyarsk", "Asia/Novosibirsk", "Asia/Irkutsk",
    "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
)  # fmt: skip
THEMES = (
    ("system", N_("As this device is set")),
    ("light", N_("Light")),
    ("dark", N_("Dark")),
    ("contrast", N_("High contrast")),
)
DENSITIES = (("normal", N_("Comfortable")), ("compact", N_("Compact")))


class PreferencesForm(PortalForm):
    """Language, zone, theme, density, keys."""

    locale = SelectField(lazy_gettext("Language"))
    zone = SelectField(lazy_gettext("Time zone"))
    theme = RadioField(lazy_gettext("Theme"))
    density = RadioField(lazy_gettext("Rows of tables"))
    shortcuts = BooleanField(lazy_gettext("Keyboard shortcuts"), id="shortcuts_wish")

    def __init__(self, names: dict[str, str], kept_zone: str, **options: Any) -> None:
        super().__init__(**options)
        others = {kept_zone} - {"", *ZONES}
        self.locale.choices = choices(names.items())
        self.zone.choices = choices(
            ((name, _zone_name(name)) for name in (*ZONES, *others)),
            gettext("That of the authority for which I act"),
        )
        self.theme.choices = choices((value, gettext(label)) for value, label in THEMES)
        self.density.choices = choices((value, gettext(label)) for value, label in DENSITIES)


def _zone_name(zone: str) -> str:
    """``Yerevan (UTC+04:00)``, by the clocks of today."""
    shift = now().astimezone(ZoneInfo(zone)).strftime("%z")
    return zone if zone == "UTC" else f"{city(zone)} (UTC{shift[:3]}:{shift[3:]})"

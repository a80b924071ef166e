"""The day by which the cast works: that of Moscow, which begins three hours before UTC's."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from portal.workflow import clock


def today() -> date:
    """The day at the authorities of Russia."""
    return clock.now().astimezone(ZoneInfo("Europe/Moscow")).date()

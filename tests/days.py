"""The day by which the cast works: in Moscow it begins three hours before UTC's, and a number is dated by it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from portal.workflow import clock


def today() -> date:
    """The day at the authorities of Russia."""
    return clock.now().astimezone(ZoneInfo("Europe/Moscow")).date()

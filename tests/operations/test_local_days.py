"""Posts begin and end by the day at their authority, which in Moscow changes three hours before that of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask

from portal.levels.roles import Post as PostName
from portal.models import Post, Unit
from portal.operations import administration, administration_units
from portal.store.session import session
from tests.administrators import HOUSE, at, one, place
from tests.office import Office

LAST_DAY = date(2026, 12, 10)
#: In UTC the last day still goes on; in Moscow it is over.
NIGHT = datetime(2026, 12, 10, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(("until", "hindered"), [(LAST_DAY, False), (date(2026, 12, 11), True)])
def test_a_unit_is_free_when_the_day_of_its_last_post_is_over(
    app: Flask, until: date, hindered: bool
) -> None:
    with at(Office(app), HOUSE) as acts:
        unit = administration_units.found(place(HOUSE), acts, "Transit", "Транзит", [8])
        administration.appoint(
            one("10130000.head"), place(HOUSE), PostName.OFFICER, date(2026, 1, 1), unit=unit, until=until
        )
        session().flush()
        assert session().query(Post).filter_by(unit_id=unit.id).count() == 1
        with time_machine.travel(NIGHT, tick=False):
            assert administration.today_at(place(HOUSE)) == date(2026, 12, 11)
            found = administration_units.hindrances(session().get_one(Unit, unit.id))
        assert (administration_units.HELD in found) is hindered

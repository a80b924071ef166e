"""Posts begin and end with the day of the authority at which they are held."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.levels.roles import Post as PostName
from portal.models import Authority, Officer, Post
from portal.store import officers
from portal.store.session import acting
from tests.cast import HOUSE

LOGIN = "10130000.officer.goods"
DAY = date(2026, 3, 10)
KAMCHATKA, HAWAII = "Asia/Kamchatka", "Pacific/Honolulu"  # twelve hours before UTC, ten hours after it


def posts_at(app: Flask, zone: str, moment: datetime) -> set[PostName]:
    """The posts of the officer who acts for the head on one day alone, at an authority of this zone."""
    with app.app_context():
        with acting(HOUSE, "test") as mine:
            house = mine.scalars(select(Authority).where(Authority.authority_path == HOUSE)).one()
            house.zone = zone
            officer = mine.scalars(select(Officer).where(Officer.login == LOGIN)).one()
            mine.add(
                Post(
                    authority_path=HOUSE, officer_id=officer.id, authority_id=house.id, post=PostName.HEAD,
                    acting_for="The head", since=DAY, until=DAY,
                )
            )  # fmt: skip
            number = officer.id
        found = officers.signed_in(number, moment)
        assert found is not None
        return {held.post for place in found.places for held in place.posts}


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        (KAMCHATKA, datetime(2026, 3, 9, 12, tzinfo=UTC)),
        ("Europe/Moscow", datetime(2026, 3, 9, 21, tzinfo=UTC)),
        (HAWAII, datetime(2026, 3, 10, 10, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize(
    ("after", "held"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(), True),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(hours=24), False),
    ],
)
def test_a_post_is_held_on_the_day_of_its_authority(
    app: Flask, zone: str, begins: datetime, after: timedelta, held: bool
) -> None:
    assert (PostName.HEAD in posts_at(app, zone, begins + after)) is held

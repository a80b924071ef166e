"""A unit endorses once, whoever acts for its head."""

from __future__ import annotations

import pytest

from portal.levels.roles import Post
from portal.workflow.engine import UNIT_ENDORSED, Hindered, awaits, decide
from portal.workflow.move import Facts, Given
from portal.workflow.seats import Actor, HeldPost, Places
from portal.workflow.statuses import D

HOUSE = "eeu.ru.1."
PLACES = Places(HOUSE, "eeu.ru.", "", {"own": frozenset({1}), "touched": frozenset({2, 3})}, {"author": 10})
#: Of two touched units, 2 has endorsed by its head, officer 20.
HALF_WAY = Facts(
    "draft",
    D.ENDORSING,
    PLACES,
    authors=frozenset({10}),
    unendorsed=frozenset({3}),
    given=frozenset({Given(20, "touched_unit_head", "text")}),
)


def head(officer: int, unit: int, acting_for: str = "") -> Actor:
    return Actor(officer, (HeldPost(Post.UNIT_HEAD, HOUSE, unit, acting_for=acting_for),))


def test_whoever_acts_for_a_head_does_not_endorse_a_second_time_in_place_of_another_unit() -> None:
    deputy = head(21, 2, acting_for="B. Kiselev")
    with pytest.raises(Hindered) as refused:
        decide(HALF_WAY, deputy, "endorse", {})
    assert refused.value.reasons == (UNIT_ENDORSED,)
    assert not awaits(HALF_WAY, deputy)


def test_the_unit_that_has_not_endorsed_still_may() -> None:
    assert decide(HALF_WAY, head(30, 3), "endorse", {}).status is D.HEAD_SIGNING

"""Screening at a point: hits, measures, channels, one window, and draws that can be repeated."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.models import Check, Declaration, Hit, Publication, ValueList
from portal.operations import screening
from portal.operations.screening import NotPresentedHere, Result
from portal.screening.presented import Presented, from_rows
from portal.store.selection_key import selection_key
from portal.store.session import acting, session
from tests.cast import CENTRE
from tests.directory import measure, profile_text, put_in_force, starts

POINT = "eeu.ru.10100000.10130000.10130010."
OTHER_POINT = "eeu.ru.10100000.10130000.10130020."
HOUSE = "eeu.ru.10100000.10130000."
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
N1, N2 = "11/10000/01012026/00001", "11/10000/01012026/00002"


@pytest.fixture
def desk(app: Flask) -> Flask:
    app.config["CONTROL_GROUP_SHARE"] = 0
    return app


def declared(declaration_id: str = "D-1", *codes: str, **header: Any) -> Presented:
    rows = [{"declaration_id": declaration_id, "hs_code": code, **header} for code in codes or ("640110",)]
    return from_rows(rows)[0]


def screen(app: Flask, *given: Presented, path: str = POINT, at: datetime = AT) -> Result:
    with app.app_context(), acting(path, "test"):
        return screening.screen(given, path, at)


def counted(app: Flask, what: Any) -> int:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        return session().scalar(select(func.count(what.id))) or 0


def row(app: Flask, declaration_id: str = "D-1") -> dict[str, Any]:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        found = (
            session().scalars(select(Declaration).where(Declaration.declaration_id == declaration_id)).one()
        )
        return {
            "header": found.header,
            "items": found.items,
            "stage": found.stage,
            "channel": found.channel,
            "reason": found.reason,
            "released_at": found.released_at,
            "control": found.control_group,
            "hits": [(hit.profile_number, hit.items, hit.indicators) for hit in found.hits],
            "checks": [(check.measure, check.drawn, check.draw) for check in found.checks],
        }


def test_two_profiles_on_a_declaration_of_three_items(desk: Flask) -> None:
    cheap = {"field": "value_per_kg", "op": "<=", "value": "0.6"}
    put_in_force(desk, N1, profile_text({"all": [starts("64", "61"), cheap]}, measures=[measure("109")]))
    put_in_force(desk, N2, profile_text(starts("8703"), measures=[measure("101")]))
    rows = [
        {
            "declaration_id": "D-1",
            "hs_code": "870323",
            "item_price": Decimal(9000),
            "net_mass_kg": Decimal(1000),
        },
        {
            "declaration_id": "D-1",
            "hs_code": "640110",
            "item_price": Decimal(3000),
            "net_mass_kg": Decimal(5000),
        },
        {
            "declaration_id": "D-1",
            "hs_code": "640110",
            "item_price": Decimal(3001),
            "net_mass_kg": Decimal(5000),
        },
    ]
    result = screen(desk, *from_rows(rows))
    (found,) = result.screened
    assert (found.outcome, found.channel, found.hits, found.measures) == (
        "new",
        "red",
        (N1, N2),
        ("109", "101"),
    )
    assert found.reason % found.params == f"measure 109 of profile {N1}"
    kept = row(desk)
    assert kept["hits"] == [
        (
            N1,
            [2],
            [{"item": 2, "group": 0, "fired": ["groups[0].condition.all[0]", "groups[0].condition.all[1]"]}],
        ),
        (N2, [1], [{"item": 1, "group": 0, "fired": ["groups[0].condition"]}]),
    ]
    assert kept["released_at"] is None
    assert result.by_channel() == {"red": 1, "yellow": 0, "blue": 0, "green": 0}


def test_missing_values_hit_only_what_asks_for_them(desk: Flask) -> None:
    cheap = {"field": "value_per_kg", "op": "<", "value": "5"}
    put_in_force(desk, N1, profile_text({"all": [starts("64"), cheap]}))
    put_in_force(desk, N2, profile_text({"field": "net_mass_kg", "op": "missing"}, measures=[measure("101")]))
    rows = [
        {"declaration_id": "no mass", "hs_code": "640110", "item_price": Decimal(1), "net_mass_kg": None},
        {
            "declaration_id": "no weight",
            "hs_code": "640110",
            "item_price": Decimal(1),
            "net_mass_kg": Decimal(0),
        },
        {
            "declaration_id": "all given",
            "hs_code": "640110",
            "item_price": Decimal(1),
            "net_mass_kg": Decimal(1),
        },
    ]
    found = {
        each.declaration_id: (each.channel, each.hits) for each in screen(desk, *from_rows(rows)).screened
    }
    assert found == {
        "no mass": ("yellow", (N2,)),
        "no weight": ("green", ()),
        "all given": ("red", (N1,)),
    }


@pytest.mark.parametrize(
    ("applies_to", "path", "hit"),
    [
        (("eeu.ru.",), POINT, True),
        (("eeu.ru.10100000.",), POINT, True),
        ((POINT,), POINT, True),
        ((OTHER_POINT,), POINT, False),
        (("eeu.ru.10110000.",), POINT, False),
        (("eeu.ru.10110000.", "eeu.ru.10100000."), POINT, True),
        ((POINT,), HOUSE, False),
        (("eeu.ru.",), "eeu.am.05100000.05100010.", False),
    ],
)
def test_a_profile_hits_where_it_applies(
    desk: Flask, applies_to: tuple[str, ...], path: str, hit: bool
) -> None:
    put_in_force(desk, N1, profile_text(starts("64")), applies_to=applies_to)
    assert bool(screen(desk, declared(), path=path).screened[0].hits) is hit


def test_a_profile_that_names_house_and_point_hits_once(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64")), applies_to=(HOUSE, POINT))
    assert screen(desk, declared()).screened[0].hits == (N1,)


@pytest.mark.parametrize(
    ("change", "hit"),
    [
        ({}, True),
        ({"state": "suspended"}, False),
        ({"state": "ended", "ended_at": AT}, False),
        ({"valid_to": date(2026, 5, 31)}, False),
        ({"valid_to": date(2026, 6, 1)}, True),
        ({"valid_from": date(2026, 6, 2)}, False),
    ],
)
def test_only_profiles_in_force_on_that_day_hit(desk: Flask, change: dict[str, Any], hit: bool) -> None:
    entry = put_in_force(desk, N1, profile_text(starts("64")))
    with desk.app_context(), acting(CENTRE, "test"):
        for name, value in change.items():
            setattr(session().get_one(Publication, entry), name, value)
    assert bool(screen(desk, declared()).screened[0].hits) is hit


def test_the_day_is_that_of_the_point(desk: Flask) -> None:
    entry = put_in_force(desk, N1, profile_text(starts("64")))
    with desk.app_context(), acting(CENTRE, "test"):
        session().get_one(Publication, entry).valid_to = date(2026, 5, 31)
    late = datetime(2026, 5, 31, 20, 59, tzinfo=UTC)  # 23:59 in Moscow
    assert screen(desk, declared("D-1"), at=late).screened[0].hits == (N1,)
    assert screen(desk, declared("D-2"), at=late + timedelta(minutes=1)).screened[0].hits == ()


def test_green_is_released_without_an_officer_but_not_before_registration(desk: Flask) -> None:
    registered, early = screen(desk, declared("D-1"), declared("D-2", stage="preliminary")).screened
    assert (registered.channel, registered.released) == ("green", True)
    assert (early.channel, early.released) == ("green", False)
    assert row(desk)["released_at"] == AT
    assert row(desk, "D-2")["released_at"] is None


def test_blue_waits_for_the_officer_and_orders_an_audit(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64"), measures=[measure("701")]))
    (found,) = screen(desk, declared()).screened
    assert (found.channel, found.measures, found.released) == ("blue", ("701",), False)


def test_an_orientation_hits_and_orders_nothing(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64"), kind="orientation", measures=[]))
    (found,) = screen(desk, declared()).screened
    assert (found.channel, found.hits, found.measures) == ("green", (N1,), ())


def test_the_same_again_changes_nothing(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    screen(desk, declared(), declared("D-2", "100000"))
    again = screen(desk, declared(), declared("D-2", "100000"), at=AT + timedelta(hours=1))
    assert [each.outcome for each in again.screened] == ["unchanged", "unchanged"]
    assert [each.channel for each in again.screened] == ["red", "green"]
    assert (counted(desk, Declaration), counted(desk, Hit), counted(desk, Check)) == (2, 1, 1)


def test_changed_content_is_judged_again_and_says_what_changed(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    put_in_force(desk, N2, profile_text(starts("8703"), measures=[measure("101")]))
    screen(desk, declared("D-1", "640110", importer_id="A"))
    (found,) = screen(desk, declared("D-1", "870323", importer_id="B"), at=AT + timedelta(hours=1)).screened
    assert (found.outcome, found.channel, found.hits, found.measures) == (
        "updated",
        "yellow",
        (N2,),
        ("101",),
    )
    said = [(change.item_no, change.field, change.before, change.after) for change in found.changes]
    assert said == [(None, "importer_id", "A", "B"), (1, "hs_code", "640110", "870323")]
    assert row(desk)["reason"]["changes"][0] == {
        "item_no": None,
        "field": "importer_id",
        "before": "A",
        "after": "B",
    }
    assert [(code, drawn) for code, drawn, _ in row(desk)["checks"]] == [("109", False), ("101", True)]
    (back,) = screen(desk, declared("D-1", "640110", importer_id="A"), at=AT + timedelta(hours=2)).screened
    assert (back.hits, back.measures) == ((N1,), ("109",))
    assert counted(desk, Check) == 2


def test_one_window_asks_for_nothing_twice(desk: Flask) -> None:
    put_in_force(
        desk, N1, profile_text({"all": [starts("64"), {"field": "importer_id", "op": "in", "value": ["A"]}]})
    )
    screen(desk, declared("D-1", "100000", stage="preliminary", importer_id="A", goods_description="shoes"))
    (found,) = screen(desk, declared("D-1", "640110", stage="registration")).screened
    assert (found.outcome, found.hits) == ("updated", (N1,))
    kept = row(desk)
    assert kept["header"] == {"importer_id": "A", "stage": "registration"}
    assert kept["items"] == [{"goods_description": "shoes", "hs_code": "640110", "item_no": "1"}]
    (earlier,) = screen(desk, declared("D-1", "640110", stage="preliminary")).screened
    assert (earlier.outcome, earlier.refusal) == ("refused", screening.EARLIER_STAGE)


def test_a_released_declaration_is_closed(desk: Flask) -> None:
    screen(desk, declared("D-1", "100000"))
    put_in_force(desk, N1, profile_text(starts("64")))
    result = screen(desk, declared("D-1", "640110"))
    assert (result.screened[0].outcome, result.screened[0].refusal) == ("refused", screening.RELEASED)
    assert result.by_channel() == {"red": 0, "yellow": 0, "blue": 0, "green": 0}
    assert row(desk)["items"][0]["hs_code"] == "100000"


def test_questions_hold_the_declaration_before_anything_is_drawn(desk: Flask) -> None:
    text = profile_text(starts("64"), formalisation="automated", questions=["Is it new?", "Is it whole?"])
    put_in_force(desk, N1, text)
    (found,) = screen(desk, declared()).screened
    assert (found.channel, found.questions, found.measures, found.released) == ("yellow", 2, (), False)


def test_a_profile_that_cannot_be_judged_is_named_and_stops_nothing(desk: Flask) -> None:
    listed = {"field": "importer_id", "op": "in", "value": {"list": "suspects"}}
    put_in_force(desk, N1, profile_text(listed))
    put_in_force(desk, N2, profile_text(starts("64"), measures=[measure("101")]))
    result = screen(desk, declared("D-1", importer_id="X"))
    assert (result.unusable, result.screened[0].hits) == ((N1,), (N2,))
    with desk.app_context(), acting(CENTRE, "test"):
        session().add(
            ValueList(
                authority_path=CENTRE,
                applies_to=CENTRE,
                name="suspects",
                members=["X"],
                valid_from=date(2026, 1, 1),
            )
        )
    result = screen(desk, declared("D-2", importer_id="X"))
    assert (result.unusable, result.screened[0].hits) == ((), (N1, N2))


def test_a_centre_takes_no_declarations(desk: Flask) -> None:
    with pytest.raises(NotPresentedHere):
        screen(desk, declared(), path=CENTRE)


def test_a_house_may_not_screen_at_another_house(desk: Flask) -> None:
    with desk.app_context(), acting(HOUSE, "test"), pytest.raises(NotPresentedHere):
        screening.screen([declared()], "eeu.ru.10110000.", AT)


def test_a_share_is_drawn_so_that_anyone_with_the_key_can_repeat_it(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64"), measures=[measure("109", 30)]))
    ids = [f"D-{number}" for number in range(600)]
    for start in range(0, 600, 200):
        screen(desk, *(declared(name) for name in ids[start : start + 200]))
    with desk.app_context(), acting(CENTRE, "test", writes=False):
        key = selection_key()
        asked = select(Declaration.declaration_id, Check.drawn, Check.draw).join(Check)
        found = {name: (drawn, draw) for name, drawn, draw in session().execute(asked)}
    assert len(found) == 600
    for name, (drawn, draw) in found.items():
        message = json.dumps(["measure", name, N1, 1, "109"]).encode()
        expected = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest()[:8], "big")
        assert draw["number"] == str(expected)
        assert drawn is (expected / 2**64 < 0.30)
    share = sum(drawn for drawn, _ in found.values()) / 600
    assert 0.225 < share < 0.375  # four standard deviations of a fair draw


def test_the_key_is_made_once_and_kept_from_others(desk: Flask) -> None:
    with desk.app_context():
        key = selection_key()
        assert (len(key), selection_key()) == (32, key)
        folder = desk.config["ENVIRONMENT"].data_dir / "keys"
    assert oct((folder / "selection-key").stat().st_mode)[-3:] == "600"
    assert [path.name for path in folder.iterdir() if "selection" in path.name] == ["selection-key"]


def test_a_share_of_green_is_drawn_into_the_control_group(desk: Flask) -> None:
    desk.config["CONTROL_GROUP_SHARE"] = 100
    (found,) = screen(desk, declared()).screened
    assert (found.channel, found.control, found.measures, found.released) == ("red", True, ("109",), False)
    assert found.reason == "drawn into the control group"
    ((_, _, draw),) = row(desk)["checks"]
    assert (draw["purpose"], draw["share"]) == ("control", 100)


def test_the_fields_of_a_header_that_differ_between_rows_stay_with_their_items() -> None:
    (found,) = from_rows(
        [
            {
                "declaration_id": "D-1",
                "departure_country": "CN",
                "origin_country": "CN",
                "date": date(2026, 1, 2),
            },
            {
                "declaration_id": "D-1",
                "departure_country": "TR",
                "origin_country": "CN",
                "date": date(2026, 1, 2),
            },
        ]
    )
    assert found.header == {"date": date(2026, 1, 2)}
    assert [item["departure_country"] for item in found.items] == ["CN", "TR"]


def test_software_releases_nothing_whose_goods_are_not_named(desk: Flask) -> None:
    """No profile on goods could judge it: it stays green, and an officer releases it."""
    whole, bare = from_rows([{"declaration_id": "D-1", "hs_code": "640110"}, {"declaration_id": "D-2"}])
    one, other = screen(desk, whole, bare).screened
    assert (one.released, other.released, other.channel) == (True, False, "green")
    assert "no commodity code" in row(desk, "D-2")["reason"]["words"]


@pytest.mark.parametrize(("day", "stage", "outcome"), [
    (date(2026, 6, 1), "registration", "new"),
    (date(2026, 6, 2), "registration", "refused"),
    (date(2026, 6, 2), "preliminary", "new"),
])  # fmt: skip
def test_nothing_is_registered_ahead_of_its_day(desk: Flask, day: date, stage: str, outcome: str) -> None:
    (found,) = screen(desk, declared(date=day, stage=stage)).screened
    assert found.outcome == outcome

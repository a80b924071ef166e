"""Effectiveness: what each profile hit and found, held against the control group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models import Check
from portal.operations import screening
from portal.screening.presented import from_rows
from portal.store import effectiveness
from portal.store.session import acting, session
from portal.workflow.clock import now
from portal.workflow.effectiveness import FEW_VIOLATIONS, NO_BETTER_THAN_CHANCE, NO_HITS, Record, put_up
from tests.browser import Browser
from tests.cast import CENTRE
from tests.directory import PUBLISHED, profile_text, put_in_force, starts

POINT = "eeu.ru.10100000.10130000.10130010."
OTHER_POINT = "eeu.ru.10100000.10130000.10130020."
TULA = "eeu.ru.10110000."
N1, N2 = "11/10000/01012026/00001", "11/10000/01012026/00002"
Browse = Callable[[str], Browser]


@pytest.fixture
def desk(app: Flask) -> Flask:
    app.config["CONTROL_GROUP_SHARE"] = 0
    return app


def present(app: Flask, path: str, prefix: str, code: str, count: int, **header: str) -> None:
    rows = [{"declaration_id": f"{prefix}-{n}", "hs_code": code, **header} for n in range(count)]
    with app.app_context(), acting(path, "test"):
        screening.screen(from_rows(rows), path, now())


def record(app: Flask, path: str, *results: tuple[str, str]) -> None:
    """Record (result, payments) on the first measures drawn at an authority."""
    with app.app_context(), acting(path, "test"):
        asked = select(Check).where(Check.authority_path == path, Check.drawn, Check.recorded_at.is_(None))
        for check, (code, payments) in zip(
            session().scalars(asked.order_by(Check.id)), results, strict=False
        ):
            check.result_code, check.recorded_at, check.recorded_by = code, now(), "I"
            check.not_applied_ground = "because" if code == "not_applied" else ""
            check.payments_difference = Decimal(payments) if payments else None


def lines(app: Flask, path: str) -> dict[str, effectiveness.Line]:
    with app.app_context(), acting(path, "test", writes=False):
        at = now()
        return {line.number: line for line in effectiveness.lines(at, at.date())}


def test_figures_of_a_profile(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64"), note={"estimate": 120}))
    put_in_force(desk, N2, profile_text(starts("87")))
    present(desk, POINT, "A", "640110", 4)
    present(desk, OTHER_POINT, "B", "640110", 1)
    present(desk, TULA, "C", "640110", 1)
    record(desk, POINT, ("origin", "1000.10"), ("nothing_found", ""), ("not_applied", ""))
    record(desk, TULA, ("documents", "-0.05"))
    found = lines(desk, CENTRE)
    one = found[N1]
    assert (one.hits, one.record.drawn, one.record.applied, one.record.violations) == (6, 6, 3, 2)
    assert one.payments == Decimal("1000.05")
    assert one.expected == 120
    assert one.record.hit_rate == Decimal(2) / 3
    assert one.record.applied_share == Decimal("0.5")
    assert one.record.last_hit is not None
    other = found[N2]
    assert (other.hits, other.record.applied_share, other.record.hit_rate, other.record.last_hit) == (
        0,
        None,
        None,
        None,
    )


def test_each_sees_its_own_scope(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64"), note={"estimate": 120}))
    present(desk, POINT, "A", "640110", 4)
    present(desk, TULA, "C", "640110", 1)
    assert lines(desk, "eeu.ru.10100000.")[N1].hits == 4
    assert lines(desk, OTHER_POINT)[N1].hits == 0
    tula = lines(desk, TULA)[N1]
    assert (tula.hits, tula.expected) == (1, None)  # the note is the centre's
    assert lines(desk, "eeu.am.") == {}


def test_a_hit_that_a_later_version_lost_does_not_count(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    present(desk, POINT, "A", "640110", 1)
    present(desk, POINT, "A", "100000", 1)
    assert (lines(desk, CENTRE)[N1].hits, lines(desk, CENTRE)[N1].record.drawn) == (0, 0)


def test_the_control_group_is_counted_apart(desk: Flask) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    desk.config["CONTROL_GROUP_SHARE"] = 100
    present(desk, POINT, "A", "100000", 20)
    record(desk, POINT, *[("quantity", "")] * 3, *[("nothing_found", "")] * 16)
    with desk.app_context(), acting(CENTRE, "test", writes=False):
        assert effectiveness.control_rate() == (19, None)
    record(desk, POINT, ("nothing_found", ""))
    with desk.app_context(), acting(CENTRE, "test", writes=False):
        assert effectiveness.control_rate() == (20, Decimal(3) / 20)
    assert lines(desk, CENTRE)[N1].hits == 0


@pytest.mark.parametrize(
    ("applied", "violations", "control", "idle_days", "reasons"),
    [
        (19, 0, None, 1, ()),
        (20, 0, None, 1, (FEW_VIOLATIONS,)),
        (100, 4, None, 1, (FEW_VIOLATIONS,)),
        (100, 5, None, 1, ()),
        (100, 10, Decimal("0.10"), 1, (NO_BETTER_THAN_CHANCE,)),
        (100, 11, Decimal("0.10"), 1, ()),
        (0, 0, None, 180, ()),
        (0, 0, None, 181, (NO_HITS,)),
    ],
)
def test_what_is_put_up(
    applied: int, violations: int, control: Decimal | None, idle_days: int, reasons: tuple[str, ...]
) -> None:
    record = Record(applied, applied, violations, PUBLISHED, PUBLISHED + timedelta(days=10))
    at = PUBLISHED + timedelta(days=10 + idle_days)
    assert put_up(record, control, at) == reasons


def test_the_page_and_its_file(desk: Flask, browse: Browse) -> None:
    put_in_force(
        desk, N1, profile_text(starts("64"), note={"estimate": 120, "sources": "canary-of-the-note"})
    )
    put_in_force(desk, N2, profile_text(starts("87")))
    present(desk, POINT, "A", "870323", 1)
    office = browse("10000000.officer.goods")
    page = office.get("/10000000/effectiveness")
    assert page.status == 200
    assert N1 in page.words
    assert "120" in page.words
    assert "canary-of-the-note" not in page.text
    marked = office.get("/10000000/effectiveness?marked=1")
    assert N1 in marked.words  # published on 1 January, and no hit since
    assert N2 not in marked.words
    assert "It has hit nothing for half a year" in marked.words
    file = office.get("/10000000/effectiveness.csv?marked=1").response.get_data(as_text=True)
    assert N1 in file
    assert N2 not in file
    assert browse("10130010.inspector").get("/10130010/effectiveness").status == 403

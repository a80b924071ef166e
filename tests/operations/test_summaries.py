"""The sums that a state hands up: counted by hand here, suppressed where few, and never more than sums."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.models import AuditEntry, Authority, Check, Declaration, Hit, Publication, StateSummary
from portal.operations import summaries
from portal.store.session import acting, session
from portal.store.summaries import received
from tests import servers, texts
from tests.cast import CENTRE, HOUSE
from tests.directory import measure, profile_text, put_in_force, starts
from tests.office import Office

POINT = "eeu.ru.10100000.10130000.10130010."
DAY = date(2026, 6, 30)
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def declare(
    app: Flask,
    channel: str,
    count: int,
    *,
    on: date = date(2026, 6, 1),
    minutes: int | None = None,
    codes: tuple[str, ...] = ("6403", "6109"),
) -> None:
    with app.app_context(), acting(POINT, "test"):
        for number in range(count):
            released = AT + timedelta(minutes=minutes + number) if minutes is not None else None
            session().add(
                Declaration(
                    authority_path=POINT,
                    declaration_id=f"SECRET-{channel}-{on}-{number}",
                    registered_on=on,
                    header={"trader_id": "SECRET TRADER"},
                    items=[
                        {"item_no": str(place), **({"hs_code": code} if code else {})}
                        for place, code in enumerate(codes, start=1)
                    ],
                    arrived_at=AT,
                    screened_at=AT,
                    channel=channel,
                    released_at=released,
                )
            )


def hit(app: Flask, channel: str, results: list[str], items: tuple[int, ...] = (1,)) -> None:
    """Let the profile hit the first declarations of a channel, each with one result ("" for none)."""
    with app.app_context(), acting(POINT, "test"):
        publication = session().scalars(select(Publication)).one()
        found = select(Declaration).where(Declaration.channel == channel).order_by(Declaration.id)
        for row, result in zip(session().scalars(found.limit(len(results))), results, strict=True):
            one = Hit(
                authority_path=POINT,
                publication_id=publication.id,
                profile_number=publication.number,
                profile_version=1,
                profile_title=publication.title,
                items=list(items),
                indicators=[],
            )
            row.hits.append(one)
            session().flush()
            row.checks.append(
                Check(
                    authority_path=POINT,
                    hit_id=one.id,
                    measure="109",
                    result_code=result,
                    not_applied_ground="no crane" if result == "not_applied" else "",
                    recorded_at=AT if result else None,
                )
            )


def handed_up(app: Flask, day: date = DAY) -> dict[str, Any]:
    with app.app_context():
        summaries.write(CENTRE, day)
        with acting("eeu.", "test", writes=False):
            return received()["RU"].figures


def test_others_write_while_the_sums_are_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    count, names = summaries.figures, []

    def counting(day: date) -> dict[str, Any]:
        with servers.unwalled(app) as other:
            names.append(other.execute(update(Authority).values(name_en="Renamed")).rowcount)
        return count(day)

    monkeypatch.setattr(summaries, "figures", counting)
    handed_up(app)
    assert names[0] > 1


def test_declarations_by_channel_hits_and_times(app: Flask) -> None:
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), measures=[measure()]))
    declare(app, "red", 20, minutes=100)
    declare(app, "yellow", 10, minutes=30)
    declare(app, "blue", 6)
    declare(app, "green", 40, minutes=1)
    declare(app, "green", 9, on=date(2025, 6, 30))  # a day before the year that ends on the 30th
    hit(app, "red", ["undervaluation"] * 6 + ["nothing_found"] * 9 + ["not_applied"] * 2 + [""])
    found = handed_up(app)
    assert found["period"] == {"from": "2025-07-01", "to": "2026-06-30"}
    assert found["declarations"] == {
        "total": {"value": 76, "suppressed": False},
        "by_channel": {
            "red": {"value": 20, "suppressed": False},
            "yellow": {"value": 10, "suppressed": False},
            "blue": {"value": 6, "suppressed": False},
            "green": {"value": 40, "suppressed": False},
        },
    }
    assert found["hits"] == {"value": 18, "suppressed": False}
    assert found["hit_rate"] == {
        "value": 0.4,
        "suppressed": False,
    }  # 6 of the 15 on which a measure was applied
    medians = {name: figure["value"] for name, figure in found["release_minutes"].items()}
    assert medians == {"red": 109.5, "yellow": 34.5, "blue": None, "green": 20.5}


def test_few_declarations_are_suppressed_with_what_would_tell(app: Flask) -> None:
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), measures=[measure()]))
    declare(app, "red", 3, minutes=5)
    declare(app, "yellow", 7)
    declare(app, "blue", 11)
    declare(app, "green", 30)
    hit(app, "yellow", ["undervaluation"] * 3)
    found = handed_up(app)
    by_channel = {name: figure["value"] for name, figure in found["declarations"]["by_channel"].items()}
    assert by_channel == {"red": None, "yellow": None, "blue": 11, "green": 30}
    assert found["declarations"]["total"]["value"] == 51
    assert found["hits"] == found["hit_rate"] == {"value": None, "suppressed": True}
    assert found["release_minutes"]["red"] == {"value": None, "suppressed": True}


def chapters(app: Flask) -> dict[str, int | None]:
    return {name: figure["value"] for name, figure in handed_up(app)["hits_by_chapter"].items()}


def test_each_declaration_hit_counts_in_the_chapter_of_its_first_item_hit(app: Flask) -> None:
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), measures=[measure()]))
    declare(app, "green", 50)
    declare(app, "red", 8)
    declare(app, "yellow", 7)
    declare(app, "blue", 6, codes=("", "6403"))
    hit(app, "red", [""] * 8, items=(2, 1))
    hit(app, "yellow", [""] * 7, items=(2,))
    hit(app, "blue", [""] * 6)
    assert chapters(app) == {"61": 7, "64": 8, "other": 6}, "the smallest stands with those of none"


def test_a_chapter_of_few_is_suppressed_with_another(app: Flask) -> None:
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), measures=[measure()]))
    declare(app, "green", 50)
    declare(app, "red", 8)
    declare(app, "yellow", 7)
    declare(app, "blue", 3, codes=("8703",))
    hit(app, "red", [""] * 8)
    hit(app, "yellow", [""] * 7, items=(2,))
    hit(app, "blue", [""] * 3)
    assert chapters(app) == {"64": 8, "other": 10}


def test_chapters_do_not_tell_what_the_sum_of_hits_hides(app: Flask) -> None:
    """Nine of ten are hit: the sum is suppressed, and would be read from its one part."""
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), measures=[measure()]))
    declare(app, "red", 10)
    hit(app, "red", ["nothing_found"] * 9)
    assert chapters(app) == {"other": None}


def test_all_but_a_few_hit_is_suppressed_too(app: Flask) -> None:
    """Nine of ten hit: the one that was not would be seen in the difference."""
    put_in_force(app, "11/10000/01012026/00001", profile_text(starts("64"), measures=[measure()]))
    declare(app, "red", 10)
    hit(app, "red", ["nothing_found"] * 9)
    assert handed_up(app)["hits"]["suppressed"] is True


def test_profiles_and_drafts(app: Flask) -> None:
    office = Office(app)
    office.draft()
    office.registered_draft()
    late = office.reviewed_draft()
    profile = office.prepared_profile(text=texts.complete(title="SECRET TITLE"))
    office.profile_to_force(profile)
    office.draft(path="eeu.am.05100000.", text=texts.complete(territory=("eeu.am.",)))
    with app.app_context(), acting(HOUSE, "test"):
        from portal.models import Stage

        stage = (
            session().scalars(select(Stage).where(Stage.document_id == late, Stage.left_at.is_(None))).one()
        )
        stage.due_at = datetime(2025, 1, 1, tzinfo=UTC)
    found = handed_up(app)
    assert found["profiles"] == {
        "total": 1,
        "by_scope": {"regional": 1},
        "by_level": {"central": 1},
        "by_direction": {"1": 1},
        "by_risk_type": {"classification": 1},
    }
    assert found["drafts"] == {"in_work": 3, "overdue": 1}


def test_nothing_of_a_declaration_or_a_text_is_handed_up(app: Flask) -> None:
    office = Office(app)
    office.registered_draft(text=texts.complete(title="SECRET TITLE"))
    declare(app, "green", 8)
    spelled = json.dumps(handed_up(app))
    assert "SECRET" not in spelled
    assert "10130" not in spelled
    with app.app_context(), acting("eeu.", "test", writes=False):
        assert (
            session().scalars(select(AuditEntry).where(AuditEntry.object_type == "state_summary")).all() == []
        )


def test_a_state_has_one_row_written_anew(app: Flask) -> None:
    handed_up(app, date(2026, 6, 29))
    declare(app, "green", 8)
    assert handed_up(app)["declarations"]["total"]["value"] == 8
    with app.app_context(), acting("eeu.", "test", writes=False):
        rows = session().scalars(select(StateSummary)).all()
        assert [(row.state, row.day, row.authority_path) for row in rows] == [("RU", DAY, CENTRE)]


def test_every_state_writes_its_own_and_one_failure_stops_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        assert summaries.write_all() == ["AM", "RU"]
        write = summaries.write

        def fail(path: str, day: date) -> None:
            if path == "eeu.am.":
                raise RuntimeError("no sums")
            write(path, day)

        monkeypatch.setattr(summaries, "write", fail)
        assert summaries.write_all() == ["RU"]
        with acting("eeu.am.", "test", writes=False):
            assert list(received()) == ["AM"]
        with acting(HOUSE, "test", writes=False):
            assert received() == {}


def test_the_year_before_a_leap_day() -> None:
    assert summaries._year_before(date(2024, 2, 29)) == date(2023, 3, 1)
    assert summaries._year_before(date(2025, 2, 28)) == date(2024, 2, 29)


def test_a_path_that_is_no_state_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="no state"):
        summaries.write("eeu.", DAY)


def test_the_office_may_read_its_own(app: Flask) -> None:
    handed_up(app)
    with app.app_context(), acting(CENTRE, "test", writes=False):
        assert list(received()) == ["RU"]

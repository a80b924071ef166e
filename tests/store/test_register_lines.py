"""The registers hold: their pages go on without a break, and whatever is wrong in them is named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from portal.levels.roles import Post
from portal.store import register_faults, registers
from portal.store.registers import Book, Filters
from portal.store.session import acting
from tests import texts
from tests.cast import CENTRE, HOUSE
from tests.office import Office
from tests.servers import unwalled

DRAFTS = Book(HOUSE, "draft", "Europe/Moscow")


def faults(app: Flask, path: str = HOUSE) -> list[str]:
    with app.app_context(), acting(path, "test", writes=False):
        return [str(fault) for fault in register_faults.verify(path).faults]


def spoil(app: Flask, *statements: str) -> None:
    """Change the tables as one with the database's own password could."""
    with unwalled(app) as connection:
        for table in ("register_entry", "revision"):
            for act in ("update", "delete"):
                on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def office(app: Flask) -> Office:
    office = Office(app)
    for title in ("Footwear", "Обувь из Китая", "Cheese 100%"):
        office.registered_draft(text=texts.complete(title=title))
    return office


def test_three_registered_drafts_hold(app: Flask, office: Office) -> None:
    with app.app_context(), acting(HOUSE, "test", writes=False):
        checked = register_faults.verify(HOUSE)
    assert (checked.registers, checked.lines, checked.faults) == (2, 3, ())


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["DELETE FROM register_entry WHERE serial = 2"], "serial 2: missing"),
        (["DELETE FROM register_entry WHERE serial = 3"], "serial 3: the counter stands at 3"),
        (["UPDATE register SET last_serial = 5 WHERE last_serial = 3"], "serial 4: the counter stands at 5"),
        (["UPDATE register_entry SET number = '00/1013/1' WHERE serial = 2"], "form of a number"),
        (
            [
                "UPDATE register_entry SET number = substr(number, 1, length(number) - 1) || '9' WHERE serial = 2"
            ],
            "its serial is not 2",
        ),
        (
            ["UPDATE register_entry SET number = '00/99999' || substr(number, 9) WHERE serial = 2"],
            "it does not name the authority 10130",
        ),
        (
            ["UPDATE register_entry SET number = substr(number, 1, 9) || '01012001' || substr(number, 18)"],
            "it does not bear the day of its registration",
        ),
        (["UPDATE register_entry SET text_hash = 'x' WHERE serial = 2"], "text is not kept as it was"),
        (
            ["UPDATE revision SET text = '{}' WHERE document_id IN (SELECT document_id FROM register_entry)"],
            "text is not kept as it was",
        ),
        (
            ["UPDATE document SET number = number || '7' WHERE title = 'Footwear'"],
            "document does not bear this number",
        ),
        (["UPDATE document SET number = number || '7' WHERE title = 'Footwear'"], "the register has no line"),
    ],
)
def test_what_is_wrong_is_named(app: Flask, office: Office, statements: list[str], said: str) -> None:
    spoil(app, *statements)
    found = faults(app)
    assert any(said in line for line in found), found
    assert all(line.startswith("10130000 register of drafts, ") for line in found)
    assert faults(app, CENTRE) == []


def test_a_profile_and_its_draft_stand_in_their_own_registers(app: Flask) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    assert faults(app) == []
    assert faults(app, CENTRE) == []
    with app.app_context(), acting(CENTRE, "test", writes=False):
        assert register_faults.verify(CENTRE).lines == 1


def serials(app: Flask, asked: Filters, **place: int) -> list[int]:
    with app.app_context(), acting(HOUSE, "test", writes=False):
        return [line.serial for line in registers.page(DRAFTS, asked, **place).lines]


def test_filters_leave_what_was_asked_for(app: Flask, office: Office) -> None:
    today = datetime.now(UTC).astimezone().date()
    assert serials(app, Filters()) == [3, 2, 1]
    assert serials(app, Filters(words="footwear")) == [1]
    assert serials(app, Filters(words="обувь")) == [2]
    assert serials(app, Filters(words="%")) == [3]
    assert serials(app, Filters(words="_")) == []
    assert serials(app, Filters(words="00002")) == [2]
    assert serials(app, Filters(code="00")) == [3, 2, 1]
    assert serials(app, Filters(code="11")) == []
    assert serials(app, Filters(status="registered")) == [3, 2, 1]
    assert serials(app, Filters(status="sent")) == []
    assert serials(app, Filters(until=date(2020, 1, 1))) == []
    assert serials(app, Filters(since=date(2020, 1, 1), until=date.max)) == [3, 2, 1]
    assert serials(app, Filters(since=date(today.year + 1, 1, 1))) == []


def test_a_day_is_counted_on_the_clock_of_the_authority(app: Flask, office: Office) -> None:
    """21:30 in UTC on 31 December is the first of January in Moscow."""
    spoil(app, "UPDATE register_entry SET at = '2025-12-31 21:30:00' WHERE serial = 2")
    new_year = date(2026, 1, 1)
    assert serials(app, Filters(since=new_year, until=new_year)) == [2]
    assert serials(app, Filters(until=date(2025, 12, 31))) == []


def test_pages_follow_each_other_both_ways(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PAGE", 1)
    monkeypatch.setattr(registers, "CHUNK", 2)
    with app.app_context(), acting(HOUSE, "test", writes=False):
        first = registers.page(DRAFTS, Filters())
        assert ([line.serial for line in first.lines], first.older, first.newer) == ([3], 3, None)
        second = registers.page(DRAFTS, Filters(), before=3)
        assert ([line.serial for line in second.lines], second.older, second.newer) == ([2], 2, 2)
        third = registers.page(DRAFTS, Filters(), before=2)
        assert ([line.serial for line in third.lines], third.older, third.newer) == ([1], None, 1)
        back = registers.page(DRAFTS, Filters(), after=1)
        assert ([line.serial for line in back.lines], back.older, back.newer) == ([2], 2, 2)
        assert [line.serial for line in registers.every(DRAFTS, Filters())] == [3, 2, 1]
        assert [line.serial for line in registers.sheet(DRAFTS, 2)] == [2, 3]
        assert registers.last_serial(DRAFTS) == 3


def test_a_line_carries_its_notes_and_the_present_status(app: Flask) -> None:
    office = Office(app)
    draft = office.reviewed_draft()
    office.act(CENTRE, Post.OFFICER, "goods", draft, "send_back", defects=["No origin", "No weight"])
    with app.app_context(), acting(HOUSE, "test", writes=False):
        line = registers.page(DRAFTS, Filters()).lines[0]
    assert (line.status, line.version) == ("rework_regional", 2)
    assert [(note.event, note.words) for note in line.notes] == [
        ("defect", "No origin"),
        ("defect", "No weight"),
    ]


def test_the_version_in_force_speaks_for_its_number(app: Flask) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    office.act(CENTRE, Post.OFFICER, "goods", profile, "begin_update")
    with app.app_context(), acting(CENTRE, "test", writes=False):
        line = registers.page(Book(CENTRE, "profile", "Europe/Moscow"), Filters()).lines[0]
    assert (line.status, line.version) == ("in_force", 1)
    assert faults(app, CENTRE) == []

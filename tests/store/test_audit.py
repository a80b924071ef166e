"""The audit trail: what it keeps, that both databases give it back alike, and that tampering is found."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, inspect, select, text, update

from portal.models import AuditEntry, AuditHead, Authority, Remark, Unit, ValueList
from portal.store import audit
from portal.store.session import acting, session
from tests.cast import CENTRE, HOUSE
from tests.servers import unwalled

TABLE_TRIGGERS = (
    "audit_entry_no_update",
    "audit_entry_no_delete",
    "audit_head_no_delete",
    "audit_head_forward",
)


def entries(path: str = HOUSE) -> list[dict[str, Any]]:
    with acting(path, "test", writes=False):
        rows = session().scalars(
            select(AuditEntry).where(AuditEntry.authority_path == path).order_by(AuditEntry.serial)
        )
        return [{c.key: getattr(row, c.key) for c in inspect(AuditEntry).column_attrs} for row in rows]


def breaks(path: str = HOUSE, against: audit.Checkpoint | None = None) -> list[audit.Break]:
    with acting(path, "test", writes=False):
        return list(audit.verify(session(), path, against))


def add_unit(name: str, path: str = HOUSE, directions: list[Any] | None = None) -> None:
    with acting(path, "test"):
        home = session().scalars(select(Authority).where(Authority.authority_path == path)).one()
        session().add(
            Unit(
                authority_path=path,
                authority_id=home.id,
                name_en=name,
                name_ru=name,
                directions=directions if directions is not None else [1],
            )
        )


def tamper(app: Flask, *statements: str) -> None:
    """Change the tables as one with the database's own password could."""
    with unwalled(app) as connection:
        for trigger in TABLE_TRIGGERS:
            table = "audit_head" if "head" in trigger else "audit_entry"
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{on}"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_fresh_chain_holds_and_ends_at_its_head(app: Flask) -> None:
    with app.app_context():
        for name in ("One", "Two", "Three"):
            add_unit(name)
        kept = entries()
        assert breaks() == []
        assert [row["serial"] for row in kept] == list(range(1, len(kept) + 1))
        assert kept[-1]["after"][f"unit:{kept[-1]['object_id']}"]["name_en"] == "Three"
        assert kept[-1]["previous"] == kept[-2]["hash"]


@pytest.mark.parametrize(
    ("what", "statements", "fault"),
    [
        (
            "a field",
            ["UPDATE audit_entry SET officer_name = 'nobody' WHERE {at} AND serial = 3"],
            "its content",
        ),
        ("the object", ["UPDATE audit_entry SET object_id = 999 WHERE {at} AND serial = 3"], "its content"),
        ("the content", ["UPDATE audit_entry SET after = '{{}}' WHERE {at} AND serial = 3"], "its content"),
        (
            "the hour",
            ["UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE {at} AND serial = 3"],
            "its content",
        ),
        ("a row", ["DELETE FROM audit_entry WHERE {at} AND serial = 3"], "an entry is missing"),
        (
            "the order",
            [
                "UPDATE audit_entry SET serial = -1 WHERE {at} AND serial = 3",
                "UPDATE audit_entry SET serial = 3 WHERE {at} AND serial = 4",
                "UPDATE audit_entry SET serial = 4 WHERE {at} AND serial = -1",
            ],
            "it does not follow",
        ),
    ],
)
def test_tampering_names_the_position(app: Flask, what: str, statements: list[str], fault: str) -> None:
    with app.app_context():
        for name in ("One", "Two", "Three", "Four"):
            add_unit(name)
    tamper(app, *(s.format(at=f"authority_path = '{HOUSE}'") for s in statements))
    with app.app_context():
        found = breaks()
        assert [(b.path, b.serial) for b in found] == [(HOUSE, 3)], what
        assert found[0].why.startswith(fault)
        assert breaks(CENTRE) == []


def test_a_rehashed_entry_breaks_the_next_one(app: Flask) -> None:
    """Whoever changes an entry and mends its hash is given away by the entry that follows."""
    with app.app_context():
        for name in ("One", "Two", "Three"):
            add_unit(name)
        row = next(row for row in entries() if row["serial"] == 2)
        row["officer_name"] = "nobody"
        mended = audit.digest(AuditEntry(**{k: v for k, v in row.items() if k != "id"}))
    tamper(
        app,
        f"UPDATE audit_entry SET officer_name = 'nobody', hash = '{mended}' "
        f"WHERE authority_path = '{HOUSE}' AND serial = 2",
    )
    with app.app_context():
        assert [(b.serial, b.why) for b in breaks()] == [(3, "it does not follow the entry before it")]


def test_a_truncated_end_is_found(app: Flask) -> None:
    with app.app_context():
        add_unit("One")
        add_unit("Two")
        last = len(entries())
    tamper(app, f"DELETE FROM audit_entry WHERE authority_path = '{HOUSE}' AND serial = {last}")
    with app.app_context():
        assert [(b.serial, b.why) for b in breaks()] == [(last, "the end of the chain is missing")]


def test_a_lost_head_and_a_lost_chain_are_found(app: Flask) -> None:
    with app.app_context():
        last = len(entries())
    tamper(app, f"DELETE FROM audit_head WHERE authority_path = '{HOUSE}'")
    with app.app_context():
        assert [b.serial for b in breaks()] == [last + 1]
    tamper(app, f"DELETE FROM audit_entry WHERE authority_path = '{HOUSE}'")
    with app.app_context():
        assert [b.why for b in breaks()] == ["the whole chain is missing"]


def test_an_end_cut_off_together_with_its_head_is_found_by_a_checkpoint(app: Flask) -> None:
    with app.app_context():
        add_unit("One")
        add_unit("Two")
        with acting(HOUSE, "test", writes=False):
            kept = audit.checkpoint(session(), HOUSE)
        before = next(row for row in entries() if row["serial"] == kept.serial - 1)
    at = f"authority_path = '{HOUSE}'"
    tamper(
        app,
        f"DELETE FROM audit_entry WHERE {at} AND serial = {kept.serial}",
        f"UPDATE audit_head SET serial = {before['serial']}, hash = '{before['hash']}' WHERE {at}",
    )
    with app.app_context():
        assert breaks() == []
        assert [b.serial for b in breaks(against=kept)] == [kept.serial]
        add_unit("Forged")
        assert [b.why for b in breaks(against=kept)] == ["it differs from the checkpoint"]


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE audit_entry SET action = 'x' WHERE authority_path = '{HOUSE}'",
        f"DELETE FROM audit_entry WHERE authority_path = '{HOUSE}'",
        f"DELETE FROM audit_head WHERE authority_path = '{HOUSE}'",
        f"UPDATE audit_head SET serial = serial - 1 WHERE authority_path = '{HOUSE}'",
    ],
)
def test_the_database_refuses_to_change_the_trail(app: Flask, statement: str) -> None:
    from sqlalchemy.exc import DatabaseError

    with pytest.raises(DatabaseError, match="only ever added to"), unwalled(app) as connection:
        connection.execute(text(statement))


AWKWARD: list[Any] = [
    {"2": "two", "10": "ten", "1": "one", "ключ": "Ереван, Երևան, 東京 😀"},
    {2: "two", 10: "ten", 1: "one"},
    [0.1 + 0.2, 1e22, 1e-7, -0.0, 12345678901234567890, True, None, ""],
    {"z": {"b": 1, "a": [1.0, 2]}, "a": None},
    ['\u2028 \x7f " \\ / \n \t'],
    [],
]


@pytest.mark.parametrize("value", AWKWARD)
def test_what_json_holds_comes_back_as_it_was_hashed(app: Flask, value: Any) -> None:
    with app.app_context():
        add_unit("Awkward", directions=value)
        assert breaks() == []


def test_dates_sums_and_long_texts_have_one_form() -> None:
    moment = datetime(2026, 11, 12, 9, 0, 0, 5, tzinfo=UTC)
    assert audit.plain(moment) == "2026-11-12T09:00:00.000005+00:00"
    assert audit.plain(date(2026, 1, 2)) == "2026-01-02"
    assert audit.plain(Decimal("10.50")) == "10.50"
    assert audit.plain((1, 2)) == [1, 2]
    assert (
        audit.plain("é" * 401) == "sha256:" + __import__("hashlib").sha256(("é" * 401).encode()).hexdigest()
    )
    assert audit.plain("é" * 400) == "é" * 400


def test_a_change_keeps_the_first_before_and_the_last_after(app: Flask) -> None:
    with app.app_context():
        add_unit("Old")
        with acting(HOUSE, "test"):
            unit = session().scalars(select(Unit).where(Unit.name_en == "Old")).one()
            for name in ("Between", "New"):
                unit.name_en = name
                session().flush()
            row = f"unit:{unit.id}"
        last = entries()[-1]
        assert (last["before"], last["after"]) == ({row: {"name_en": "Old"}}, {row: {"name_en": "New"}})


def test_a_value_taken_away_is_seen(app: Flask) -> None:
    with app.app_context():
        with acting(HOUSE, "test"):
            session().add(
                ValueList(
                    authority_path=HOUSE,
                    applies_to=HOUSE,
                    name="codes",
                    members=["1"],
                    valid_from=date(2026, 1, 1),
                    valid_to=date(2026, 2, 1),
                )
            )
        with acting(HOUSE, "test"):
            session().scalars(select(ValueList)).one().valid_to = None
        last = entries()[-1]
        row = f"value_list:{last['object_id']}"
        assert (last["before"][row], last["after"][row]) == ({"valid_to": "2026-02-01"}, {"valid_to": None})


def test_a_removed_row_leaves_its_content(app: Flask) -> None:
    with app.app_context():
        with acting(HOUSE, "test") as mine:
            mine.add(
                ValueList(authority_path=HOUSE, applies_to=HOUSE, name="Gone", valid_from=date(2026, 1, 1))
            )
        with acting(HOUSE, "test"):
            session().delete(session().scalars(select(ValueList).where(ValueList.name == "Gone")).one())
        last = entries()[-1]
        assert last["before"][f"value_list:{last['object_id']}"]["name"] == "Gone"
        assert last["after"] == {f"value_list:{last['object_id']}": {}}


def test_passwords_never_reach_the_trail(app: Flask) -> None:
    with app.app_context():
        found = [v for row in entries() for name, v in row["after"].items() if name.startswith("officer:")]
        assert found
        assert {values["password_hash"] for values in found} == {"(secret)"}


@pytest.mark.parametrize("change", [update(Unit).values(name_ru="x"), delete(Remark)])
def test_bulk_statements_leave_a_trace(app: Flask, change: Any) -> None:
    with app.app_context():
        count = len(entries())
        with acting(HOUSE, "sweep"):
            session().execute(change)
        last = entries()[-1]
        assert len(entries()) == count + 1
        assert (last["action"], last["object_type"]) == ("sweep", change.entity_description["table"].name)


def test_a_savepoint_rolled_back_leaves_what_came_before_it(app: Flask) -> None:
    with app.app_context():
        count = len(entries())
        with acting(HOUSE, "test"):
            home = session().scalars(select(Authority).where(Authority.authority_path == HOUSE)).one()

            def unit(name: str) -> Unit:
                return Unit(authority_path=HOUSE, authority_id=home.id, name_en=name, name_ru=name)

            session().add(unit("Before"))
            savepoint = session().begin_nested()
            session().add(unit("Lost"))
            session().flush()
            savepoint.rollback()
            with session().begin_nested():
                session().add(unit("After"))
        written = entries()[count:]
        assert len(written) == 1
        assert [v["name_en"] for v in written[0]["after"].values()] == ["Before", "After"]
        assert breaks() == []


def test_nothing_is_written_without_its_audit_row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(entry: AuditEntry) -> str:
        raise OSError("no hash")

    with app.app_context():
        monkeypatch.setattr(audit, "digest", refuse)
        with pytest.raises(OSError, match="no hash"):
            add_unit("Never")
        monkeypatch.undo()
        with acting(HOUSE, "test", writes=False):
            assert session().scalar(select(Unit.id).where(Unit.name_en == "Never")) is None


def test_writers_at_once_do_not_fork_the_chain(app: Flask) -> None:
    """Twelve writers in three chains, each chain holding every one of their acts once."""
    faults: list[BaseException] = []

    def write(number: int, path: str) -> None:
        try:
            with app.app_context():
                for turn in range(4):
                    add_unit(f"{number}-{turn}", path)
        except BaseException as error:
            faults.append(error)

    paths = (HOUSE, CENTRE, "eeu.am.")
    with app.app_context():
        before = {path: len(entries(path)) for path in paths}
    _at_once([lambda n=n: write(n, paths[n % 3]) for n in range(12)])
    assert faults == []
    with app.app_context():
        for path in paths:
            assert breaks(path) == []
            assert len(entries(path)) == before[path] + 16


def _at_once(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def test_the_head_is_of_this_authority_alone(app: Flask) -> None:
    with app.app_context(), acting(CENTRE, "test", writes=False):
        heads = session().scalars(select(AuditHead).where(AuditHead.authority_path == HOUSE)).all()
        assert len(heads) == 1
        assert audit.checkpoint(session(), CENTRE).hash != heads[0].hash

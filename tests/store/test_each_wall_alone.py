"""Every known escape against both walls, against each of them alone, and against none, where each one succeeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, delete, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, SAWarning
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.exc import StaleDataError

from portal.models import Officer, StateSummary, Unit, ValueList
from portal.store import gateway, second_wall
from portal.store.gateway import Escape, OutOfScope, ScopedSession, ScopeMissing, raw, unscoped
from portal.store.session import acting, session
from portal.workflow.clock import now
from tests.cast import AUTHORITIES
from tests.servers import unwalled

pytestmark = pytest.mark.postgres

RTU = "eeu.ru.10100000."
STRANGER = "eeu.am."
#: SAWarning: a row was to be deleted and none was found.
HELD = (Escape, OutOfScope, ScopeMissing, StaleDataError, SAWarning, DBAPIError)
BULK = ("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings")

NARROWING: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("do_orm_execute", gateway._narrow),
    ("before_flush", gateway._guard_writes),
)


@pytest.fixture(scope="module", params=["both", "the gateway alone", "PostgreSQL alone", "none"])
def standing(request: pytest.FixtureRequest, filled: Flask) -> Iterator[str]:
    """Which of the two walls stand; afterwards both do."""
    gone = {"both": "", "the gateway alone": "p", "PostgreSQL alone": "g", "none": "gp"}[request.param]
    patch = pytest.MonkeyPatch()
    if "p" in gone:
        with unwalled(filled) as connection:
            second_wall.take_down(connection)
    if "g" in gone:
        for name, guard in NARROWING:
            event.remove(ScopedSession, name, guard)
        for method in BULK:
            patch.setattr(ScopedSession, method, getattr(Session, method))
    yield request.param
    patch.undo()
    for name, guard in NARROWING:
        if not event.contains(ScopedSession, name, guard):
            event.listen(ScopedSession, name, guard, insert=True)
    with unwalled(filled) as connection:
        second_wall.build(connection)
        assert list(second_wall.faults(connection)) == []


@pytest.fixture(scope="module")
def foreign(filled: Flask) -> dict[str, int]:
    """Keys of rows of another state, and of a list that is handed down from above."""
    asked = {
        "unit": f"SELECT min(id) FROM unit WHERE authority_path = '{STRANGER}'",
        "list": f"SELECT min(id) FROM value_list WHERE authority_path = '{STRANGER}'",
        "above": "SELECT min(id) FROM value_list WHERE authority_path = 'eeu.ru.'",
    }
    with unwalled(filled) as connection:
        return {name: connection.execute(text(statement)).scalar_one() for name, statement in asked.items()}


def outside(paths: Any) -> int:
    """How many of the paths are not those of the scope."""
    return sum(not path.startswith(RTU) for path in paths)


def unit(path: str, **more: Any) -> dict[str, Any]:
    return {
        "authority_path": path,
        "authority_id": 1,
        "name_en": "x",
        "name_ru": "x",
        "directions": [],
        **more,
    }


def value_list(path: str, applies_to: str, **more: Any) -> ValueList:
    day = now().date()
    return ValueList(
        authority_path=path, applies_to=applies_to, name="new", members=[], valid_from=day, **more
    )


def flushed(mine: Session, row: object) -> int:
    mine.add(row)
    mine.flush()
    return 1


def forged(mine: Session, lie: Any, *, remove: bool = False) -> int:
    """A row that lies about its authority, put into the identity map as if it had been read."""
    make_transient_to_detached(lie)
    mine.add(lie)
    if remove:
        mine.delete(lie)
    else:
        lie.name_ru = "changed from another state"
    mine.flush()
    return 1


def changed(mine: Session, row: Any, **values: Any) -> int:
    for name, value in values.items():
        setattr(row, name, value)
    mine.flush()
    return 1


def own_list(mine: Session) -> ValueList:
    return mine.scalars(select(ValueList).where(ValueList.authority_path == RTU).limit(1)).one()


def summary(addressee: str) -> StateSummary:
    return StateSummary(
        authority_path=RTU,
        addressee_path=addressee,
        state="RU",
        day=now().date(),
        computed_at=now(),
        figures={},
    )


Try = Callable[[Session, dict[str, int]], int]

#: What is tried by a session of the regional directorate; each gives how many rows it had no business with.
ESCAPES: dict[str, Try] = {
    "whole rows": lambda s, f: outside(one.authority_path for one in s.scalars(select(Unit))),
    "columns": lambda s, f: outside(s.scalars(select(Unit.authority_path))),
    "a subquery": lambda s, f: outside(s.scalars(select(select(Unit.authority_path).subquery().c[0]))),
    "a key": lambda s, f: int(s.get(Unit, f["unit"]) is not None),
    "words of SQL": lambda s, f: outside(s.execute(text("SELECT authority_path FROM unit")).scalars()),
    "a bare table": lambda s, f: outside(s.execute(select(Unit.__table__.c.authority_path)).scalars()),
    "rows from another statement": lambda s, f: outside(
        one.authority_path for one in s.scalars(select(Unit).from_statement(text("SELECT * FROM unit")))
    ),
    "whole rows without a scope": lambda s, f: outside(
        one.authority_path for one in s.scalars(unscoped(select(Unit), "a test"))
    ),
    "a raw statement": lambda s, f: outside(s.scalars(raw(select(Unit.authority_path), "a test"))),
    "what is handed down to others": lambda s, f: int(s.get(ValueList, f["list"]) is not None),
    "what is handed up to others": lambda s, f: s.scalar(
        select(func.count(StateSummary.id)).where(StateSummary.authority_path == STRANGER)
    ) or 0,
    "a lock on a foreign row": lambda s, f: len(
        s.scalars(select(Unit.id).where(Unit.id == f["unit"]).with_for_update()).all()
    ),
    "a new row elsewhere": lambda s, f: flushed(s, Unit(**unit(STRANGER))),
    "a bulk insert": lambda s, f: len(s.execute(insert(Unit).returning(Unit.id), [unit(STRANGER)]).all()),
    "a bulk insert of mappings": lambda s, f: s.bulk_insert_mappings(Unit, [unit(STRANGER)]) or 1,  # type: ignore[func-returns-value, arg-type]
    "a bulk save": lambda s, f: s.bulk_save_objects([Unit(**unit(STRANGER))]) or 1,  # type: ignore[func-returns-value]
    "an insert into a bare table": lambda s, f: s.execute(
        insert(Unit.__table__).values(**unit(STRANGER), is_coordination=False)  # type: ignore[arg-type]
    ).rowcount,  # type: ignore[attr-defined]
    "a bulk update": lambda s, f: s.execute(update(Unit).where(Unit.id == f["unit"]).values(name_ru="x")).rowcount,  # type: ignore[attr-defined]
    "a bulk update by key": lambda s, f: s.execute(
        update(Unit), [{"id": f["unit"], "row_version": 1, "name_ru": "x"}]
    ) and 1,
    "an update of a bare table by key": lambda s, f: s.connection().execute(
        update(Unit.__table__).where(Unit.__table__.c.id == bindparam("key")).values(name_ru="x"),  # type: ignore[arg-type]
        [{"key": f["unit"]}],
    ).rowcount,
    "a bulk delete": lambda s, f: s.execute(delete(ValueList).where(ValueList.id == f["list"])).rowcount,  # type: ignore[attr-defined]
    "a forged row changed": lambda s, f: forged(s, Unit(id=f["unit"], row_version=1, **unit(RTU))),
    "a forged row removed": lambda s, f: forged(s, value_list(RTU, RTU, id=f["list"]), remove=True),
    "a change of what is handed down": lambda s, f: changed(s, s.get(ValueList, f["above"]), name="mine"),
    "a move elsewhere": lambda s, f: changed(s, own_list(s), authority_path=STRANGER, applies_to=STRANGER),
    "a move within the scope": lambda s, f: changed(
        s, own_list(s), authority_path=RTU + "10130000.", applies_to=RTU + "10130000."
    ),
    "a bulk move": lambda s, f: s.execute(
        update(ValueList).where(ValueList.authority_path == RTU).values(authority_path=STRANGER, applies_to=STRANGER)
    ).rowcount,  # type: ignore[attr-defined]
    "handing down outside": lambda s, f: flushed(s, value_list(RTU, STRANGER)),
    "handing down to those above": lambda s, f: flushed(s, value_list(RTU, "eeu.ru.")),
    "handing down outside, later": lambda s, f: changed(s, own_list(s), applies_to=STRANGER),
    "handing up to a stranger": lambda s, f: flushed(s, summary(STRANGER)),
    "handing up to those beneath": lambda s, f: flushed(s, summary(RTU + "10130000.")),
}  # fmt: skip

#: What goes round the session altogether is held by PostgreSQL alone, and by the law that no source file does it.
ROUND_THE_SESSION = {"an update of a bare table by key"}


def got_through(attempt: Try, path: str, filled: Flask, foreign: dict[str, int]) -> int:
    with filled.app_context(), acting(path, "test", writes=False) as mine:
        try:
            return attempt(mine, foreign)
        except HELD:
            return 0
        finally:
            mine.rollback()


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_is_held_by_each_wall(
    standing: str, filled: Flask, foreign: dict[str, int], name: str
) -> None:
    through = got_through(ESCAPES[name], RTU, filled, foreign)
    open_to_it = {"none"} | ({"the gateway alone"} if name in ROUND_THE_SESSION else set())
    assert bool(through) is (standing in open_to_it)


def test_the_union_reaches_below_itself_when_both_are_gone(
    standing: str, filled: Flask, foreign: dict[str, int]
) -> None:
    below: Try = lambda s, f: len(s.scalars(select(Officer.id).where(Officer.authority_path != "eeu.")).all())  # noqa: E731
    assert bool(got_through(below, "eeu.", filled, foreign)) is (standing == "none")


def test_nobody_reads_for_nobody_until_both_are_gone(standing: str, filled: Flask) -> None:
    with filled.app_context():
        try:
            seen = set(session().scalars(select(Unit.authority_path)))
        except ScopeMissing:
            seen = set()
        session().rollback()
    assert seen == (set(AUTHORITIES) if standing == "none" else set())


def test_the_opposite_of_every_escape_is_open(standing: str, filled: Flask) -> None:
    """Whatever stands, the directorate reads and writes what is its own."""
    with filled.app_context(), acting(RTU, "test", writes=False) as mine:
        own = mine.scalars(select(ValueList).where(ValueList.authority_path == RTU).limit(1)).one()
        own.name = "renamed"
        mine.add(value_list(RTU, RTU + "10130000."))
        mine.add(summary("eeu.ru."))
        mine.flush()
        assert mine.scalar(select(func.count(Unit.id)).where(Unit.authority_path.startswith(RTU))) > 0  # type: ignore[operator]
        mine.rollback()

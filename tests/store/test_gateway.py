"""Every known way round the narrowing of a session, tried on both databases (design §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, exists, func, insert, literal_column, select, text, update
from sqlalchemy.orm import aliased, load_only, make_transient_to_detached

from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.models import Authority, Lease, RiskAnswer, RiskInformation, StateSummary, Unit, ValueList
from portal.store.gateway import Escape, OutOfScope, ScopedSession, ScopeMissing, raw, unscoped
from portal.store.session import acting, session
from portal.workflow.clock import now
from tests.cast import AUTHORITIES

RTU = "eeu.ru.10100000."
HOUSE = "eeu.ru.10100000.10130000."
BENEATH_RTU = {path for path in AUTHORITIES if path.startswith(RTU)}
NATIONAL = {path for path in AUTHORITIES if path != "eeu."}


@pytest.fixture
def lists(app: Flask) -> Iterator[Flask]:
    """One list at every authority: a thing kept by its owner and handed down to those beneath."""
    with app.app_context():
        for path in AUTHORITIES:
            with acting(path, "test") as mine:
                mine.add(_list(path, path, "trusted"))
        yield app


@pytest.fixture
def rtu(lists: Flask) -> Iterator[ScopedSession]:
    with acting(RTU, "test", writes=False) as mine:
        yield mine


def test_whole_rows(rtu: ScopedSession) -> None:
    assert {unit.authority_path for unit in rtu.scalars(select(Unit))} == BENEATH_RTU


def test_columns(rtu: ScopedSession) -> None:
    assert set(rtu.scalars(select(Unit.authority_path))) == BENEATH_RTU


def test_counts(rtu: ScopedSession) -> None:
    assert rtu.scalar(select(func.count(Unit.id))) == 3 * len(BENEATH_RTU)
    assert rtu.scalar(select(func.count()).select_from(Unit)) == 3 * len(BENEATH_RTU)


def test_joins_and_aliases(rtu: ScopedSession) -> None:
    other = aliased(Unit)
    asked = select(other.authority_path).join(Authority, Authority.id == other.authority_id)
    assert set(rtu.scalars(asked)) == BENEATH_RTU


def test_exists(rtu: ScopedSession) -> None:
    asked = select(Authority.authority_path).where(exists().where(Unit.authority_id == Authority.id))
    assert set(rtu.scalars(asked)) == BENEATH_RTU


def test_subquery_cte_and_union(rtu: ScopedSession) -> None:
    inner = select(Unit.authority_path).subquery()
    assert set(rtu.scalars(select(inner.c.authority_path))) == BENEATH_RTU
    named = select(Unit.authority_path).cte("c")
    assert set(rtu.scalars(select(named.c.authority_path))) == BENEATH_RTU
    both = (
        select(Unit.authority_path)
        .where(Unit.id < 10)
        .union_all(select(Unit.authority_path).where(Unit.id > 9))
    )
    assert set(rtu.scalars(both)) == BENEATH_RTU


def test_relationship_loads(rtu: ScopedSession) -> None:
    unit = rtu.scalars(select(Unit).limit(1)).one()
    assert unit.authority.authority_path == unit.authority_path


def _foreign_unit(app: Flask) -> int:
    with acting("eeu.am.", "test", writes=False) as theirs:
        found = theirs.scalar(select(func.min(Unit.id)))
        assert found is not None
        return found


def test_get_by_key(lists: Flask) -> None:
    foreign = _foreign_unit(lists)
    with acting(RTU, "test", writes=False) as mine:
        assert mine.get(Unit, foreign) is None


def test_updates_and_deletes_reach_only_what_is_owned(lists: Flask) -> None:
    with acting(RTU, "test") as mine:
        assert mine.execute(update(Unit).values(name_en=Unit.name_en + "!")).rowcount == 3 * len(BENEATH_RTU)
        assert mine.execute(update(ValueList).values(name="mine")).rowcount == len(BENEATH_RTU)
        assert mine.execute(delete(ValueList)).rowcount == len(BENEATH_RTU)
    with acting("eeu.ru.", "test", writes=False) as centre:
        assert centre.scalar(select(func.count(Unit.id)).where(Unit.name_en.like("%!"))) == 3 * len(
            BENEATH_RTU
        )
        assert set(centre.scalars(select(ValueList.authority_path))) == {
            "eeu.",
            "eeu.ru.",
            "eeu.ru.10110000.",
        }


def test_what_is_handed_down_is_read_beneath_and_not_written(rtu: ScopedSession) -> None:
    assert set(rtu.scalars(select(ValueList.authority_path))) == BENEATH_RTU | {"eeu.", "eeu.ru."}
    above = rtu.scalars(select(ValueList).where(ValueList.authority_path == "eeu.ru.")).one()
    above.name = "changed from beneath"
    with pytest.raises(OutOfScope):
        rtu.flush()


@pytest.mark.parametrize("how", ["expired", "after a commit", "path not loaded"])
def test_what_is_no_longer_in_memory_is_not_written_beneath_either(rtu: ScopedSession, how: str) -> None:
    asked = select(ValueList).where(ValueList.authority_path == "eeu.ru.")
    above = rtu.scalars(asked.options(load_only(ValueList.name)) if how == "path not loaded" else asked).one()
    if how == "expired":
        rtu.expire(above)
    elif how == "after a commit":
        rtu.commit()
    above.name = "changed from beneath"
    with pytest.raises(OutOfScope, match=r"ValueList at eeu\.ru\. is not"):
        rtu.flush()


def test_what_is_handed_down_is_not_deleted_beneath(rtu: ScopedSession) -> None:
    above = rtu.scalars(select(ValueList).where(ValueList.authority_path == "eeu.")).one()
    rtu.expire(above)
    rtu.delete(above)
    with pytest.raises(OutOfScope, match=r"ValueList at eeu\. is not"):
        rtu.flush()


@pytest.mark.parametrize("act", ["change", "delete"])
def test_a_row_that_lies_about_its_authority_is_refused(lists: Flask, act: str) -> None:
    foreign = _foreign_unit(lists)
    with acting(RTU, "test", writes=False) as mine:
        forged = Unit(id=foreign, authority_path=RTU, authority_id=1, name_en="a", name_ru="b", directions=[])
        make_transient_to_detached(forged)
        mine.add(forged)
        if act == "delete":
            mine.delete(forged)
        else:
            forged.name_en = "changed from another state"
        with pytest.raises(OutOfScope, match=r"Unit at eeu\.am\..* is not"):
            mine.flush()


def _list(path: str, applies_to: str, name: str = "x") -> ValueList:
    return ValueList(
        authority_path=path, applies_to=applies_to, name=name, members=[], valid_from=now().date()
    )


@pytest.mark.parametrize(
    ("path", "applies_to"),
    [("eeu.ru.", "eeu.am."), ("eeu.ru.", "eeu."), (RTU, "eeu.ru."), (HOUSE, "eeu.ru.10110000.")],
)
def test_nothing_is_handed_down_outside_its_own_territory(lists: Flask, path: str, applies_to: str) -> None:
    with acting(path, "test", writes=False) as mine:
        mine.add(_list(path, applies_to))
        with pytest.raises(OutOfScope, match="cannot apply to"):
            mine.flush()
        mine.rollback()
        kept = mine.scalars(select(ValueList).where(ValueList.authority_path == path)).one()
        kept.applies_to = applies_to
        with pytest.raises(OutOfScope, match="cannot apply to"):
            mine.flush()


def test_what_is_handed_down_within_the_territory_arrives(lists: Flask) -> None:
    with acting("eeu.ru.", "test") as centre:
        centre.add(_list("eeu.ru.", RTU))
    with acting(HOUSE, "test", writes=False) as beneath_it:
        asked = select(ValueList.name).where(ValueList.applies_to == RTU, ValueList.name == "x")
        assert beneath_it.scalars(asked).all() == ["x"]
    with acting("eeu.ru.10110000.", "test", writes=False) as beside_it:
        assert beside_it.scalars(asked).all() == []


@pytest.mark.parametrize("addressee", ["eeu.am.", "eeu.ru.10100000.", "eeu.ru."])
def test_nothing_is_handed_up_but_to_those_above(lists: Flask, addressee: str) -> None:
    with acting("eeu.ru.", "test", writes=False) as mine:
        summary = StateSummary(
            authority_path="eeu.ru.", addressee_path=addressee, state="RU", day=now().date(),
            computed_at=now(), figures={},
        )  # fmt: skip
        mine.add(summary)
        with pytest.raises(OutOfScope, match="cannot be addressed to"):
            mine.flush()


def test_the_name_of_an_authority_is_known_beneath_it(rtu: ScopedSession) -> None:
    assert set(rtu.scalars(select(Authority.authority_path))) == BENEATH_RTU | {"eeu.", "eeu.ru."}


def test_the_union_reads_nothing_that_a_state_keeps(lists: Flask) -> None:
    with acting("eeu.", "test", writes=False) as union:
        assert set(union.scalars(select(Unit.authority_path))) == set()
        assert set(union.scalars(select(Authority.authority_path))) == {"eeu."}


def test_what_is_handed_up_is_read_by_its_addressee_alone(app: Flask) -> None:
    with app.app_context():
        for state in ("ru", "am"):
            with acting(f"eeu.{state}.", "test") as mine:
                mine.add(
                    StateSummary(
                        authority_path=f"eeu.{state}.",
                        addressee_path="eeu.",
                        state=state.upper(),
                        day=now().date(),
                        computed_at=now(),
                        figures={},
                    )
                )
        seen = {}
        for path in ("eeu.", "eeu.ru.", RTU, "eeu.am."):
            with acting(path, "test", writes=False) as reader:
                seen[path] = set(reader.scalars(select(StateSummary.state)))
        assert seen == {"eeu.": {"RU", "AM"}, "eeu.ru.": {"RU"}, RTU: set(), "eeu.am.": {"AM"}}


def test_the_union_may_not_change_what_is_handed_up(app: Flask) -> None:
    with app.app_context():
        with acting("eeu.", "test") as union:
            information = RiskInformation(
                authority_path="eeu.",
                applies_to="eeu.",
                title="t",
                words="w",
                officer_id=1,
                officer_name="n",
                created_at=now(),
            )
            union.add(information)
            union.flush()
            number = information.id
        with acting("eeu.am.", "test") as mine:
            mine.add(
                RiskAnswer(
                    authority_path="eeu.am.",
                    addressee_path="eeu.",
                    information_id=number,
                    state="AM",
                    answer="noted",
                    at=now(),
                )
            )
        with acting("eeu.", "test", writes=False) as union:
            answer = union.scalars(select(RiskAnswer)).one()
            answer.answer = "adopted"
            with pytest.raises(OutOfScope):
                union.flush()


@pytest.mark.parametrize("path", ["eeu.am.", "eeu.ru.", "eeu.", "eeu.ru.10110000."])
def test_new_rows_elsewhere_are_refused(rtu: ScopedSession, path: str) -> None:
    rtu.add(Unit(authority_path=path, authority_id=1, name_en="x", name_ru="x", directions=[]))
    with pytest.raises(OutOfScope):
        rtu.flush()


def test_a_row_is_not_moved_even_within_the_scope(rtu: ScopedSession) -> None:
    unit = rtu.scalars(select(Unit).where(Unit.authority_path == HOUSE).limit(1)).one()
    unit.authority_path = RTU
    with pytest.raises(OutOfScope):
        rtu.flush()


@pytest.mark.parametrize("column", ["authority_path", "applies_to"])
def test_bulk_updates_do_not_move_rows(rtu: ScopedSession, column: str) -> None:
    with pytest.raises(Escape):
        rtu.execute(update(ValueList).values({column: "eeu.am."}))


@pytest.mark.parametrize("column", ["authority_path", "applies_to"])
def test_bulk_updates_do_not_move_rows_by_their_parameters(rtu: ScopedSession, column: str) -> None:
    with pytest.raises(Escape):
        rtu.execute(update(ValueList).where(ValueList.authority_path == RTU), {column: "eeu.am."})
    with pytest.raises(Escape):
        rtu.execute(update(ValueList).ordered_values((getattr(ValueList, column), "eeu.am.")))


def test_bulk_updates_by_key_are_refused(rtu: ScopedSession) -> None:
    with pytest.raises(Escape):
        rtu.execute(update(Unit), [{"id": 1, "name_en": "x"}])


def test_bulk_inserts_are_refused(rtu: ScopedSession) -> None:
    row = {"authority_path": "eeu.am.", "authority_id": 1, "name_en": "x", "name_ru": "x", "directions": []}
    with pytest.raises(Escape):
        rtu.execute(insert(Unit), [row])


@pytest.mark.parametrize("method", ["bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"])
def test_legacy_bulk_writes_are_refused(rtu: ScopedSession, method: str) -> None:
    with pytest.raises(Escape):
        getattr(rtu, method)(Unit, [])


def test_raw_sql_is_refused(rtu: ScopedSession) -> None:
    with pytest.raises(Escape):
        rtu.execute(text("SELECT * FROM unit"))


def test_bare_tables_are_refused(rtu: ScopedSession) -> None:
    with pytest.raises(Escape):
        rtu.execute(select(Unit.__table__))
    with pytest.raises(Escape):
        rtu.execute(update(Unit.__table__).values(name_en="x"))


def test_whole_rows_without_a_scope_are_refused(rtu: ScopedSession) -> None:
    with pytest.raises(Escape):
        rtu.execute(unscoped(select(Unit), "to see what stays in the session"))
    with pytest.raises(Escape):
        rtu.execute(unscoped(update(Unit).values(name_en="x"), "to change all"))


def test_columns_without_a_scope_are_for_a_named_reason(rtu: ScopedSession) -> None:
    assert set(rtu.scalars(unscoped(select(Unit.authority_path), "a test"))) == NATIONAL


def test_no_scope_no_answer(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ScopeMissing):
            session().scalars(select(Unit)).all()
        session().add(Unit(authority_path=HOUSE, authority_id=1, name_en="x", name_ru="x", directions=[]))
        with pytest.raises(ScopeMissing):
            session().flush()


def test_a_session_acts_for_one_authority(rtu: ScopedSession) -> None:
    rtu.enter(Scope(AuthorityPath(RTU)))
    with pytest.raises(OutOfScope):
        rtu.enter(Scope(AuthorityPath("eeu.am.")))


def test_scopes_do_not_leak_through_the_statement_cache(lists: Flask) -> None:
    seen = []
    for path in ("eeu.am.", "eeu.ru.", "eeu.am."):
        with acting(path, "test", writes=False) as mine:
            seen.append(set(mine.scalars(select(Unit.authority_path))))
    assert seen[0] == seen[2] == {p for p in AUTHORITIES if p.startswith("eeu.am.")}
    assert seen[1] == {p for p in AUTHORITIES if p.startswith("eeu.ru.")}


def test_tables_of_no_tenant_pass_for_a_reason(rtu: ScopedSession) -> None:
    assert rtu.scalars(raw(select(Lease), "a test")).all() == []


def test_raw_statements_name_no_tenant(rtu: ScopedSession) -> None:
    tenants = (
        select(Unit),
        select(Unit.id),
        select(aliased(Unit).id),
        select(func.count()).select_from(Unit),
        select(Unit.__table__),
        select(Lease).where(exists().where(Unit.id > 0)),
        select(select(Unit.id).cte("c").c.id),
        select(Lease.name).union(select(Unit.name_en)),
        select(func.coalesce(select(func.max(Unit.name_en)).scalar_subquery())),
        update(Unit).values(name_en="x"),
        update(Lease).values(name=select(func.max(Unit.name_en)).scalar_subquery()),
        delete(Unit),
        select(Lease.name, literal_column("(select max(name_en) from unit)")),
        text("select name_en from unit"),
    )
    for statement in tenants:
        with pytest.raises(Escape):
            rtu.execute(raw(statement, "a test"))


def test_what_passed_under_one_reason_is_looked_at_under_another(rtu: ScopedSession) -> None:
    passed = select(Unit.id)
    for _ in ("at first", "and again"):
        rtu.execute(passed, execution_options={"unscoped_because": "a test"}).all()
        with pytest.raises(Escape):
            rtu.execute(passed, execution_options={"raw_because": "a test"})


@pytest.mark.parametrize("mark", [lambda s: s, lambda s: raw(s, "a test"), lambda s: unscoped(s, "a test")])
def test_rows_from_another_statement_are_refused(rtu: ScopedSession, mark: Callable[[Any], Any]) -> None:
    with pytest.raises(Escape):
        rtu.scalars(mark(select(Unit).from_statement(select(Unit.__table__))))

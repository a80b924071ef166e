"""Union risk information: unseen until circulated, numbered without gaps, answered by each centre for itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from portal.errors import Invalid, NotAllowedNow, NotHere, NotYours, Stale
from portal.levels.roles import Post
from portal.models import Draft, RiskAnswer, RiskInformation
from portal.operations import circulation
from portal.operations.circulation import Contents
from portal.store import register_faults
from portal.store.session import acting, session
from portal.workflow.circulation import MEANINGS, MOVES, SEATS, I, available
from portal.workflow.text import RISK_TYPES
from tests.cast import CENTRE, HOUSE
from tests.office import Office

UNION = "eeu."
ARMENIA = "eeu.am."
TOLD = Contents("Shoes as slippers", "They are declared by the pair.", 1, "classification", ("6401", "6402"))


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def write(office: Office, told: Contents = TOLD) -> int:
    acts = office.acts(UNION, Post.UNION_COORDINATOR)
    with office.app.app_context(), acting(UNION, "test"):
        return circulation.begin(acts, told).id


def circulate(office: Office, information: int) -> str:
    acts = office.acts(UNION, Post.UNION_COORDINATOR)
    with office.app.app_context(), acting(UNION, "test"):
        return circulation.circulate(circulation.load(information), acts)


def answer(
    office: Office, information: int, name: str, post: Post, unit: str, path: str = CENTRE, **carried: Any
) -> None:
    acts = office.acts(path, post, unit)
    with office.app.app_context(), acting(path, "test"):
        circulation.answer(circulation.load(information), acts, name, carried)


def seen(office: Office, path: str) -> list[tuple[str | None, str]]:
    with office.app.app_context(), acting(path, "test", writes=False):
        return [(row.number, row.title) for row in session().scalars(select(RiskInformation))]


def answers(office: Office, path: str) -> dict[str, tuple[str, str]]:
    with office.app.app_context(), acting(path, "test", writes=False):
        return {row.state: (row.answer, row.reason) for row in session().scalars(select(RiskAnswer))}


def test_no_state_sees_it_before_it_is_circulated(office: Office) -> None:
    information = write(office)
    assert seen(office, UNION) == [(None, "Shoes as slippers")]
    assert seen(office, CENTRE) == seen(office, ARMENIA) == seen(office, HOUSE) == []
    with office.app.app_context(), acting(CENTRE, "test", writes=False), pytest.raises(NotHere):
        circulation.load(information)
    given = circulate(office, information)
    assert given.startswith("10/00000/")
    assert given.endswith("/00001")
    assert seen(office, CENTRE) == seen(office, ARMENIA) == [(given, "Shoes as slippers")]


def test_numbers_are_continuous_and_the_register_holds(office: Office) -> None:
    written = [write(office, Contents(f"No. {n}", "Words")) for n in range(3)]
    assert [circulate(office, one)[-5:] for one in reversed(written)] == ["00001", "00002", "00003"]
    with office.app.app_context(), acting(UNION, "test", writes=False):
        checked = register_faults.verify(UNION)
    assert (checked.registers, checked.lines, checked.faults) == (1, 3, ())


def test_coordinators_at_once_take_one_number_each(office: Office) -> None:
    written = [write(office, Contents(f"No. {n}", "Words")) for n in range(8)]
    given: list[str] = []
    threads = [
        threading.Thread(target=lambda one=one: given.append(circulate(office, one))) for one in written
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(number[-5:] for number in given) == [f"{n:05}" for n in range(1, 9)]


def test_what_is_circulated_is_not_changed(office: Office) -> None:
    information = write(office)
    acts = office.acts(UNION, Post.UNION_COORDINATOR)
    with office.app.app_context(), acting(UNION, "test"):
        row = circulation.load(information)
        circulation.change(row, acts, Contents("Better", "Words"))
        with pytest.raises(Stale):
            circulation.load(information, row.row_version - 1)
    circulate(office, information)
    with office.app.app_context(), acting(UNION, "test"):
        row = circulation.load(information)
        assert row.title == "Better"
        with pytest.raises(NotAllowedNow):
            circulation.change(row, acts, TOLD)
        with pytest.raises(NotAllowedNow):
            circulation.circulate(row, acts)
    with (
        office.app.app_context(),
        pytest.raises(DatabaseError, match="only ever added to"),
        acting(UNION, "test"),
    ):
        session().execute(update(RiskInformation).values(title="Otherwise"))


def test_each_centre_answers_for_itself(office: Office) -> None:
    information = write(office)
    circulate(office, information)
    answer(office, information, "note", Post.REGISTRAR, "risk")
    answer(office, information, "decline", Post.UNIT_HEAD, "risk", ARMENIA, reason="No such goods")
    assert answers(office, UNION) == {"RU": ("noted", ""), "AM": ("declined", "No such goods")}
    assert answers(office, CENTRE) == {"RU": ("noted", "")}
    assert answers(office, ARMENIA) == {"AM": ("declined", "No such goods")}
    assert answers(office, HOUSE) == {}


def test_to_adopt_begins_a_national_draft(office: Office) -> None:
    information = write(office)
    number = circulate(office, information)
    answer(office, information, "note", Post.UNIT_HEAD, "risk")
    answer(office, information, "adopt", Post.OFFICER, "value")
    with office.app.app_context(), acting(CENTRE, "test", writes=False):
        draft = session().scalars(select(Draft)).one()
        assert (draft.title, draft.scope, draft.kind, draft.status) == (
            "Shoes as slippers", "national", "profile", "drafting",
        )  # fmt: skip
        assert draft.text["groups"][0]["condition"] == {
            "all": [{"field": "hs_code", "op": "starts_with", "value": ["6401", "6402"]}]
        }
        assert (draft.direction, draft.text["header"]["risk_type"]) == (1, "classification")
        assert draft.text["territory"] == [CENTRE]
        assert draft.text["note"]["sources"].startswith(f"Union risk information {number}, ")
        assert "They are declared by the pair." in draft.text["note"]["sources"]
        assert session().scalars(select(RiskAnswer)).one().draft_id == draft.id
        assert draft.author_id == office.acts(CENTRE, Post.OFFICER, "value").officer_id
    with office.app.app_context(), acting(UNION, "test", writes=False):
        assert session().scalars(select(Draft)).all() == []


@pytest.mark.parametrize(
    ("name", "post", "unit", "path", "refused"),
    [
        ("note", Post.OFFICER, "goods", CENTRE, NotYours),
        ("note", Post.HEAD, "", CENTRE, NotYours),
        ("note", Post.UNIT_HEAD, "goods", CENTRE, NotYours),
        ("adopt", Post.REGISTRAR, "risk", CENTRE, NotYours),
        ("adopt", Post.UNIT_HEAD, "goods", CENTRE, NotYours),
        ("decline", Post.REGISTRAR, "risk", CENTRE, NotYours),
        ("decline", Post.UNIT_HEAD, "risk", CENTRE, Invalid),
        ("note", Post.REGISTRAR, "risk", HOUSE, NotYours),
        ("circulate", Post.REGISTRAR, "risk", CENTRE, NotAllowedNow),
        ("unheard_of", Post.REGISTRAR, "risk", CENTRE, NotAllowedNow),
    ],
)
def test_who_may_not_answer(
    office: Office, name: str, post: Post, unit: str, path: str, refused: type[Exception]
) -> None:
    information = write(office)
    circulate(office, information)
    with pytest.raises(refused):
        answer(office, information, name, post, unit, path)
    assert answers(office, UNION) == {}


@pytest.mark.parametrize("name", ["note", "adopt", "decline"])
def test_an_answer_that_ends_is_not_given_twice(office: Office, name: str) -> None:
    information = write(office)
    circulate(office, information)
    answer(office, information, "decline", Post.UNIT_HEAD, "risk", reason="No such goods")
    post, unit = (Post.OFFICER, "goods") if name == "adopt" else (Post.UNIT_HEAD, "risk")
    with pytest.raises(NotAllowedNow):
        answer(office, information, name, post, unit, reason="Again")


def test_only_the_coordinator_writes(office: Office) -> None:
    acts = office.acts(UNION, Post.AUDITOR)
    with office.app.app_context(), acting(UNION, "test"), pytest.raises(NotYours):
        circulation.begin(acts, TOLD)


def test_the_table_is_whole() -> None:
    assert set(MEANINGS) == set(I)
    assert {move.seat for move in MOVES} <= set(SEATS)
    assert all(
        move.name in {m.name for m in MOVES} for status in I for move in MOVES if status in move.sources
    )
    for status, meaning in MEANINGS.items():
        assert meaning.final == (not any(status in move.sources for move in MOVES))
    assert TOLD.risk_type in RISK_TYPES


def test_the_buttons_are_those_of_the_table(office: Office) -> None:
    def offered(status: I, path: str, post: Post, unit: str = "") -> set[str]:
        return {move.name for move in available(status, office.acts(path, post, unit).actor)}

    assert offered(I.DRAFTED, UNION, Post.UNION_COORDINATOR) == {"change", "circulate"}
    assert offered(I.CIRCULATED, UNION, Post.UNION_COORDINATOR) == set()
    assert offered(I.CIRCULATED, CENTRE, Post.UNIT_HEAD, "risk") == {"note", "decline"}
    assert offered(I.CIRCULATED, CENTRE, Post.REGISTRAR, "risk") == {"note"}
    assert offered(I.NOTED, CENTRE, Post.REGISTRAR, "risk") == set()
    assert offered(I.NOTED, CENTRE, Post.OFFICER, "goods") == {"adopt"}
    assert offered(I.ADOPTED, CENTRE, Post.OFFICER, "goods") == set()

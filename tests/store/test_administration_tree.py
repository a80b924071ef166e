"""The tree of authorities as its administrator opens and searches it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select

from portal.extensions import db
from portal.models import Authority
from portal.store import administration_tree as tree
from portal.store.session import session
from tests import servers
from tests.administrators import (
    CENTRE,
    at,
)
from tests.browser import Browser
from tests.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def test_the_tree_shows_open_branches_and_counts_what_it_does_not(office: Office) -> None:
    with at(office, CENTRE):
        shown = [
            (line.node.code, line.depth, line.open, line.node.children) for line in tree.tree(["10100000"])
        ]
    assert shown == [
        ("10000000", 0, True, 2),
        ("10100000", 1, True, 1),
        ("10130000", 2, False, 2),
        ("10110000", 1, False, 0),
    ]
    with at(
        office, CENTRE
    ):  # a branch cannot be seen while the one above it is shut; a foreign code opens nothing
        assert [line.node.code for line in tree.tree(["10130000", "05000000"])] == [
            "10000000",
            "10100000",
            "10110000",
        ]


def test_the_union_administers_itself_alone(office: Office) -> None:
    with at(office, "eeu."):
        assert [line.node.code for line in tree.tree(["10000000"])] == ["00000000"]
        assert tree.search("customs") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1013", ["10130000", "10130010", "10130020"]),
        ("MOSCOW", ["10130000"]),
        ("point west", ["10130010"]),
        ("%", []),
        ("armenia", []),
    ],
)
def test_the_search_finds_codes_and_names_of_the_subtree(
    office: Office, typed: str, found: list[str]
) -> None:
    with at(office, CENTRE):
        assert [node.code for node in tree.search(typed)] == found


@pytest.fixture
def five_thousand(office: Office) -> Office:
    """A state of 5,000 authorities: 41 directorates with a hundred points each, and one with 900."""
    rows = []
    for region in range(42):
        code = f"2{region:02}00000"
        rows.append(_row(CENTRE, code, "regional"))
        for number in range(1, (900 if region == 41 else 100) + 1):
            rows.append(_row(f"{CENTRE}{code}.", f"2{region:02}{number:05}", "point"))
    with servers.unwalled(office.app) as connection:
        connection.execute(insert(Authority), rows)
    return office


def _row(parent: str, code: str, level: str) -> dict[str, object]:
    path, state, zone = f"{parent}{code}.", "RU", "Europe/Moscow"
    return {
        "authority_path": path, "applies_to": path, "parent_path": parent, "code": code, "level": level,
        "state": state, "zone": zone, "name_en": f"Authority {code}", "name_ru": f"Таможня {code}",
        "number_width": 5, "signatories": {}, "heir_path": "", "row_version": 1,
    }  # fmt: skip


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The questions that the database is sent."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            sent.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        yield sent
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_state_of_5000_authorities_opens_quickly(five_thousand: Office) -> None:
    office = five_thousand
    with at(office, CENTRE):
        assert session().scalar(select(func.count(Authority.id))) > 5_000
    with statements(office.app) as sent, at(office, CENTRE):
        before = len(sent)
        began = perf_counter()
        lines = tree.tree(["22000000", "24100000", "21700000"])
        assert perf_counter() - began < 1
        assert len(sent) - before <= 7, (
            "the open branches, the root, each of four branches, all counts at once"
        )
    hidden = {line.node.code: line.hidden for line in lines if line.hidden}
    assert hidden == {"24100000": 800}
    assert len(lines) == 1 + 2 + 42 + 3 * tree.BRANCH
    with statements(office.app) as sent, at(office, CENTRE):
        before = len(sent)
        assert len(tree.search("таможня 2410")) == tree.FOUND + 1
        assert len(sent) - before == 1


def test_the_page_of_the_tree_stays_light(five_thousand: Office, browse: Callable[[str], Browser]) -> None:
    administrator = browse("10000000.administrator")
    with statements(five_thousand.app) as sent:
        page = administrator.get("/10000000/administration?open=22000000")
        assert page.status == 200
        assert len(sent) < 20
    assert len(page.soup.select(".rp-tree li")) == 1 + 2 + 42 + tree.BRANCH
    assert len(gzip.compress(page.text.encode())) < 20_000

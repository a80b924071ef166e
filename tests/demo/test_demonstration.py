"""The demonstration: whole, the same each time, lawful in itself, and never in production."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import config
from portal import create_app
from portal.demo import loading
from portal.demo.cast import PASSWORD
from portal.demo.timeline import Timeline
from portal.demo.tree import PLACES
from portal.extensions import db
from portal.models import (
    Check,
    Declaration,
    Document,
    Hit,
    ImportBatch,
    Lease,
    Officer,
    Post,
    ReadReceipt,
    RiskAnswer,
    Signature,
    Stage,
)
from portal.operations import administration, sign_in
from portal.store import audit, documents, officers, register_faults
from portal.store.session import acting, session
from portal.workflow.seats import Actor
from portal.workflow.statuses import D, P
from tests.conftest import hurry

ANCHOR = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STATES = ("eeu.ru.", "eeu.am.", "eeu.by.", "eeu.kz.", "eeu.kg.")
pytestmark = pytest.mark.slow


def made(folder: Path, name: str = "development") -> Flask:
    settings = {"TESTING": True}
    environment = config.Environment(name, f"sqlite:///{folder / 'portal.db'}", folder, "k" * 64, 8000)
    app = create_app(settings, environment)
    with app.app_context():
        hurry(db.engine)
    return app


def closed(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration")


class Enough(Exception):
    """The loading has come as far as is looked at."""


@dataclass
class Halfway:
    """What a loading is about to do, and what it has done when a part of that is over."""

    stops: bool
    plan: list[datetime] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)


#: The part of the acts after which two loadings are compared row by row.
PART = 0.4


@contextmanager
def observed(app: Flask, halfway: Halfway) -> Iterator[None]:
    run = Timeline.run

    def in_two_parts(timeline: Timeline) -> None:
        acts = sorted(timeline._acts, key=lambda act: act[:2])
        halfway.plan = [moment for moment, _, _ in acts]
        first = round(len(acts) * PART)
        run(replace(timeline, _acts=acts[:first]))
        halfway.seen = picture(app)
        if halfway.stops:
            raise Enough
        run(replace(timeline, _acts=acts[first:]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Timeline, "run", in_two_parts)
        yield


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Iterator[tuple[Flask, Halfway]]:
    app, halfway = made(folder), Halfway(stops=False)
    with app.app_context(), observed(app, halfway):
        assert loading.fill(anchor=ANCHOR)
    yield app, halfway
    closed(app)


@pytest.fixture(scope="module")
def app(loaded: tuple[Flask, Halfway]) -> Flask:
    return loaded[0]


def rows(app: Flask, *columns: Any) -> list[tuple[Any, ...]]:
    """The columns of all rows of the five states, in a fixed order."""
    found: list[tuple[Any, ...]] = []
    with app.app_context():
        for path in STATES:
            with acting(path, "test", writes=False):
                found += [tuple(row) for row in session().execute(select(*columns))]
    return sorted(found, key=repr)


def picture(app: Flask) -> dict[str, Any]:
    documents = (Document.document, Document.number, Document.version, Document.status, Document.text_hash)
    return {
        "documents": rows(app, *documents, Document.row_version),
        "stages": rows(app, Stage.status, Stage.entered_at, Stage.left_at, Stage.due_at),
        "signatures": rows(app, Signature.officer_name, Signature.role, Signature.at, Signature.lapsed_at),
        "declarations": rows(app, Declaration.declaration_id, Declaration.channel, Declaration.released_at),
        "checks": rows(app, Check.measure, Check.drawn, Check.result_code, Check.recorded_at),
        "history": rows(app, ImportBatch.content_hash, ImportBatch.declarations, ImportBatch.items),
        "officers": rows(app, Officer.login, Officer.name, Officer.locale),
        "posts": rows(app, Post.officer_id, Post.post, Post.unit_id, Post.since, Post.until, Post.acting_for),
    }


def test_every_status_of_drafts_and_profiles_is_shown(app: Flask) -> None:
    shown = set(rows(app, Document.document, Document.status))
    assert shown == {("draft", str(status)) for status in D} | {("profile", str(status)) for status in P}


def test_every_scope_kind_and_formalisation_is_in_force(app: Flask) -> None:
    force = [
        row
        for row in rows(app, Document.status, Document.scope, Document.kind, Document.text)
        if row[0] == "in_force"
    ]
    assert {row[1] for row in force} == {"national", "zonal", "regional", "local"}
    assert {row[2] for row in force} == {"profile", "urgent", "orientation"}
    assert {row[3]["header"]["formalisation"] for row in force} == {
        "automatic",
        "automated",
        "non_formalised",
    }


def test_titles_of_drafts_are_unique(app: Flask) -> None:
    titles = [title for kind, title in rows(app, Document.document, Document.title) if kind == "draft"]
    assert len(titles) == len(set(titles))


def test_work_is_overdue_and_work_is_not(app: Flask) -> None:
    open_due = [
        due for left, due in rows(app, Stage.left_at, Stage.due_at) if left is None and due is not None
    ]
    assert any(due < ANCHOR for due in open_due)
    assert any(due > ANCHOR for due in open_due)


@pytest.mark.parametrize(
    ("login", "waits"),
    [
        ("petrova", "Electric motorcycles declared as bicycles"),
        ("vorobyev", "Bearings that change their origin in a free port"),
        ("belova", "Devices released from tax as medical that are none"),
        ("gromov", "Scooters with a seat"),
        ("vasilyev", "Vitamins by weight"),
    ],
)
def test_work_waits_for_those_whose_turn_it_is(app: Flask, login: str, waits: str) -> None:
    with app.app_context():
        found = officers.credentials(login)
        assert found is not None
        signed_in = officers.signed_in(found[0], ANCHOR)
        assert signed_in is not None
        place = signed_in.places[0]
    with app.app_context(), acting(place.path, "test", writes=False):
        awaiting = documents.awaiting(Actor(signed_in.id, place.posts))
        assert waits in {document.title for document, _ in awaiting}


def test_nothing_happened_after_the_loading_or_out_of_order(app: Flask) -> None:
    entered = rows(app, Stage.entered_at, Stage.left_at)
    assert all(begin <= ANCHOR and (end is None or begin <= end <= ANCHOR) for begin, end in entered)
    with app.app_context(), acting("eeu.ru.", "test", writes=False):
        numbered = session().execute(
            select(Document.number).where(Document.number.is_not(None), Document.document == "draft",
                                          Document.authority_path == "eeu.ru.10100000.10130000.")
        ).scalars()  # fmt: skip
        serials = {int(number[-5:]): number.split("/")[2] for number in numbered}
    assert sorted(serials) == list(range(1, len(serials) + 1))
    days = [datetime.strptime(serials[serial], "%d%m%Y").replace(tzinfo=UTC) for serial in sorted(serials)]
    assert days == sorted(days)


def test_somebody_acted_for_an_absent_head(app: Flask) -> None:
    signed = {
        (name, absent) for name, absent in rows(app, Signature.officer_name, Signature.acting_for) if absent
    }
    assert ("Elena Sorokina", "Olga Kuznetsova") in signed


def test_nobody_signed_his_own_document_but_as_executor(app: Flask) -> None:
    asked = (Signature.role, Signature.officer_id, Document.author_id, Document.executor_id)
    with app.app_context(), acting("eeu.ru.", "test", writes=False):
        found = session().execute(select(*asked).join(Document, Document.id == Signature.document_id)).all()
    assert found
    own = [
        row for row in found if row.role != "executor" and row.officer_id in (row.author_id, row.executor_id)
    ]
    assert not own


def test_the_past_and_the_points_show_something(app: Flask) -> None:
    assert sum(count for (count,) in rows(app, ImportBatch.declarations)) == 20_000
    assert all(refused == 0 for (refused,) in rows(app, ImportBatch.refused))
    channels = [channel for (channel,) in rows(app, Declaration.channel)]
    assert {"red", "yellow", "green"} <= set(channels)
    assert channels.count("green") > len(channels) / 2
    results = {code for (code,) in rows(app, Check.result_code)}
    assert {"nothing_found", "undervaluation", "origin"} <= results
    assert len({number for (number,) in rows(app, Hit.profile_number)}) > 10
    waiting = [
        channel
        for channel, released in rows(app, Declaration.channel, Declaration.released_at)
        if not released
    ]
    assert {"red", "yellow"} <= set(waiting)
    assert rows(app, ReadReceipt.id)


def test_the_states_answered_the_union(app: Flask) -> None:
    assert {answer for (answer,) in rows(app, RiskAnswer.answer)} == {"noted", "adopted", "declined"}


def test_the_audit_chain_of_every_authority_holds(app: Flask) -> None:
    with app.app_context():
        for place in PLACES:
            with acting(place.path, "test", writes=False) as opened:
                assert not list(audit.verify(opened, place.path)), place.path


def test_every_register_is_whole(app: Flask) -> None:
    with app.app_context():
        for place in PLACES:
            with acting(place.path, "test", writes=False):
                checked = register_faults.verify(place.path)
                assert not checked.faults, checked


def test_codes_give_every_register_numbers_of_its_own() -> None:
    shown = [
        place.code if place.level == "point" else place.code[:5] for place in PLACES if place.level != "union"
    ]
    assert len(shown) == len(set(shown))


def test_two_loadings_are_alike(loaded: tuple[Flask, Halfway], tmp_path: Path) -> None:
    """They are to do the same to the end, and have done the same where the second is stopped."""
    second, again = made(tmp_path), Halfway(stops=True)
    with second.app_context(), observed(second, again), pytest.raises(Enough):
        loading.fill(anchor=ANCHOR)
    assert again.plan == loaded[1].plan
    assert again.seen == loaded[1].seen
    assert len(again.seen["documents"]) > 10
    assert len(again.seen["signatures"]) > 20
    closed(second)


def test_a_second_loading_does_nothing(app: Flask) -> None:
    before = picture(app)
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0
    assert "nothing was loaded" in result.output
    assert picture(app) == before


def test_the_accounts_are_listed_and_let_in(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "--accounts", "--json"])
    accounts = json.loads(result.output)
    assert {row["level"] for row in accounts} == {"union", "central", "regional", "point"}
    assert {row["state"] for row in accounts} == {"", "AM", "BY", "KZ", "KG", "RU"}
    assert {"inspector", "union_coordinator", "head", "registrar", "auditor"} <= {
        p for row in accounts for p in row["posts"]
    }
    with app.app_context(), acting("eeu.", "test", writes=False):
        for row in (accounts[0], accounts[-1]):
            assert sign_in.check(row["name"], row["password"], "127.0.0.1")
    stored = {login for (login,) in rows(app, Officer.login)}
    assert stored == {row["name"] for row in accounts if row["state"]}


def test_production_refuses_the_demonstration(app: Flask, folder: Path, tmp_path: Path) -> None:
    fresh = made(tmp_path, "production")
    assert fresh.test_cli_runner().invoke(args=["demo"]).exit_code == 1
    assert fresh.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    with fresh.app_context():
        assert loading.is_empty()
    closed(fresh)
    over = made(folder, "production")
    result = over.test_cli_runner().invoke(args=["prepare"])
    with over.app_context(), acting("eeu.", "test", writes=False):
        assert sign_in.check("petrova", PASSWORD, "127.0.0.1") is None
    closed(over)
    assert result.exit_code == 1
    assert "demonstration accounts" in result.output


def test_what_an_interrupted_loading_left_is_removed_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = made(tmp_path)
    left = []
    monkeypatch.setattr(loading, "_load", lambda seed, anchor: left.append(loading.is_empty()))
    with app.app_context():
        loading.fill()
        with acting("eeu.", "test") as opened:
            opened.add(Lease(name="demonstration", holder="loading", expires_at=ANCHOR))
            administration.found_authority("eeu.", "00000000", "union", "", "Union", "Союз", "Europe/Moscow")
        assert loading.fill()
    closed(app)
    assert left == [True, True]


def test_counts_of_the_cast(app: Flask) -> None:
    with app.app_context(), acting("eeu.", "test", writes=False):
        assert session().scalar(select(func.count(Officer.id)).where(Officer.demonstration)) == 3

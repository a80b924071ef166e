"""One id from the request's header to its log lines and its failure page; slow queries without their values."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, text

from portal import logs
from portal.extensions import db
from portal.store import slow_queries
from portal.web import turns
from portal.web.access import ANYONE
from portal.web.blueprint import PortalBlueprint

GIVEN = "call-7f.42_A"
MADE = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def app(new_app: Flask) -> Flask:
    trial = PortalBlueprint("trial", __name__)

    @trial.get("/trial/broken", access=ANYONE)
    def broken():  # type: ignore[no-untyped-def]
        raise RuntimeError("unforeseen")

    new_app.register_blueprint(trial)
    return new_app


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process logs as JSON, in place of standard error."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    logs.configure("json")
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_well_formed_id_is_taken_and_answered(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", headers={"X-Request-ID": GIVEN})
    assert answer.headers["X-Request-ID"] == GIVEN


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f g", "<script>alert(1)", "ключ-ключ-ключ"]
)
def test_any_other_is_replaced(app: Flask, given: str) -> None:
    headers = {"X-Request-ID": given.encode().decode("latin-1")}
    answer = app.test_client().get("/nowhere/at/all", headers=headers)
    assert MADE.fullmatch(answer.headers["X-Request-ID"])


def test_two_requests_have_two_ids(app: Flask) -> None:
    first, second = (app.test_client().get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Quote this mark"), ("ru", "Назовите при этом отметку")]
)
def test_the_page_of_a_failure_shows_the_id_to_quote(app: Flask, language: str, words: str) -> None:
    client = app.test_client()
    client.set_cookie("language", language)
    page = client.get("/trial/broken", headers={"X-Request-ID": GIVEN})
    assert page.status_code == 500
    assert GIVEN in page.get_data(as_text=True)
    assert words in page.get_data(as_text=True)
    assert f'<html lang="{language}">' in page.get_data(as_text=True)


def test_each_line_of_a_request_bears_its_id(app: Flask, written: io.StringIO) -> None:
    app.test_client().get("/trial/broken?q=secret-words", headers={"X-Request-ID": GIVEN})
    fault, request = lines(written)
    assert (fault["level"], fault["request_id"], fault["logger"]) == ("error", GIVEN, "portal.web.errors")
    assert "RuntimeError: unforeseen" in fault["exception"]
    assert (request["event"], request["request_id"], request["status"]) == ("request", GIVEN, 500)
    assert (request["endpoint"], request["method"]) == ("trial.broken", "GET")
    assert request["ms"] >= 0
    assert "timestamp" in request
    assert "secret-words" not in written.getvalue()


def test_the_wait_for_a_turn_is_part_of_the_time(app: Flask, written: io.StringIO) -> None:
    for waited in ({}, {turns.WAITED: 7.0}):
        app.test_client().get("/healthz", environ_overrides=waited)
    at_once, after = lines(written)
    assert (at_once["waited_ms"], after["waited_ms"]) == (0, 7000)
    assert at_once["ms"] < 7000 <= after["ms"]


def test_lines_outside_requests_bear_no_id_of_an_earlier_one(app: Flask, written: io.StringIO) -> None:
    app.test_client().get("/healthz", headers={"X-Request-ID": GIVEN})
    app.test_client().get("/healthz")
    assert [line["request_id"] == GIVEN for line in lines(written)] == [True, False]


def test_a_slow_query_is_logged_without_its_values(app: Flask, written: io.StringIO) -> None:
    with app.app_context():
        watched = create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool)
        slow_queries.watch(watched, 50)
        slow = {
            "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) "
            "SELECT count(*) FROM n WHERE :word <> ''",
            "postgresql": "SELECT pg_sleep(0.2) WHERE CAST(:word AS text) <> ''",
        }[watched.dialect.name]
        with watched.connect() as connection:
            connection.execute(text("SELECT 1"))
            connection.execute(text(slow), {"word": "a-secret-value"}).all()
    (line,) = lines(written)
    assert (line["event"], line["level"], line["logger"]) == (
        "slow query",
        "warning",
        "portal.store.slow_queries",
    )
    assert line["ms"] > 50
    assert line["statement"].startswith(slow[:15])
    assert "a-secret-value" not in written.getvalue()


def test_nothing_is_watched_where_the_operator_wants_none(app: Flask, written: io.StringIO) -> None:
    with app.app_context():
        slow_queries.watch(db.engine, 0)
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    assert lines(written) == []

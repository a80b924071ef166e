"""One transaction a request: keys spent once, reads without a trace, refusals that leave nothing."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask, flash, redirect, request
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from portal.extensions import db
from portal.models import Authority, Draft, SpentKey, Unit
from portal.operations import drafting
from portal.store import form_keys
from portal.store.gateway import raw
from portal.store.session import acting as acting_for
from portal.store.session import session
from portal.web.access import AUTHOR, MEMBER
from portal.web.acting import acting
from portal.web.blueprint import PortalBlueprint
from portal.web.unit_of_work import TIMES
from tests.browser import Browser
from tests.cast import HOUSE
from tests.servers import unwalled

AUTHOR_LOGIN = "10130000.officer.goods"


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """The portal with three routes that do what a good and a bad page would do."""
    trial = PortalBlueprint("trial", __name__)

    def begin() -> str:
        drafting.begin(acting().acts, "Trial", "profile", "regional")
        return str(session().scalar(select(func.count(Draft.id))))

    @trial.post("/<code>/trial", access=AUTHOR)
    def make():  # type: ignore[no-untyped-def]
        flash("A trial was begun.")
        return redirect(f"/{acting().code}/trial/{begin()}", 303)

    @trial.post("/<code>/trial/other", access=AUTHOR)
    def other():  # type: ignore[no-untyped-def]
        return redirect(f"/{acting().code}/trial/{begin()}", 303)

    @trial.post("/<code>/trial/look", access=AUTHOR)
    def look():  # type: ignore[no-untyped-def]
        return str(session().scalar(select(func.count(Draft.id))))

    def add(**facts: object) -> str:
        house = session().scalars(select(Authority).where(Authority.authority_path == HOUSE)).one()
        names = {"name_en": "Trial unit", "name_ru": "Trial unit", "directions": []}
        session().add(Unit(**{"authority_path": HOUSE, "authority_id": house.id, **names, **facts}))
        session().flush()
        return "done"

    @trial.post("/<code>/trial/twice", access=AUTHOR)
    def twice():  # type: ignore[no-untyped-def]
        return add() + add()

    @trial.post("/<code>/trial/rule", access=AUTHOR)
    def rule():  # type: ignore[no-untyped-def]
        return add(authority_id=None)

    @trial.post("/<code>/trial/upload", access=AUTHOR)
    def upload():  # type: ignore[no-untyped-def]
        drafting.begin(acting().acts, request.files["file"].read().decode(), "profile", "regional")
        return redirect("/", 303)

    @trial.post("/<code>/trial/refused", access=AUTHOR)
    def refuse():  # type: ignore[no-untyped-def]
        begin()
        return "mend it", 422

    @trial.post("/<code>/trial/broken", access=AUTHOR)
    def fail():  # type: ignore[no-untyped-def]
        begin()
        raise RuntimeError("unforeseen")

    @trial.post("/<code>/trial/alone", access=AUTHOR, writes=False)
    def alone():  # type: ignore[no-untyped-def]
        acts = acting().acts
        with acting_for(HOUSE, "test"):
            drafting.begin(acts, "Trial", "profile", "regional")
        raise StaleDataError("no row matched")

    @trial.get("/<code>/trial/authors", access=AUTHOR)
    def authors():  # type: ignore[no-untyped-def]
        return "for authors alone"

    @trial.get("/<code>/trial/read", access=MEMBER)
    def read():  # type: ignore[no-untyped-def]
        return begin()

    new_app.register_blueprint(trial)
    new_app.config["WTF_CSRF_ENABLED"] = False
    return new_app


def drafts(app: Flask) -> int:
    with app.app_context(), acting_for(HOUSE, "test", writes=False) as mine:
        return mine.scalar(select(func.count(Draft.id))) or 0


def post(browser: Browser, url: str, key: str = "") -> tuple[int, str]:
    answer = browser.client.post(url, data={"form_key": key})
    return answer.status_code, answer.headers.get("Location", "")


def test_a_key_is_spent_once(app: Flask, browse: Callable[[str], Browser]) -> None:
    author = browse(AUTHOR_LOGIN)
    first = post(author, "/10130000/trial", "key-1")
    again = post(author, "/10130000/trial", "key-1")
    assert first == again == (303, "/10130000/trial/1")
    assert drafts(app) == 1
    assert post(author, "/10130000/trial", "key-2") == (303, "/10130000/trial/2")


def test_a_key_of_another_form_is_refused_with_what_was_typed(
    app: Flask, browse: Callable[[str], Browser]
) -> None:
    author = browse(AUTHOR_LOGIN)
    assert post(author, "/10130000/trial", "key-1")[0] == 303
    answer = author.client.post(
        "/10130000/trial/other", data={"form_key": "key-1", "words": "Typed at length"}
    )
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Typed at length" in page
    assert "key-1" not in page
    assert drafts(app) == 1
    assert post(author, "/10130000/trial/other", "key-2")[0] == 303


@pytest.mark.parametrize("key", ["", "a\x00b", "ключ", "a b", "k" * 65])
def test_nothing_is_changed_without_a_key(app: Flask, browse: Callable[[str], Browser], key: str) -> None:
    author = browse(AUTHOR_LOGIN)
    answer = author.client.post("/10130000/trial", data={"form_key": key, "words": "Typed at length"})
    assert answer.status_code == 400
    assert "Typed at length" in answer.get_data(as_text=True)
    assert drafts(app) == 0


def test_a_form_that_changes_nothing_needs_no_key(browse: Callable[[str], Browser]) -> None:
    assert browse(AUTHOR_LOGIN).client.post("/10130000/trial/look").status_code == 200


def test_the_same_done_at_the_same_moment_is_said(app: Flask, browse: Callable[[str], Browser]) -> None:
    answer = browse(AUTHOR_LOGIN).client.post(
        "/10130000/trial/twice", data={"form_key": "k", "words": "Typed"}
    )
    assert answer.status_code == 409
    assert "Someone else did the same" in answer.get_data(as_text=True)
    assert "Typed" in answer.get_data(as_text=True)


def test_any_other_broken_rule_of_the_tables_is_a_fault(app: Flask, browse: Callable[[str], Browser]) -> None:
    assert post(browse(AUTHOR_LOGIN), "/10130000/trial/rule", "k")[0] == 500


def deadlock(state: str) -> Exception:
    """What PostgreSQL says of a deadlock or a failed serialization, or SQLite of a lock held too long."""
    if state == "sqlite":
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        return OperationalError("UPDATE", {}, error)
    return OperationalError("UPDATE", {}, psycopg.errors.lookup(state)("met"))


@pytest.mark.parametrize("state", ["sqlite", "40P01", "40001"])
def test_an_act_whose_turn_did_not_come_may_be_sent_again(
    app: Flask, browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    author = browse(AUTHOR_LOGIN)

    def spend(key: str, location: str) -> None:
        raise deadlock(state)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(form_keys, "spend", spend)
        answer = author.client.post("/10130000/trial", data={"form_key": "k", "words": "Typed at length"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Typed at length" in answer.get_data(as_text=True)
    assert drafts(app) == 0
    assert post(author, "/10130000/trial", "k")[0] == 303


@pytest.mark.parametrize("met", [StaleDataError("no row matched"), deadlock("40P01"), deadlock("40001")])
def test_an_act_that_met_a_rival_at_the_row_is_done_once_more(
    app: Flask, browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch, met: Exception
) -> None:
    """With the file that came with it read from its beginning again."""
    author, spend, times = browse(AUTHOR_LOGIN), form_keys.spend, []

    def meet(key: str, location: str) -> None:
        times.append(key)
        if len(times) == 1:
            raise met
        spend(key, location)

    monkeypatch.setattr(form_keys, "spend", meet)
    sent = {"form_key": "k", "file": (io.BytesIO(b"Title in a file"), "title.txt")}
    assert author.client.post("/10130000/trial/upload", data=sent).status_code == 303
    assert times == ["k", "k"]
    with app.app_context(), acting_for(HOUSE, "test", writes=False) as mine:
        assert mine.scalars(select(Draft.title)).all() == ["Title in a file"]


def test_what_a_view_has_committed_by_itself_is_not_done_again(
    app: Flask, browse: Callable[[str], Browser]
) -> None:
    assert browse(AUTHOR_LOGIN).client.post("/10130000/trial/alone").status_code == 409
    assert drafts(app) == 1


def test_an_act_that_meets_rivals_again_is_told_so(
    app: Flask, browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []

    def meet(key: str, location: str) -> None:
        times.append(key)
        raise StaleDataError("no row matched")

    monkeypatch.setattr(form_keys, "spend", meet)
    answer = browse(AUTHOR_LOGIN).client.post("/10130000/trial", data={"form_key": "k", "words": "Typed"})
    assert (answer.status_code, len(times)) == (409, TIMES)
    page = answer.get_data(as_text=True)
    assert "Someone changed this meanwhile" in page
    assert "Typed" in page
    assert "A trial was begun." not in page
    assert drafts(app) == 0


def test_what_was_done_at_last_is_said_once(
    app: Flask, browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    author, spend, times = browse(AUTHOR_LOGIN), form_keys.spend, []

    def meet(key: str, location: str) -> None:
        times.append(key)
        if len(times) < TIMES:
            raise deadlock("40P01")
        spend(key, location)

    monkeypatch.setattr(form_keys, "spend", meet)
    assert post(author, "/10130000/trial", "k")[0] == 303
    assert author.get("/10130000/").text.count("A trial was begun.") == 1


def test_a_lock_held_too_long_is_said(
    app: Flask, browse: Callable[[str], Browser], database_url: str
) -> None:
    """The real thing: another writer holds the head of the chain, or SQLite's one lock."""
    patient = "SET lock_timeout = 200" if database_url.startswith("postgresql") else "PRAGMA busy_timeout=200"
    with app.app_context():
        engine = db.engine
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(patient))
    author = browse(AUTHOR_LOGIN)
    with unwalled(app) as rival:
        rival.execute(
            text("UPDATE audit_head SET serial = serial + 1 WHERE authority_path = :at"), {"at": HOUSE}
        )
        assert post(author, "/10130000/trial", "k")[0] == 503
        rival.rollback()
    assert post(author, "/10130000/trial", "k")[0] == 303


def test_another_officers_key_answers_nothing(app: Flask, browse: Callable[[str], Browser]) -> None:
    post(browse(AUTHOR_LOGIN), "/10130000/trial", "key-1")
    status, location = post(browse("10130000.officer.value"), "/10130000/trial", "key-1")
    assert (status, location) == (409, "")
    assert drafts(app) == 1


@pytest.mark.parametrize(("url", "status"), [("refused", 422), ("broken", 500)])
def test_what_is_refused_leaves_nothing_and_spends_nothing(
    app: Flask, browse: Callable[[str], Browser], url: str, status: int
) -> None:
    author = browse(AUTHOR_LOGIN)
    assert post(author, f"/10130000/trial/{url}", "key-1")[0] == status
    assert drafts(app) == 0
    with app.app_context(), acting_for(HOUSE, "test", writes=False) as mine:
        assert mine.scalar(raw(select(func.count()).select_from(SpentKey), "a test")) == 0
    assert post(author, "/10130000/trial", "key-1")[0] == 303


def test_a_read_changes_nothing(app: Flask, browse: Callable[[str], Browser]) -> None:
    assert browse(AUTHOR_LOGIN).client.get("/10130000/trial/read").status_code == 200
    assert drafts(app) == 0


def test_the_wrong_post_is_told_so_and_a_strange_authority_is_not_there(
    app: Flask, browse: Callable[[str], Browser]
) -> None:
    assert post(browse("10130000.head"), "/10130000/trial", "k")[0] == 403
    assert browse("10130000.head").client.get("/10130000/trial/authors").status_code == 403
    assert browse(AUTHOR_LOGIN).client.get("/10130000/trial/authors").status_code == 200
    assert post(browse(AUTHOR_LOGIN), "/10000000/trial", "k")[0] == 404
    assert post(browse(AUTHOR_LOGIN), "/99999999/trial", "k")[0] == 404
    assert post(browse("05100000.officer.goods"), "/10130000/trial", "k")[0] == 404
    assert drafts(app) == 0


def test_an_anonymous_visitor_is_asked_to_sign_in(app: Flask, browse: Callable[[str], Browser]) -> None:
    answer = browse("").client.get("/10130000/trial/read")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/10130000/trial/read")

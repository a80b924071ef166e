"""Sessions in the database: listed, ended, run out; and what was typed meanwhile is shown to its officer alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from portal.extensions import db
from portal.models import Draft, Officer, OfficerSession, OutboxMessage
from portal.store import sessions
from portal.store.engine import writing, writing_in_passing
from portal.store.gateway import raw
from portal.store.session import acting
from portal.workflow.clock import now
from tests import servers
from tests.browser import Browser, Page
from tests.cast import HOUSE, PASSWORD
from tests.factors import code, give_app
from tests.office import Office

LOGIN = "10130000.officer.goods"
OTHER = "10130000.officer.value"
Browse = Callable[[str], Browser]


def signed_in(browse: Browse, login: str = LOGIN) -> Browser:
    browser = browse("")
    browser.sign_in(login, PASSWORD)
    return browser


def alive(browser: Browser) -> bool:
    return browser.get("/account/sessions", follow=False).status == 200


def rows(app: Flask) -> list[OfficerSession]:
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        asked = select(OfficerSession).where(OfficerSession.begun_at < now() + timedelta(days=1))
        return list(mine.scalars(raw(asked.order_by(OfficerSession.id), "a test")))


def token(browser: Browser) -> str:
    with browser.client.session_transaction() as kept:
        return str(kept["token"])


def test_the_database_knows_a_session_only_by_its_hash(app: Flask, browse: Browse) -> None:
    browser = signed_in(browse)
    (row,) = rows(app)
    assert row.token_hash == sessions.hashed(token(browser))
    assert token(browser) not in str(vars(row))
    assert row.address == "127.0.0.1"


@pytest.mark.parametrize("made_up", ["", "x" * 43, "\ud800"])
def test_a_token_that_was_never_given_opens_nothing(browse: Browse, made_up: str) -> None:
    browser = signed_in(browse)
    with browser.client.session_transaction() as kept:
        kept["token"] = made_up
    assert not alive(browser)


def test_the_token_of_another_officer_opens_nothing(browse: Browse) -> None:
    mine, theirs = signed_in(browse), signed_in(browse, OTHER)
    stolen = token(theirs)
    with mine.client.session_transaction() as kept:
        kept["token"] = stolen
    assert not alive(mine)


def test_a_session_ends_when_nothing_is_asked_for_half_an_hour(app: Flask, browse: Browse) -> None:
    browser, begun = signed_in(browse), now()
    for minutes in (25, 50, 75):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            assert alive(browser), minutes
    with time_machine.travel(begun + timedelta(minutes=106), tick=False):
        assert not alive(browser)


def test_a_session_ends_after_half_a_day_however_busy(browse: Browse) -> None:
    browser, begun = signed_in(browse), now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            assert alive(browser), minutes
    with time_machine.travel(begun + timedelta(hours=12, minutes=1), tick=False):
        assert not alive(browser)


def test_the_last_seen_time_is_noted_ten_times_in_the_idle_span(app: Flask, browse: Browse) -> None:
    browser, begun = signed_in(browse), now().replace(microsecond=0)
    seen = []
    for seconds in (90, 170, 190, 300, 380):
        with time_machine.travel(begun + timedelta(seconds=seconds), tick=False):
            alive(browser)
            (row,) = rows(app)
            seen.append(round((row.last_seen_at - begun).total_seconds()))
    assert seen[:2] == [seen[0]] * 2
    assert seen[0] < 30, "not noted again within three of thirty minutes"
    assert seen[2:] == [190, 190, 380]


def test_no_page_waits_for_a_writer_to_note_that_its_officer_is_here(app: Flask, browse: Browse) -> None:
    browser, begun = signed_in(browse), now()
    with time_machine.travel(begun + timedelta(minutes=10)):
        with _busy(app):
            asked = time.monotonic()
            assert alive(browser)
            waited = time.monotonic() - asked
        assert (rows(app)[0].last_seen_at - begun) < timedelta(minutes=1), "nothing could be noted"
        assert waited < 5, "an act would wait for 15 s"
        assert alive(browser)
        assert (rows(app)[0].last_seen_at - begun) > timedelta(minutes=9), "the next page notes it"


@contextmanager
def _busy(app: Flask) -> Iterator[None]:
    """Another is writing: on SQLite anywhere, on PostgreSQL at the very row."""
    with servers.unwalled(app) as other:
        if other.dialect.name == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.execute(update(OfficerSession).values(address="elsewhere"))
        yield
        other.rollback()


def test_only_what_is_noted_in_passing_hardly_waits(app: Flask) -> None:
    """On one connection, in turn: how long it waits for others, and on SQLite how it waits for the disk."""
    asked = {"sqlite": ("PRAGMA busy_timeout", "PRAGMA synchronous"), "postgresql": ("SHOW lock_timeout",)}
    told = {"sqlite": [(50, 1), (15000, 2)], "postgresql": [("50ms",), ("0",)]}
    with app.app_context():
        name = db.engine.dialect.name
        found = [_told(way, asked[name]) for way in (writing_in_passing, writing) * 2]
    assert found == told[name] * 2


def _told(way: Callable[[], AbstractContextManager[None]], asked: tuple[str, ...]) -> tuple[object, ...]:
    with way(), db.engine.begin() as connection:
        return tuple(connection.exec_driver_sql(one).scalar() for one in asked)


def test_ones_sessions_are_listed_and_ended_one_by_one(app: Flask, browse: Browse) -> None:
    here, elsewhere, stranger = signed_in(browse), signed_in(browse), signed_in(browse, OTHER)
    page = here.get("/account/sessions")
    assert page.words.count("127.0.0.1") == 2
    assert page.words.count("this one") == 1
    numbers = {row.token_hash: row.id for row in rows(app)}
    mine, other = (numbers[sessions.hashed(token(one))] for one in (here, elsewhere))
    assert f"/account/sessions/{mine}/end" not in page.links(), "this one is signed out of at the top"
    assert f"/account/sessions/{other}/end" in page.links()
    asked = here.get(f"/account/sessions/{other}/end").form("/end")
    wrong = asked.submit(password="of somebody at an open screen")
    assert (wrong.status, alive(elsewhere)) == (422, True)
    assert asked.submit(password="").status == 422
    assert wrong.form("/end").submit(password=PASSWORD).status == 200
    assert (alive(here), alive(elsewhere), alive(stranger)) == (True, False, True)
    key = dict(here.get("/account/password").form("/account/password").values)
    theirs = numbers[sessions.hashed(token(stranger))]
    sent = {"csrf_token": key["csrf_token"], "form_key": key["form_key"], "password": PASSWORD}
    assert here.get(f"/account/sessions/{theirs}/end").status == 404
    assert here.post(f"/account/sessions/{theirs}/end", sent).status == 404
    assert alive(stranger)


def test_signing_out_everywhere_ends_all_and_is_told(app: Flask, browse: Browse) -> None:
    here, elsewhere, stranger = signed_in(browse), signed_in(browse), signed_in(browse, OTHER)
    assert "/account/sessions/end" in here.get("/account/sessions").links()
    asked = here.get("/account/sessions/end").form("/sessions/end")
    assert asked.submit(password="of somebody at an open screen").status == 422
    assert (alive(here), alive(elsewhere)) == (True, True)
    page = asked.submit(password=PASSWORD)
    assert page.response.request.path == "/sign-in"
    assert (alive(here), alive(elsewhere), alive(stranger)) == (False, False, True)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        assert mine.scalars(select(OutboxMessage.recipient)).one() == f"{LOGIN}@example.org"


def test_signing_out_ends_the_session_itself(browse: Browse) -> None:
    browser = signed_in(browse)
    kept = browser.client.get_cookie("portal")
    assert kept is not None
    browser.get("/10130000/").form("/sign-out").submit()
    browser.client.set_cookie("portal", kept.value)
    assert not alive(browser), "a cookie that was copied opens nothing any more"


def test_a_closed_account_has_no_session(app: Flask, browse: Browse) -> None:
    browser = signed_in(browse)
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.scalars(select(Officer).where(Officer.login == LOGIN)).one().closed_at = now()
    assert not alive(browser)


# What was typed while a session ran out.


def typing(app: Flask, browse: Browse) -> tuple[Browser, Page, int]:
    """An officer with the form of a section before him."""
    draft = Office(app).draft()
    browser = signed_in(browse)
    return browser, browser.get(f"/10130000/drafts/{draft}/sections/contact"), draft


def ended(app: Flask) -> None:
    """Let all sessions run out."""
    with app.app_context(), acting(HOUSE, "test") as mine:
        for row in mine.scalars(raw(select(OfficerSession), "a test")):
            row.last_seen_at = min(row.last_seen_at, now() - timedelta(hours=1))


PHONE = "+7 495 000-11-22"


def telephone(app: Flask, draft: int) -> str:
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        return str(mine.get_one(Draft, draft).text["contact"]["telephone"])


def test_what_was_typed_is_shown_again_and_sent(app: Flask, browse: Browse) -> None:
    _browser, form, draft = typing(app, browse)
    ended(app)
    asked = form.form("/sections/contact").submit(telephone=PHONE)
    assert asked.status == 401
    assert "Nothing that you typed is lost" in asked.words
    assert PHONE not in asked.text, "nobody reads it before he has signed in"
    wrong = asked.form("/sign-in").submit(login=LOGIN, password="wrong")
    again = wrong.form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert again.status == 200
    assert PHONE in again.words
    assert telephone(app, draft) != PHONE
    sent = again.form("/sections/contact").submit()
    assert sent.status == 200
    assert telephone(app, draft) == PHONE


def test_it_is_sent_once_and_at_the_version_at_which_it_was_shown(app: Flask, browse: Browse) -> None:
    _browser, form, draft = typing(app, browse)
    ended(app)
    asked = form.form("/sections/contact").submit(telephone=PHONE)
    signed_in(browse).get(f"/10130000/drafts/{draft}/sections/contact").form("/sections/contact").submit(
        telephone="+7 111"
    )
    again = asked.form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    stale = again.form("/sections/contact").submit()
    assert stale.status == 409
    assert PHONE in stale.text
    assert telephone(app, draft) == "+7 111"


def test_another_officer_never_sees_it(app: Flask, browse: Browse) -> None:
    _browser, form, _ = typing(app, browse)
    ended(app)
    asked = form.form("/sections/contact").submit(telephone=PHONE)
    answer = asked.form("/sign-in").submit(login=OTHER, password=PASSWORD)
    assert answer.status == 200
    assert PHONE not in answer.text
    assert answer.response.request.path == "/10130000/"


def test_it_comes_back_after_the_second_factor_too(app: Flask, browse: Browse) -> None:
    _browser, form, draft = typing(app, browse)
    give_app(app, LOGIN)
    ended(app)
    asked = form.form("/sections/contact").submit(telephone=PHONE)
    factor = asked.form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert PHONE not in factor.text
    again = factor.form("/sign-in/factor").submit(one_time_code=code())
    assert PHONE in again.words
    again.form("/sections/contact").submit()
    assert telephone(app, draft) == PHONE


def test_a_password_that_was_typed_is_not_kept(app: Flask, browse: Browse) -> None:
    browser = signed_in(browse)
    form = browser.get("/account/password").form("/account/password")
    ended(app)
    asked = form.submit(password=PASSWORD, new_password="seven quiet herons at dusk", again="x")
    again = asked.form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert again.status == 200
    names = {name for name, _ in again.form("/account/password").values}
    assert not names & {"password", "new_password", "again"}


def test_it_is_not_kept_for_ever_nor_taken_from_anybody(app: Flask, browse: Browse) -> None:
    _browser, form, _ = typing(app, browse)
    ended(app)
    asked = form.form("/sections/contact").submit(telephone=PHONE)
    sealed = dict(asked.form("/sign-in").values)["kept"]
    for broken in (sealed[:-4] + "AAAA", "x", "", "ключ"):
        page = browse("").get("/sign-in").form("/sign-in").submit(login=LOGIN, password=PASSWORD, kept=broken)
        assert PHONE not in page.text
        assert page.response.request.path == "/10130000/"
    with time_machine.travel(now() + timedelta(hours=13), tick=False):
        page = browse("").get("/sign-in").form("/sign-in").submit(login=LOGIN, password=PASSWORD, kept=sealed)
        assert PHONE not in page.text


def test_files_are_not_kept_and_the_page_says_so(app: Flask, browse: Browse) -> None:
    browser = signed_in(browse)
    form = browser.get("/10130000/history/upload").form("/history/upload")
    ended(app)
    sent = {**dict(form.values), "file": (BytesIO(b"a,b\n1,2\n"), "year.csv")}
    answer = browser.client.post("/10130000/history/upload", data=sent)
    page = Page(browser, answer, "/10130000/history/upload")
    again = page.form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert "Files are not kept" in again.words


def test_who_never_signed_in_is_led_to_the_sign_in_as_ever(browse: Browse) -> None:
    nobody = browse("")
    token = dict(nobody.get("/sign-in").form("/sign-in").values)["csrf_token"]
    answer = nobody.client.post("/10130000/drafts/new", data={"csrf_token": token, "title": "Typed"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_a_form_of_another_session_is_refused_with_what_was_typed(app: Flask, browse: Browse) -> None:
    browser, form, draft = typing(app, browse)
    browser.get("/10130000/").form("/sign-out").submit()
    browser.sign_in(LOGIN, PASSWORD)
    refused = form.form("/sections/contact").submit(telephone=PHONE)
    assert refused.status == 400
    assert PHONE in refused.words
    assert telephone(app, draft) != PHONE

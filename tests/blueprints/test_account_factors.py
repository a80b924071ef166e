"""Second factors: apps that show codes, recovery codes, posts that need one; taken once, told, in the trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.levels.roles import Post
from portal.models import AuditEntry, Factor, OutboxMessage, RecoveryCode
from portal.operations import second_factors
from portal.store import officers
from portal.store.session import acting
from portal.workflow.clock import now
from tests.browser import Browser, Page
from tests.cast import HOUSE, PASSWORD
from tests.factors import SECRET, code, give_app
from tests.office import Office

LOGIN = "10130000.officer.goods"
OTHER = "10130000.officer.value"
Browse = Callable[[str], Browser]


def half(browse: Browse, login: str = LOGIN, next_page: str = "") -> tuple[Browser, Page]:
    """A visitor who has given his password, before the page of the second factor."""
    browser = browse("")
    url = f"/sign-in?next={next_page}" if next_page else "/sign-in"
    return browser, browser.get(url).form("/sign-in").submit(login=login, password=PASSWORD)


def give(page: Page, typed: str, follow: bool = False) -> Page:
    return page.form("/sign-in/factor").submit(follow, one_time_code=typed)


def signed_in(browse: Browse, login: str = LOGIN) -> Browser:
    browser = browse("")
    browser.sign_in(login, PASSWORD)
    return browser


def add_app(browser: Browser, password: str = PASSWORD, drift: int = 0) -> tuple[Page, str]:
    """Add an app through the pages, as somebody would who types the secret; the answer, and the secret."""
    page = browser.get("/account/factors/app")
    secret = page.soup.find(class_="rp-secret").get_text().replace(" ", "").strip()
    shown = code(now() + timedelta(seconds=drift) if drift else None, secret)
    answer = page.form("/factors/app").submit(name="Telephone", one_time_code=shown, password=password)
    return answer, secret


def test_an_app_is_added_and_asked_for(app: Flask, browse: Browse) -> None:
    answer, secret = add_app(signed_in(browse))
    codes = [one.get_text() for one in answer.soup.select(".rp-codes code")]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){5}", one) for one in codes)
    browser, page = half(browse, next_page="/10130000/drafts")
    assert "Second factor" in page.words
    assert browser.get("/10130000/drafts", follow=False).status == 303, "the password alone opens nothing"
    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        done = give(page, code(secret=secret))
        assert (done.status, done.response.headers["Location"]) == (303, "/10130000/drafts")
        assert browser.get("/10130000/drafts", follow=False).status == 200


def test_the_secret_is_neither_readable_in_the_database_nor_in_the_trail(app: Flask, browse: Browse) -> None:
    answer, secret = add_app(signed_in(browse))
    codes = [one.get_text() for one in answer.soup.select(".rp-codes code")]
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        factor = mine.scalars(select(Factor)).one()
        hashes = list(mine.scalars(select(RecoveryCode.code_hash)))
        trail = str([(row.before, row.after) for row in mine.scalars(select(AuditEntry))])
    assert secret not in factor.secret
    assert len(hashes) == 10
    for word in (secret, factor.secret, *codes, *hashes):
        assert word not in trail


def test_the_wrong_first_code_or_password_adds_nothing(app: Flask, browse: Browse) -> None:
    browser = signed_in(browse)
    page, _ = add_app(browser, drift=-120)
    assert "not the code that the app shows" in page.words
    page, _ = add_app(browser, password="wrong")
    assert "not your password" in page.words
    secret = page.soup.find(class_="rp-secret").get_text().replace(" ", "").strip()
    again = page.form("/factors/app").submit(one_time_code=code(secret=secret), password=PASSWORD)
    assert again.soup.select(".rp-codes"), "the picture stays the same while the form is put right"


def test_the_secret_of_another_officer_is_not_taken(browse: Browse) -> None:
    theirs = signed_in(browse, OTHER).get("/account/factors/app")
    sealed = dict(theirs.form("/factors/app").values)["sealed"]
    secret = theirs.soup.find(class_="rp-secret").get_text().replace(" ", "").strip()
    mine = signed_in(browse).get("/account/factors/app").form("/factors/app")
    page = mine.submit(name="x", one_time_code=code(secret=secret), password=PASSWORD, sealed=sealed)
    assert page.status == 422
    assert "open too long" in page.words


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [(-30, False), (-11, False), (-10, True), (0, True), (19, True), (20, False), (30, False)],
)
def test_a_code_holds_for_its_half_minute(app: Flask, browse: Browse, seconds: int, taken: bool) -> None:
    give_app(app, LOGIN)
    with time_machine.travel(now().replace(second=10), tick=False):
        _, page = half(browse)
        assert give(page, code(now() + timedelta(seconds=seconds))).status == (303 if taken else 422)


def test_a_code_is_taken_once(app: Flask, browse: Browse) -> None:
    minute = now().replace(second=0, microsecond=0)

    def at(seconds: int) -> time_machine.travel:
        return time_machine.travel(minute + timedelta(seconds=seconds), tick=False)

    with at(-600):
        give_app(app, LOGIN)
    with at(10):
        (_, first), (_, second) = half(browse), half(browse)
        shown = code()
        assert give(first, shown).status == 303
        assert give(second, shown).status == 422
    with at(40):
        assert give(second, code()).status == 303
    with at(-15):  # what was sealed more than a minute ahead could not be read at all
        _, third = half(browse)
        assert give(third, code()).status == 422, "nor an unused one of before, should the clock be set back"


def test_of_many_at_once_one_is_let_in(app: Flask) -> None:
    give_app(app, LOGIN)
    with app.app_context():
        found = officers.credentials(LOGIN)
    assert found is not None
    shown = code()

    def accept(_: int) -> bool:
        with app.app_context():
            return second_factors.accept(found[0], shown)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(accept, range(8))) == 1


def test_a_recovery_code_stands_once_however_it_is_typed(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    _, page = half(browse)
    assert give(page, codes[3].replace("-", " ").lower()).status == 303
    _, page = half(browse)
    assert give(page, codes[3]).status == 422
    assert give(page, codes[4]).status == 303
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        told = list(
            mine.scalars(select(OutboxMessage.body).where(OutboxMessage.subject.like("A recovery code%")))
        )
    assert len(told) == 2


def test_a_recovery_code_has_a_hundred_and_twenty_bits_and_shorter_ones_of_before_still_stand(
    app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in give_app(app, LOGIN):
        assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){5}[A-HJ-NP-Z2-9]{4}", one), one
    with monkeypatch.context() as before:
        before.setattr(second_factors, "LETTERS", (16, 16))
        short = give_app(app, OTHER)[0]
    assert len(short) == 19
    _, page = half(browse, OTHER)
    assert give(page, short).status == 303


def test_one_officers_codes_are_nothing_to_another(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    give_app(app, OTHER, pyotp.random_base32())
    _, page = half(browse, OTHER)
    assert give(page, codes[0]).status == 422
    assert give(page, code()).status == 422


def test_guessing_codes_is_bounded_and_waiting_helps(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    _, page = half(browse)
    wrong = ["000000", "12 34 56", "abcdef", "", "AAAA-AAAA-AAAA-AAAA", "999999", "888888"]
    assert [give(page, typed).status for typed in wrong] == [422] * 6 + [429]
    assert give(page, codes[0]).status == 429
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        warned = mine.scalar(
            select(func.count())
            .select_from(OutboxMessage)
            .where(OutboxMessage.subject == "Someone gave your password and several wrong codes")
        )
    assert warned == 1
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        _, page = half(browse)
        assert give(page, codes[0]).status == 303


def test_wrong_codes_of_a_stranger_do_not_hold_up_a_known_device(app: Flask, browse: Browse) -> None:
    own = signed_in(browse)
    codes = give_app(app, LOGIN)
    own.get("/10130000/").form("/sign-out").submit()
    _, theirs = half(browse)
    assert [give(theirs, "000000").status for _ in range(6)][-1] == 429
    page = own.get("/sign-in").form("/sign-in").submit(login=LOGIN, password=PASSWORD)
    assert give(page, codes[0]).status == 303


def test_the_password_is_not_remembered_for_long(app: Flask, browse: Browse) -> None:
    give_app(app, LOGIN)
    _, page = half(browse)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        answer = give(page, code())
        assert answer.status == 422
        assert "too long ago" in answer.words
    assert browse("").get("/sign-in/factor", follow=False).status == 303


def test_a_factor_is_removed_with_the_password_and_its_codes_fall(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    browser, page = half(browse)
    give(page, codes[0])
    link = next(url for url in browser.get("/account/factors").links() if url.endswith("/remove"))
    assert browser.get(link).form("/remove").submit(password="wrong").status == 422
    page = browser.get(link).form("/remove").submit(password=PASSWORD)
    assert "no longer a second factor" in page.words
    assert browser.get(link).status == 404
    signed_in(browse)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        assert mine.scalars(select(Factor)).one().secret == ""
        standing = select(func.count(RecoveryCode.id)).where(RecoveryCode.void_at.is_(None))
        assert mine.scalar(standing.where(RecoveryCode.used_at.is_(None))) == 0
        assert (
            mine.scalar(
                select(func.count(OutboxMessage.id)).where(OutboxMessage.subject.like("A second factor was%"))
            )
            == 2
        )
        actions = set(mine.scalars(select(AuditEntry.action)))
    assert {"account.remove", "sign_in.second_factor"} <= actions


def test_what_is_another_officers_is_not_there(app: Flask, browse: Browse) -> None:
    give_app(app, OTHER)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        theirs = mine.scalar(select(Factor.id))
    browser = signed_in(browse)
    for url in (f"/account/factors/{theirs}/remove", "/account/factors/codes", "/account/factors/999/remove"):
        assert browser.get(url).status == 404
    key = dict(browser.get("/account/password").form("/account/password").values)
    sent = {"csrf_token": key["csrf_token"], "form_key": key["form_key"], "password": PASSWORD}
    assert browser.post(f"/account/factors/{theirs}/remove", sent).status == 404


def test_new_codes_replace_the_old(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    browser, page = half(browse)
    give(page, codes[0])
    page = browser.get("/account/factors/codes").form("/factors/codes").submit(password=PASSWORD)
    fresh = [one.get_text() for one in page.soup.select(".rp-codes code")]
    assert not set(fresh) & set(codes)
    _, page = half(browse)
    assert give(page, codes[1]).status == 422
    assert give(page, fresh[1]).status == 303


def test_the_secret_is_read_with_the_key_of_before(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "n" * 64
    _, page = half(browse)
    assert give(page, code()).status == 303
    _, page = half(browse)
    assert give(page, codes[0]).status == 303
    app.config["SECRET_KEY_FALLBACKS"] = []
    with time_machine.travel(now() + timedelta(seconds=90), tick=False):
        _, page = half(browse)
        assert give(page, code()).status == 303, "its use has sealed it anew"


def test_a_post_may_need_one(app: Flask, browse: Browse) -> None:
    app.config["ENVIRONMENT"] = replace(
        app.config["ENVIRONMENT"], second_factor_posts=frozenset({"registrar", "officer"})
    )
    browser = signed_in(browse)
    for url in ("/", "/10130000/", "/10130000/drafts"):
        answer = browser.get(url, follow=False)
        assert (answer.status, answer.response.headers["Location"]) == (303, "/account/factors")
    assert "Your post needs a second factor" in browser.get("/account/factors").words
    add_app(browser)
    assert browser.get("/10130000/drafts", follow=False).status == 200
    assert signed_in(browse, "10130000.head").get("/10130000/drafts", follow=False).status == 200


def test_the_operator_lets_in_who_lost_everything(app: Flask, browse: Browse) -> None:
    codes = give_app(app, LOGIN)
    browser, page = half(browse)
    give(page, codes[0])
    answer = app.test_cli_runner().invoke(args=["users", "reset-factors", LOGIN])
    assert (answer.exit_code, answer.output) == (0, f"{LOGIN}: second factors removed: 1; sessions ended\n")
    assert browser.get("/10130000/", follow=False).status == 303
    signed_in(browse)
    answer = app.test_cli_runner().invoke(args=["users", "reset-factors", "nobody"])
    assert answer.exit_code == 1
    assert "No open account" in answer.stderr


@pytest.mark.parametrize(
    ("second", "shown"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(second: int, shown: str) -> None:
    """RFC 6238, appendix B: the last six digits of its eight."""
    at = datetime.fromtimestamp(second, UTC)
    assert second_factors.step_of(SECRET, shown, at) == second // 30
    assert second_factors.step_of(SECRET, shown, at + timedelta(minutes=2)) is None


def test_a_signature_may_ask_for_a_code_too(app: Flask, browse: Browse) -> None:
    office, head = Office(app), "10130000.unit_head.goods"
    drafts = [office.draft(), office.draft()]
    for draft in drafts:
        office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    browser = browse(head)
    app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], signature_second_factor=True)
    first, second = (f"/10130000/documents/{draft}/sign" for draft in drafts)
    assert "one_time_code" not in browser.get(first).text, "who has no app is asked for none"
    give_app(app, head)
    with time_machine.travel((now() + timedelta(minutes=1)).replace(second=10), tick=False):

        def sign(url: str, typed: str) -> int:
            form = browser.get(url).form("/sign")
            assert "one_time_code" in dict(form.values), "there is a place to type it"
            return form.submit(False, password=PASSWORD, one_time_code=typed).status

        assert sign(first, "000000") == 422
        assert sign(first, code(now() - timedelta(minutes=5))) == 422
        assert sign(first, code()) == 303
        assert sign(second, code()) == 422, "each code is taken once, for whatever it was"
        _, page = half(browse, head)
        assert give(page, code()).status == 422, "nor does it open a session"
    with time_machine.travel((now() + timedelta(minutes=1)).replace(second=40), tick=False):
        assert sign(second, code()) == 303

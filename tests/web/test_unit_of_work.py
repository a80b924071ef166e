"""One transaction a request: keys spent once, reads without a trace, refusals that leave nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, redirect
from sqlalchemy import func, select

from portal.models import Draft, SpentKey
from portal.operations import drafting
from portal.store.gateway import raw
from portal.store.session import acting as acting_for
from portal.store.session import session
from portal.web.access import AUTHOR, MEMBER
from portal.web.acting import acting
from portal.web.blueprint import PortalBlueprint
from tests.browser import Browser
from tests.cast import HOUSE

AUTHOR_LOGIN = "10130000.officer.goods"


@pytest.fixture
def app(app: Flask) -> Flask:
    """The portal with three routes that do what a good and a bad page would do."""
    trial = PortalBlueprint("trial", __name__)

    def begin() -> str:
        drafting.begin(acting().acts, "Trial", "profile", "regional")
        return str(session().scalar(select(func.count(Draft.id))))

    @trial.post("/<code>/trial", access=AUTHOR)
    def make():  # type: ignore[no-untyped-def]
        return redirect(f"/{acting().code}/trial/{begin()}", 303)

    @trial.post("/<code>/trial/refused", access=AUTHOR)
    def refuse():  # type: ignore[no-untyped-def]
        begin()
        return "mend it", 422

    @trial.post("/<code>/trial/broken", access=AUTHOR)
    def fail():  # type: ignore[no-untyped-def]
        begin()
        raise RuntimeError("unforeseen")

    @trial.get("/<code>/trial/read", access=MEMBER)
    def read():  # type: ignore[no-untyped-def]
        return begin()

    app.register_blueprint(trial)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


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
    assert post(browse(AUTHOR_LOGIN), "/10000000/trial", "k")[0] == 404
    assert post(browse(AUTHOR_LOGIN), "/99999999/trial", "k")[0] == 404
    assert post(browse("05100000.officer.goods"), "/10130000/trial", "k")[0] == 404
    assert drafts(app) == 0


def test_an_anonymous_visitor_is_asked_to_sign_in(app: Flask, browse: Callable[[str], Browser]) -> None:
    answer = browse("").client.get("/10130000/trial/read")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/10130000/trial/read")

"""What the log says of refusals, and that nothing typed by a visitor writes lines of its own."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.browser import Browser
from tests.cast import PASSWORD
from tests.factors import give_app
from tests.office import Office

logs = pytest.importorskip("portal.logs", reason="the log of requests is not in this tree: NOT tested")
Browse = Callable[[str], Browser]
LOGIN = "10130000.officer.goods"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What production writes to standard error, line by line."""
    told = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", told)
    logs.configure("json")
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines() if line]
    root.handlers[:] = before
    root.setLevel(level)


def requests(lines: list[dict[str, Any]], status: int) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("event") == "request" and line.get("status") == status]


def test_a_refusal_leaves_a_line_that_says_who_what_and_when(browse: Browse, written: Any) -> None:
    assert browse("10130000.inspector").get("/10130000/audit").status == 403
    (line,) = requests(written(), 403)
    assert line["endpoint"] == "audit.listing"
    assert isinstance(line["officer"], int)
    assert line["acting_at"] == "10130000"
    assert line["method"] == "GET"
    moment = datetime.fromisoformat(line["timestamp"])
    assert moment.utcoffset() is not None
    assert moment.utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert line["request_id"]


def test_a_form_without_its_token_leaves_a_line(browse: Browse, written: Any) -> None:
    browse("").client.post("/sign-in", data={"login": LOGIN, "password": "x"})
    (line,) = requests(written(), 400)
    assert (line["endpoint"], line["method"]) == ("sign_in.enter", "POST")


def test_a_hostile_address_stays_within_its_line(browse: Browse, written: Any) -> None:
    planted = '{"event": "request", "status": 200, "officer": 1}'
    visitor = browse(LOGIN).client
    for url in (
        f"/10130000/%0a{planted}",
        f"/10130000/drafts?q=%0d%0a{planted}",
        f"/sign-in?next=%0a{planted}",
    ):
        visitor.get(url, headers={"User-Agent": "x\t" + planted, "X-Request-ID": planted})
    lines = written()
    assert len(requests(lines, 200)) + len(requests(lines, 303)) + len(requests(lines, 404)) == 3
    assert not [line for line in lines if "request_id" not in line and line.get("event") == "request"]
    assert not [line for line in lines if line.get("officer") == 1 and len(line) < 5]


def test_what_was_typed_at_the_sign_in_is_not_logged(browse: Browse, written: Any) -> None:
    form = browse("").get("/sign-in").form("/sign-in")
    form.submit(False, login="someone-unheard-of", password="a-password-unheard-of")
    text = json.dumps(written())
    assert "sign_in.enter" in text
    assert "a-password-unheard-of" not in text


def test_lines_go_to_standard_error_alone(written: Any) -> None:
    logs.configure("json")
    handlers = [one for one in logging.getLogger().handlers if "_pytest" not in type(one).__module__]
    assert [type(one) for one in handlers] == [logging.StreamHandler]
    assert [one.stream for one in handlers] == [sys.stderr]  # type: ignore[attr-defined]
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("portal"):
            assert logging.getLogger(name).handlers == [], name


def test_a_failure_to_sign_in_leaves_a_line_with_its_way_and_account(
    app: Any, browse: Browse, written: Any
) -> None:
    """The officer's id where he is known, never what was typed."""
    account = Office(app).officer(LOGIN)
    give_app(app, LOGIN)
    sign_in = browse("").get("/sign-in").form("/sign-in")
    for login in (LOGIN, "someone-unheard-of"):
        sign_in.submit(False, login=login, password="a-password-unheard-of")
    visitor = browse("")
    visitor.get("/sign-in").form("/sign-in").submit(False, login=LOGIN, password=PASSWORD)
    page = visitor.get("/sign-in/factor")
    for _ in range(6):
        page.form("/sign-in/factor").submit(False, one_time_code="000000")
    lines = [line for line in written() if str(line.get("event", "")).startswith("authentication ")]
    said = [(line["event"].split(" ", 1)[1], line["way"], line["account"]) for line in lines]
    assert said[:2] == [("failed", "password", account), ("failed", "password", None)]
    assert said[2:7] == [("failed", "code", account)] * 5
    assert said[7:] == [("held up", "code", account)]
    assert all(line["level"] == "warning" and line["request_id"] for line in lines)
    assert "unheard-of" not in json.dumps(lines)


def test_a_wrong_password_given_again_leaves_one_too(app: Any, browse: Browse, written: Any) -> None:
    form = browse(LOGIN).get("/account/password").form("/account/password")
    form.submit(
        False,
        password="a-password-unheard-of",
        new_password="saddle vinegar ocean pylon",
        again="saddle vinegar ocean pylon",
    )
    (line,) = [line for line in written() if line.get("event") == "authentication failed"]
    assert (line["way"], line["account"]) == ("password again", Office(app).officer(LOGIN))

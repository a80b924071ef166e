"""What was typed is told by the labels of its form, whether the form was made or the request refused before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField

from portal.levels.roles import Post
from portal.web import typed as known
from portal.web.fields import One, Several, choices
from portal.web.forms import PortalForm, made
from portal.web.typed import labelled, typed
from portal.workflow.move import CARRIES
from tests.browser import Browser
from tests.cast import HOUSE
from tests.office import Office

SENT = {"version": "3", "password": "secret", "berth": "North", "day": "2", "goods": ["a", "b"], "next": "x"}


class BerthForm(PortalForm):
    """A form that no page of the portal has."""

    berth = StringField("Berth of the ship")
    day = One("Day of the week", choices=choices([("1", "Monday"), ("2", "Tuesday")]))
    goods = Several("Goods on board", choices=choices([("a", "Apples"), ("b", "Bricks")]))
    next = HiddenField()


class LongerBerthForm(BerthForm):
    """Fits too, but has more fields."""

    berth = StringField("Another label")
    more = StringField(lazy_gettext("Reason"))


@pytest.fixture
def told(app: Flask) -> Any:
    def told(*, made: bool, data: dict[str, Any] = SENT) -> list[tuple[str, str]]:
        with app.test_request_context("/", method="POST", data=data):
            if made:
                BerthForm()
            return typed()

    return told


def test_labels_and_words_of_what_was_chosen(told: Any) -> None:
    assert told(made=True) == [
        ("Berth of the ship", "North"),
        ("Day of the week", "Tuesday"),
        ("Goods on board", "Apples, Bricks"),
    ]


def test_a_request_refused_before_its_form_is_told_by_the_smallest_that_fits(told: Any) -> None:
    assert told(made=False)[:2] == [("Berth of the ship", "North"), ("Day of the week", "2")]
    assert told(made=False, data={"berth": "North", "more": "R"}) == [
        ("Another label", "North"),
        ("Reason", "R"),
    ]


def test_what_no_form_has_keeps_its_name(told: Any, app: Flask) -> None:
    assert told(made=False, data={"berth": "North", "unheard": "of"}) == [
        ("berth", "North"),
        ("unheard", "of"),
    ]
    with app.test_request_context("/"):
        BerthForm()
        assert labelled([("unheard", "of"), ("day", "1")]) == [
            ("unheard", "of"),
            ("Day of the week", "Monday"),
        ]


def test_a_form_of_one_request_is_told_to_nobody_else(told: Any, app: Flask) -> None:
    """Its labels may be the words of another tenant, such as the questions of a profile."""
    with app.test_request_context("/"):
        made("AnswerForm", PortalForm, {"answer_0": StringField("Is the seal of carrier X broken?")})()
    assert told(made=False, data={"answer_0": "yes"}) == [("answer_0", "yes")]


def test_a_decision_is_told_by_its_labels_before_its_form_is_made(told: Any) -> None:
    sent = {"justification": "No loss", "information_from": "Letter"}
    assert told(made=False, data=sent) == [
        ("Justification", "No loss"),
        (str(CARRIES["information_from"].label), "Letter"),
    ]


def test_pages_leave_no_kind_of_form_behind(app: Flask, browse: Callable[[str], Browser]) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    browser, other = browse("10130000.unit_head.goods"), browse("10130000.officer.goods")
    counted = []
    for _ in range(2):
        assert browser.get(f"/10130000/documents/{draft}/sign").status == 200
        assert other.get(f"/10130000/drafts/{office.draft()}/sections/territory").status == 200
        counted.append(list(known._KINDS))
    assert counted[0] == counted[1]

"""What was typed is told by the labels of its form, whether the form was made or the request refused before."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField

from portal.web.fields import One, Several, choices
from portal.web.forms import PortalForm
from portal.web.typed import labelled, typed

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

"""A form takes words for its fields and files for those that ask for one, whatever else is sent."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Optional

from portal.web.fields import Day
from portal.web.forms import PortalForm


class Letter(PortalForm):
    title = StringField("Title")
    day = Day("Day")
    enclosed = FileField("Enclosed", [Optional()])


def filled(app: Flask, **sent: object) -> Letter:
    with app.test_request_context("/", method="POST", **sent):  # type: ignore[arg-type]
        return Letter(meta={"csrf": False})


def test_a_file_is_no_text(plain_app: Flask) -> None:
    form = filled(plain_app, data={"title": "A", "day": (io.BytesIO(b"x"), "a.txt")})
    assert (form.title.data, form.day.data, form.day.errors) == ("A", None, ())


def test_a_file_goes_where_one_is_asked_for(plain_app: Flask) -> None:
    form = filled(plain_app, data={"day": "2026-11-20", "enclosed": (io.BytesIO(b"x"), "a.txt")})
    assert form.enclosed.data.filename == "a.txt"
    assert form.day.iso == "2026-11-20"


def test_text_is_no_file(plain_app: Flask) -> None:
    assert not filled(plain_app, data={"enclosed": "words"}).enclosed.data


@pytest.mark.parametrize("body", ["[1]", "1", '{"title": "A"}', "null", "[", '{"day": {}}'])
def test_json_fills_no_form(plain_app: Flask, body: str) -> None:
    form = filled(plain_app, data=body, content_type="application/json")
    assert (form.title.data, form.day.data) == (None, None)

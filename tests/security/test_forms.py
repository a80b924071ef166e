"""A form takes what it asks for and nothing besides."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from portal.models import Draft
from portal.store.session import acting
from tests.browser import Browser
from tests.cast import HOUSE

Browse = Callable[[str], Browser]
PLANTED = {
    "id": "777",
    "status": "in_force",
    "number": "00/10130/01012026/00001",
    "authority_path": "eeu.am.",
    "author_id": "1",
    "row_version": "99",
    "signatures": "1",
    "demonstration": "1",
}


def test_what_a_form_does_not_ask_for_is_not_taken(app: Flask, browse: Browse) -> None:
    form = browse("10130000.officer.goods").get("/10130000/drafts/new").form("/drafts/new")
    assert not set(PLANTED) & {name for name, _ in form.values}
    assert form.submit(False, title="Footwear", **PLANTED).status == 303
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        draft = mine.scalars(select(Draft).where(Draft.title == "Footwear")).one()
        assert (draft.authority_path, draft.status, draft.number) == (HOUSE, "drafting", None)
        assert draft.id != 777

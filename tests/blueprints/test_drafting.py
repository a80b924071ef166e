"""The pages of drafts: the list, the beginning, the sections, the tabs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser import Browser
from tests.office import Office

AUTHOR = "10130000.officer.goods"
Browse = Callable[[str], Browser]


def begun(browse: Browse, **typed: str) -> tuple[Browser, str]:
    """A draft begun through the page, with its address."""
    author = browse(AUTHOR)
    form = author.get("/10130000/drafts/new").form("/drafts/new")
    answer = form.submit(
        follow=False, **{"title": "Footwear", "kind": "profile", "scope": "regional", **typed}
    )
    assert answer.status == 303, answer.words
    return author, answer.response.headers["Location"]


def test_a_draft_is_begun_and_listed(browse: Browse) -> None:
    author, url = begun(browse)
    shown = author.get(url)
    assert "Footwear" in shown.words
    assert "Draft: risk profile, version 1" in shown.words
    listed = author.get("/10130000/drafts")
    assert url in listed.links()


@pytest.mark.parametrize(
    "tab", ["", "/note", "/remarks", "/signatures", "/versions", "/history", "/print/text", "/print/note"]
)
def test_every_tab_of_a_signed_draft_is_shown(app: Flask, browse: Browse, tab: str) -> None:
    draft = Office(app).registered_draft()
    page = browse(AUTHOR).get(f"/10130000/drafts/{draft}{tab}")
    assert page.status == 200, page.words
    assert "Footwear from third countries" in page.words

"""The list of drafts: filters in its address, pages by key, export, its region alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from portal.levels.roles import Post
from portal.operations import drafting
from portal.store.session import acting, session
from tests import texts
from tests.browser import Browser
from tests.cast import HOUSE
from tests.office import Office

AUTHOR = "10130000.officer.goods"
Browse = Callable[[str], Browser]


def drafts(app: Flask, count: int, **header: str) -> None:
    acts = Office(app).acts(HOUSE, Post.OFFICER, "goods")
    with app.app_context(), acting(HOUSE, "test"):
        for number in range(count):
            drafting.begin(
                acts, header.get("title", f"Draft {number:03}"), "profile", header.get("scope", "regional")
            )
            session().flush()


def test_the_list_is_filtered_by_its_address(app: Flask, browse: Browse) -> None:
    office = Office(app)
    office.draft(text=texts.complete(title="Игрушки из пластмассы"))
    office.registered_draft()
    author = browse(AUTHOR)

    def titles(query: str) -> list[str]:
        page = author.get(f"/10130000/drafts?{query}")
        return [a.get_text(strip=True) for a in page.soup.select("tbody th a")]

    toys, footwear = "Игрушки из пластмассы", "Footwear from third countries"
    assert titles("") == [footwear, toys]
    assert titles("status=registered") == [footwear]
    assert titles("words=игрушки") == [toys]
    assert titles("words=FOOTWEAR") == [footwear]
    assert titles(f"words={office.number(2)}") == [footwear]
    assert titles("scope=national") == []
    assert titles("mine=y") == [footwear, toys]
    assert titles("late=y") == []
    assert titles("status=nonsense") == [footwear, toys]
    empty = author.get("/10130000/drafts?scope=national&status=registered")
    assert "Nothing fits these filters" in empty.words
    assert "/10130000/drafts?status=registered" in empty.links()


def test_an_empty_list_says_what_belongs_there(browse: Browse) -> None:
    page = browse(AUTHOR).get("/10130000/drafts")
    assert "No drafts yet" in page.words
    assert "/10130000/drafts/new" in page.links()
    assert "/10130000/drafts/new" not in browse("10130000.auditor").get("/10130000/drafts").links()


def test_pages_of_the_list_go_on_by_key_there_and_back(app: Flask, browse: Browse) -> None:
    drafts(app, 105)
    author = browse(AUTHOR)

    def walk(url: str, word: str) -> list[list[str]]:
        found = []
        while url:
            page = author.get(url)
            found.append([a.get_text(strip=True) for a in page.soup.select("tbody th a")])
            links = [a for a in page.soup.select(".rp-pager a") if word in a.get_text()]
            url = str(links[0]["href"]) if links else ""
        return found

    there = walk("/10130000/drafts?mine=y", "Older")
    assert [len(rows) for rows in there] == [50, 50, 5]
    assert [title for rows in there for title in rows] == [
        f"Draft {number:03}" for number in range(104, -1, -1)
    ]
    back = walk("/10130000/drafts?mine=y&older=6", "Newer")
    assert [rows[0] for rows in back] == ["Draft 004", "Draft 054", "Draft 104"]


def test_the_export_holds_the_filtered_lines_and_no_formula(app: Flask, browse: Browse) -> None:
    drafts(app, 1, title="=HYPERLINK(1)")
    Office(app).registered_draft()
    answer = browse(AUTHOR).client.get("/10130000/drafts.csv?status=drafting")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[2] for row in rows] == ["Title", "'=HYPERLINK(1)"]
    assert len(list(csv.reader(io.StringIO(browse(AUTHOR).client.get("/10130000/drafts.csv").text)))) == 3


def test_the_list_alone_answers_a_request_for_its_region(app: Flask, browse: Browse) -> None:
    Office(app).draft()
    author = browse(AUTHOR)
    part = author.get("/10130000/drafts", **{"HX-Request": "true", "HX-Target": "documents"})
    assert part.text.strip().startswith('<div id="documents">')
    assert "Footwear from third countries" in part.text


def test_a_list_asks_the_database_no_more_for_fifty_lines_than_for_one(app: Flask, browse: Browse) -> None:
    author = browse(AUTHOR)
    drafts(app, 1)
    author.get("/10130000/drafts")
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    author.get("/10130000/drafts")
    for_one = len(asked)
    drafts(app, 49)
    asked.clear()
    author.get("/10130000/drafts")
    assert len(asked) == for_one
    assert for_one < 20

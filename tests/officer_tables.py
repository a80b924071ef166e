"""Tables of officers as administrators send them, and what comes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from xlsxwriter import Workbook

from portal.models import Officer, Post, Unit
from portal.store.session import acting
from tests.browser import Browser, Page

Browse = Callable[[str], Browser]
SENDER, ABOVE, BELOW = "10130000.administrator", "10100000.administrator", "10130010.administrator"
NEW = "/10130000/officer-imports/new"
HEADS = [
    "Login",
    "Name",
    "E-mail",
    "Language",
    "Authority code",
    "Unit",
    "Post",
    "Since",
    "Until",
    "Acting for",
]
GOOD = ["ivanov", "Иванов И. И.", "i@example.org", "ru", "10130000", "Goods unit", "Officer of the unit",
        "2026-01-15", "", ""]  # fmt: skip
POINT = ["petrov", "Петров П. П.", "", "", "10130010", "", "inspector", "15.01.2026", "2026-12-31", "Сидоров"]


def sheet(*rows: list[Any], heads: list[str] = HEADS) -> bytes:
    made = io.BytesIO()
    with Workbook(made, {"strings_to_formulas": True}) as book:
        page, days = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate([heads, *rows]):
            for place, cell in enumerate(row):
                page.write(number, place, cell, *([days] if isinstance(cell, date) else []))
    return made.getvalue()


def text(*rows: list[str], heads: list[str] = HEADS, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter).writerows([heads, *rows])
    return made.getvalue().encode(encoding)


def send(browser: Browser, content: bytes, name: str = "officers.xlsx") -> Page:
    form = browser.get(NEW).form("/new")
    data: dict[str, Any] = {key: value for key, value in form.values if key != "file"}
    return browser.post(NEW, data | {"file": (io.BytesIO(content), name)})


def faults(page: Page) -> dict[tuple[str, str], str]:
    """What is said beside the cells of the table shown back, by row number and cell text."""
    found = {}
    for row in page.soup.select("table.rp-table tbody tr"):
        for cell in row.select("td.rp-wrong"):
            said = cell.find(class_="rp-error").get_text(" ", strip=True).removeprefix("Error:").strip()
            first = cell.find(string=True, recursive=False)
            found[row.th.get_text(strip=True), str(first or "").strip()] = said
    return found


def counted(app: Flask, model: type) -> int:
    with app.app_context(), acting("eeu.ru.", "test", writes=False) as mine:
        return mine.scalar(select(func.count(model.id))) or 0  # type: ignore[attr-defined]


def officer(app: Flask, login: str) -> dict[str, Any]:
    with app.app_context(), acting("eeu.ru.", "test", writes=False) as mine:
        one = mine.scalars(select(Officer).where(Officer.login == login)).one()
        held = mine.scalars(select(Post).where(Post.officer_id == one.id)).one()
        unit = mine.get(Unit, held.unit_id).name_en if held.unit_id else ""  # type: ignore[union-attr]
        return {
            "name": one.name, "email": one.email, "locale": one.locale, "path": one.authority_path, "unit": unit,
            "must": one.must_change_password, "post": held.post, "since": held.since, "until": held.until,
            "acting_for": held.acting_for, "held_at": held.authority_path,
        }  # fmt: skip


def last(row: Any) -> str:
    return str(row.select("td")[-1].get_text(strip=True))


def confirmed(app: Flask, browse: Browse, *rows: list[Any]) -> Page:
    send(browse(SENDER), sheet(*rows))
    return browse(ABOVE).get("/10100000/officer-imports/1/confirm").form("/confirm").submit()

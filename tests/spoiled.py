"""Writes markup that would run into every free text that a furnished portal stores: by its forms, then past them."""

from __future__ import annotations

from itertools import cycle
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Table, select, update

from portal.models import Authority, Check, Document, Hit, ImportBatch, Officer, Publication, Unit
from tests import forms, past, servers
from tests.forms import FITTING, Shown, Upload

#: By this word the markup is found again where it is shown as text.
WORD = "zqx"
#: What a script of it would leave behind.
RAN = "window.__ran=(window.__ran||0)+1"
MARKUP = (
    f'{WORD}"><img src=x onerror="{RAN}">',
    f"{WORD}</textarea></title><svg onload={RAN}>",
    f"{WORD}</script><script>{RAN}</script>",
    f"{WORD}' autofocus onfocus='{RAN}' x='",
    f'{WORD}" autofocus onfocus="{RAN}" x="',
    f"javascript:{RAN}//{WORD}",
    f"{WORD}{{{{7*7}}}}<iframe srcdoc='<script>top.{RAN[7:]}</script>'>",
    f"<a href=javascript:{RAN}>{WORD}</a>",
    f"{WORD}<link rel=stylesheet href=//evil.example/x><base href=//evil.example/>",
    f"<b hx-get=/evil hx-trigger=load hx-on::load={RAN}>{WORD}</b>",
)
FILE = f"{WORD}'><img src=x onerror={RAN}>.csv"
#: Forms that end a session, an account or an authority, or change a password: those behind could not be sent.
SPARED = (
    "account.", "sign_in.", "preferences.", "administration.close", "administration.end_post",
    "officer_import.give_passwords", "officer_import.passwords",
)  # fmt: skip
#: Texts that forms write only now and then, or that stand in copies.
COLUMNS: dict[Any, tuple[str, ...]] = {
    Authority: ("name_en", "name_ru"), Unit: ("name_en", "name_ru"), Officer: ("name",), Document: ("title",),
    Publication: ("title",), Hit: ("profile_title",), Check: ("description",), ImportBatch: ("name",),
}  # fmt: skip


def spoil(app: Flask) -> dict[str, set[int]]:
    """Send all forms and rewrite the columns; the statuses with which each form was answered."""
    answers = _send(app)
    with servers.unwalled(app) as connection:
        for model, names in COLUMNS.items():
            _rewrite(connection, model.__table__, names)
    return answers


def _send(app: Flask) -> dict[str, set[int]]:
    texts, chance = cycle(MARKUP), Random(1)
    answers: dict[str, set[int]] = {}
    for one in forms.shown(app, forms.pages()):
        if one.login and not one.endpoint.startswith(SPARED):
            for sparing in (False, True):
                form = _again(app, one)
                if form is None:
                    break
                typed = {
                    name: next(texts) for name in sorted(_free(form)) if not (sparing and _is_coded(name))
                }
                files = [
                    (c.name, _file(form))
                    for c in form.controls
                    if c.kind == "file" and "mapping" not in c.name
                ]
                sent = forms.filled(form, chance, **typed)
                answer = forms.send(forms.browser(app, form.login), form.action, sent, files or None)
                answers.setdefault(form.name, set()).add(answer.status_code)
                if answer.status_code < 400:
                    break
    return answers


def _again(app: Flask, form: Shown) -> Shown | None:
    """The form as it stands now; None when what was sent before has taken it away."""
    answer = forms.browser(app, form.login).client.get(form.page)
    if answer.status_code != 200:
        return None
    found = forms.on_page(app, form.login, form.page, answer.get_data(as_text=True))
    return next((one for one in found if (one.name, one.names) == (form.name, form.names)), None)


def _free(form: Shown) -> set[str]:
    return {one.name for one in form.controls if one.kind in ("text", "textarea", "search", "tel")}


def _is_coded(name: str) -> bool:
    """Whether only some words fit, such as a code or a number."""
    return name.endswith((*FITTING, "_date", "_on", "day", "since"))


def _file(form: Shown) -> Upload:
    if form.endpoint.startswith("officer_import"):
        rows = [
            f'{WORD}{n},"{markup.replace(chr(34), chr(34) * 2)}",10130010,inspector'
            for n, markup in enumerate(MARKUP)
        ]
        return Upload(FILE, "\n".join(["login,name,authority,post", *rows]).encode())
    rows = [
        row.replace("IMPORTER", '"' + MARKUP[0].replace('"', '""') + '"').replace('"-', "-")
        for row in past.ROWS[1:2]
    ]
    faulty = f"F1,1,{MARKUP[7]},10130010,640399,CN,CN,I,10,40,1"
    return Upload(FILE, "\n".join([past.HEADER, *rows, faulty]).encode())


def _rewrite(connection: Connection, table: Table, names: tuple[str, ...]) -> None:
    texts = cycle(MARKUP)
    for row in connection.execute(select(table)).mappings().all():
        spoiled = {name: f"{next(texts)} {row['id']} {row[name]}"[:200] for name in names}
        connection.execute(update(table).where(table.c.id == row["id"]).values(spoiled))

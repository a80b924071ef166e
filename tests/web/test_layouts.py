"""The frame of every page and the pages of refusal, rendered whole."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from flask import Flask, render_template
from flask_babel import Babel
from flask_wtf import CSRFProtect

from portal.web import assets, filters

PORTAL = Path(__file__).parents[2] / "portal"
REFUSALS = sorted(path.name for path in (PORTAL / "templates" / "errors").glob("*.html"))
MOMENT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
OFFICER = {
    "officer": SimpleNamespace(name="A. Petrova", post_names=["Executor"]),
    "acting": SimpleNamespace(
        code="10130000",
        name="Moscow house",
        level="regional",
        trail=[("EEU", None), ("Russia", "/ru"), ("House", None)],
    ),
    "navigation": [
        SimpleNamespace(group="", label="My desk", url="/desk", active=True, count=7),
        SimpleNamespace(group="Registers", label="Drafts", url="/drafts", active=False, count=None),
    ],
    "switch_authority": [("Central RTU", "/a/10100000")],
    "search_url": "/search",
    "alerts_url": "/alerts",
    "sign_out_url": "/out",
    "account_url": "/account",
    "help_url": "/help",
    "home_url": "/desk",
    "alerts_count": 3,
    "session_frame": {"id": 5, "idle": 1800, "ends": 43200},
}
NOBODY = dict.fromkeys(OFFICER) | {"navigation": [], "switch_authority": []}
REQUEST = {
    "locale": "en",
    "languages": [("en", "English", "/en"), ("ru", "Русский", "/ru")],
    "now": MOMENT,
    "zone": "Europe/Moscow",
}

DESK = """{% extends "layout/base.html" %}
{% block title %}Desk{% endblock %}
{% block main %}<h1>Desk</h1>{% endblock %}"""


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("portal", static_folder=str(PORTAL / "static"))
    app.secret_key = "only for this test"
    app.jinja_loader = jinja2.ChoiceLoader(
        [jinja2.FileSystemLoader(PORTAL / "templates"), jinja2.DictLoader({"desk.html": DESK})]
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    Babel(app, locale_selector=lambda: "en")
    CSRFProtect(app)
    filters.install(app)
    assets.install(app)
    app.jinja_env.globals["form_key"] = lambda: "key"
    with app.test_request_context():
        yield app


def check_page(html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    shown = re.sub(r"<template.*?</template>", "", html, flags=re.S)
    assert len(re.findall(r"<h1[ >]", shown)) == 1
    assert re.search(r"<title>\s*\S.* · Customs risk portal</title>", html)
    assert '<html lang="en">' in html
    assert len(re.findall(r"<main[ >]", html)) == 1
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("officer", [OFFICER, NOBODY], ids=["officer", "nobody"])
def test_a_page_stands_in_its_frame(app, officer):
    check_page(render_template("desk.html", **REQUEST, **officer))


def test_the_frame_says_where_the_officer_is(app):
    html = render_template("desk.html", **REQUEST, **OFFICER)
    assert re.findall(r'<a href="/desk" aria-current="page">', html) != []
    assert re.search(
        r'aria-label="Level">.*<a href="/ru">Russia</a>.*aria-current="location">House<', html, re.S
    )
    assert 'href="/a/10100000">Central RTU</a>' in html
    assert re.search(r'<form[^>]*method="post" action="/out">.*csrf_token', html, re.S)


def test_nobody_is_offered_nothing(app):
    html = render_template("desk.html", **REQUEST, **NOBODY)
    assert "Sign out" not in html
    assert 'type="search"' not in html
    assert "rp-side" not in html


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_a_whole_page(app, name):
    given = {"reason": None, "back_url": None, "mine": [("Reason", "typed")], "theirs": [("Reason", "kept")]}
    given |= {"changed_by": "I. Ivanov", "changed_at": MOMENT, "reload_url": "/again", "answered": 409}
    given |= {"waits": 5, "still": False}
    check_page(render_template(f"errors/{name}", **REQUEST, **NOBODY, **given))


def test_a_stale_form_shows_both_versions(app):
    given = {"changed_by": None, "changed_at": None, "reload_url": "/again"}
    html = render_template(
        "errors/stale.html",
        **REQUEST,
        **NOBODY,
        **given,
        mine=[("Reason", "typed")],
        theirs=[("Reason", "kept")],
    )
    assert re.search(r"What you typed.*typed.*What is kept now.*kept", html, re.S)


def test_the_fault_page_needs_no_context(app):
    assert "nothing of it was kept" in render_template("errors/500.html")


def test_every_asset_of_the_frame_is_served_by_the_portal(app):
    html = render_template("desk.html", **REQUEST, **OFFICER)
    found = re.findall(r'(?:src|href)="(/static/[^"?]+)', html)
    assert len(found) == 5
    client = app.test_client()
    assert [address for address in found if client.get(address).status_code != 200] == []
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_every_font_of_the_sheets_is_vendored():
    sheets = PORTAL / "static" / "css"
    fonts = [
        url for sheet in sheets.glob("*.css") for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text())
    ]
    assert len(fonts) == 5
    assert [url for url in fonts if not (sheets / url).resolve().exists()] == []


def test_the_kit_keeps_what_the_templates_and_sheets_use():
    """A class of the kit that a template uses must stand in KIT of the script that vendors; ours begin with rp-."""
    kit = (PORTAL / "static" / "vendor" / "tabler" / "tabler.min.css").read_text()
    own = "".join(path.read_text() for path in (PORTAL / "static" / "css").glob("*.css"))
    classes = set()
    for template in (PORTAL / "templates").rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', template.read_text()):
            classes |= set(re.sub(r"{[{%].*?[%}]}", " ", value).split())
    strange = {name for name in classes if not name.startswith("rp-")}
    assert "btn" in strange
    assert {name for name in strange if f".{name}" not in kit + own} == set()
    begun = {name for name in classes - strange if name.endswith("-")}  # the rest stands in an expression
    assert {name for name in classes - strange - begun if not re.search(rf"\.{name}\b", own)} == set()
    read, set_here = (
        set(re.findall(pattern, own)) for pattern in (r"var\((--tblr-[\w-]+)", r"(--tblr-[\w-]+):")
    )
    assert {name for name in read - set_here if f"{name}:" not in kit} == set()


def test_vendored_files_are_those_of_the_lock():
    script = PORTAL.parent / "scripts" / "vendor_assets.py"
    answer = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")

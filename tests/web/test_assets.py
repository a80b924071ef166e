"""Files that pages load: named by their content, kept for ever, small on the wire."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask, url_for
from werkzeug.test import TestResponse

STATIC = Path(__file__).parents[2] / "portal" / "static"


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return url_for("static", filename=name)


def fetch(app: Flask, url: str, **headers: str) -> TestResponse:
    return app.test_client().get(
        url, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


@pytest.mark.parametrize("name", ["portal.css", "portal.js", "css/contrast.css", "js/builder.js", "icon.svg"])
def test_an_address_names_the_content_and_is_kept_for_ever(plain_app: Flask, name: str) -> None:
    url = address(plain_app, name)
    assert re.fullmatch(rf"/static/{re.escape(name.rsplit('.', 1)[0])}\.[0-9a-f]{{12}}\.\w+", url)
    answer = fetch(plain_app, url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_an_address_of_another_content_is_not_kept(plain_app: Flask) -> None:
    """A page shown before an update asks for the old name: it gets the new file, and asks again next time."""
    url = re.sub(r"\.[0-9a-f]{12}\.", ".0123456789ab.", address(plain_app, "portal.css"))
    for old in (url, "/static/css/contrast.css"):
        answer = fetch(plain_app, old)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("url", ["/static/nothing.css", "/static/../config.py", "/static/%2e%2e/wsgi.py"])
def test_nothing_else_is_served(plain_app: Flask, url: str) -> None:
    assert fetch(plain_app, url).status_code == 404


def test_sheets_and_scripts_travel_compressed(plain_app: Flask) -> None:
    for name in ("portal.css", "portal.js"):
        url = address(plain_app, name)
        plain = fetch(plain_app, url)
        small = fetch(plain_app, url, Accept_Encoding="gzip, deflate, br")
        older = fetch(plain_app, url, Accept_Encoding="gzip")
        assert "Content-Encoding" not in plain.headers
        assert (small.headers["Content-Encoding"], older.headers["Content-Encoding"]) == ("br", "gzip")
        assert brotli.decompress(small.data) == gzip.decompress(older.data) == plain.data
        assert len(small.data) < len(older.data) < len(plain.data) / 2
        assert {one.headers["Vary"] for one in (plain, small, older)} == {"Accept-Encoding"}


def test_what_the_browser_has_is_not_sent_again(plain_app: Flask) -> None:
    url = address(plain_app, "portal.css")
    tag = fetch(plain_app, url, Accept_Encoding="br").headers["ETag"]
    again = fetch(plain_app, url, Accept_Encoding="br", If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert fetch(plain_app, url, Accept_Encoding="gzip", If_None_Match=tag).status_code == 200


def test_the_bundle_holds_every_sheet_and_script(plain_app: Flask) -> None:
    """A file that is in no bundle is loaded by a page of its own, or by nobody."""
    sheet, script = (fetch(plain_app, address(plain_app, name)).text for name in ("portal.css", "portal.js"))
    own = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]
    first = {path.name: path.read_text().splitlines()[0] for path in own}
    left_out = {name for name, line in first.items() if line not in sheet and line not in script}
    templates = "".join(path.read_text() for path in (STATIC.parent / "templates").rglob("*.html"))
    assert {"contrast.css", "builder.js"} <= left_out
    assert {name for name in left_out if f"s/{name}'" not in templates} == set()
    assert re.search(r"@media print \{\s*/\* The page as the printed act", sheet)


def test_every_address_in_a_sheet_leads_to_its_file(plain_app: Flask) -> None:
    url = address(plain_app, "portal.css")
    fonts = [one for one in re.findall(r'url\("?([^")]+)', fetch(plain_app, url).text) if "woff2" in one]
    assert len(fonts) == 5
    for font in fonts:
        answer = fetch(plain_app, f"/static/{font}")
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert answer.mimetype == "font/woff2"
        assert answer.data[:4] == b"wOF2"

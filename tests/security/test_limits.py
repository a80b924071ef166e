"""What is sent is bounded before it is worked on: bodies, forms, and files that unpack to more than they are."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from portal.screening import unpacked
from portal.screening.faults import SourceError
from tests.browser import Browser, Page

Browse = Callable[[str], Browser]
OFFICER, INSPECTOR = "10130000.officer.goods", "10130010.inspector"


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Some hundred bytes that say thirty million rows."""
    path = tmp_path_factory.mktemp("bomb") / "bomb.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'D1' AS declaration_id, '640110' AS hs_code FROM range(30000000)) "
            f"TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 30000000)"
        )
    assert path.stat().st_size < 1_000
    return path.read_bytes()


def sent(page: Page, action: str, field: str, content: bytes, name: str = "x.parquet") -> Page:
    form = page.form(action)
    data: dict[str, object] = {key: value for key, value in form.values if key != field}
    return page.browser.post(str(form.tag["action"]), data | {field: (io.BytesIO(content), name)})


def test_a_small_file_that_unpacks_to_millions_of_rows_is_refused_at_once(
    browse: Browse, bomb: bytes
) -> None:
    began = time.perf_counter()
    history = sent(browse(OFFICER).get("/10130000/history/upload"), "/history/upload", "file", bomb)
    screened = sent(browse(INSPECTOR).get("/10130010/screen"), "/screen/file", "file-file", bomb)
    assert time.perf_counter() - began < 5
    for page in (history, screened):
        assert page.status == 422
        assert "more than a page can take in" in page.words


def test_bytes_are_bounded_as_rows_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wide.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT repeat('x', 1000) || range AS a FROM range(1000)) TO '{path}' (FORMAT parquet)"
        )
    unpacked.refuse_bomb(path)
    monkeypatch.setattr(unpacked, "MOST_BYTES", 500_000)
    with pytest.raises(SourceError):
        unpacked.refuse_bomb(path)


def test_what_is_no_parquet_is_left_to_its_reader(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"PAR1", b"PAR1" + bytes(400) + b"PAR1", b"a,b\n1,2\n")):
        path = tmp_path / str(number)
        path.write_bytes(content)
        unpacked.refuse_bomb(path)


def test_a_body_beyond_the_limit_is_refused_with_a_page(app: Flask, browse: Browse) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 50_000
    page = browse(OFFICER).get("/10130000/history/upload")
    answer = sent(page, "/history/upload", "file", b"x" * 60_000)
    assert answer.status == 413
    assert answer.soup.h1 is not None
    assert sent(page, "/history/upload", "file", b"x" * 20_000).status == 422


def parts(*texts: str) -> bytes:
    one = '--b\r\nContent-Disposition: form-data; name="f{}"\r\n\r\n{}\r\n'
    return ("".join(one.format(number, text) for number, text in enumerate(texts)) + "--b--\r\n").encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (parts("x" * 4_500_000), "multipart/form-data; boundary=b"),
        (b"login=" + b"x" * 4_500_000, "application/x-www-form-urlencoded"),
        (parts(*["x"] * 5_010), "multipart/form-data; boundary=b"),
        (b"a&" * 5_010, "application/x-www-form-urlencoded"),
    ],
    ids=["long text", "long form", "many parts", "many fields"],
)
def test_texts_and_parts_of_a_form_are_bounded(browse: Browse, body: bytes, kind: str) -> None:
    answer = browse("").client.post("/sign-in", data=body, content_type=kind)
    assert answer.status_code == 413


def test_a_form_within_the_bounds_is_looked_at(browse: Browse) -> None:
    """The bounds refuse nothing that a page sends: without a token it is refused for that alone."""
    client = browse("").client
    kind = "multipart/form-data; boundary=b"
    assert client.post("/sign-in", data=parts(*["x"] * 900), content_type=kind).status_code == 400
    kind = "application/x-www-form-urlencoded"
    assert client.post("/sign-in", data=b"a=x&" * 4_900, content_type=kind).status_code == 400


def test_the_limits_are_those_of_the_policy(plain_app: Flask) -> None:
    names = ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS")
    assert [plain_app.config[name] for name in names] == [33_554_432, 4_194_304, 5_000]


def test_a_compressed_body_is_not_unpacked(browse: Browse) -> None:
    """A body that claims to be compressed is no form: nothing inflates it."""
    client = browse("").client
    body = gzip.compress(b"login=" + b"x" * 10_000_000)
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", data=body, headers=headers).status_code == 400


@pytest.mark.parametrize("size", [21_000, 200_000])
def test_texts_longer_than_their_field_are_refused_and_kept(browse: Browse, size: int) -> None:
    page = browse(OFFICER).get("/10130000/drafts/new")
    answer = page.form("/drafts/new").submit(False, title="x" * size)
    assert answer.status == 422
    assert "At most" in answer.words


@pytest.mark.parametrize(
    "name", ["../../../../escaped.csv", "/escaped.csv", "..\\escaped.csv", "a\r\nX: 1.csv"]
)
def test_the_name_of_a_file_is_never_a_path(app: Flask, browse: Browse, tmp_path: Path, name: str) -> None:
    """It is told back as words; on the disk stand names of the portal's own."""
    content = b"declaration_id,authority,hs_code\nD-1,10130010,640110\n"
    page = sent(browse(OFFICER).get("/10130000/history/upload"), "/history/upload", "file", content, name)
    assert page.status in (200, 422)
    assert "X" not in page.response.headers
    folders = (tmp_path, app.config["ENVIRONMENT"].data_dir, Path("/"), Path.cwd(), Path.cwd().parent)
    assert [one for folder in folders for one in folder.glob("*escaped*")] == []

"""The pages of past declarations: what is kept, taking a file in, and its faults."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import past
from tests.browser import Browser, Page
from tests.cast import CENTRE, HOUSE

Browse = Callable[[str], Browser]
OFFICER = "10130000.officer.goods"
MAPPING = b'[columns]\n"Nr" = "declaration_id"\n"Ort" = "authority"\n"Ware" = "hs_code"\n'


def send(
    page: Page, content: bytes | None, mapping: bytes | None = None, name: str = "may.csv", **typed: str
) -> Page:
    form = page.form("/history/upload")
    data: dict[str, object] = {name: value for name, value in form.values if name not in ("file", "mapping")}
    data |= typed
    if content is not None:
        data["file"] = (io.BytesIO(content), name)
    if mapping is not None:
        data["mapping"] = (io.BytesIO(mapping), "mapping.toml")
    return page.browser.post(str(form.tag["action"]), data)


def test_an_empty_history_says_what_belongs_here(browse: Browse) -> None:
    page = browse(OFFICER).get("/10130000/history")
    assert "No past declarations yet" in page.words
    assert "/10130000/history/upload" in page.links()


def test_a_file_is_taken_in(browse: Browse, tmp_path: Path) -> None:
    browser = browse(OFFICER)
    rows = [row for row in past.ROWS if row[0] in "WE"]
    page = send(browser.get("/10130000/history/upload"), past.csv(tmp_path, rows).read_bytes())
    assert page.status == 200
    assert "Kept" in page.words
    assert "may.csv" in browser.get("/10130000/history").words


def test_faults_are_shown_and_downloaded(browse: Browse, tmp_path: Path) -> None:
    browser = browse(OFFICER)
    bad = [past.ROWS[0], past.ROWS[8], "=1+1,1,2025-01-01,10130010,xx,CN,CN,I,1,1,0"]
    page = send(browser.get("/10130000/history/upload"), past.csv(tmp_path, bad).read_bytes())
    assert "2 rows are at fault, so nothing of the file was kept" in page.words
    assert "10110000 is no authority of yours" in page.words
    link = next(link for link in page.links() if link.endswith("faults.csv"))
    lines = browser.get(link).text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Row,Column,Value,Reason"
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["2", "3"]
    again = send(
        browser.get("/10130000/history/upload"), past.csv(tmp_path, bad).read_bytes(), skip_faulty="y"
    )
    assert "Kept in part" in again.words


def test_what_cannot_be_read_is_said_at_its_field(browse: Browse) -> None:
    browser = browse(OFFICER)
    upload = browser.get("/10130000/history/upload")
    empty = send(upload, None)
    assert (empty.status, "Choose a file" in empty.words) == (422, True)
    for content, mapping, field in (
        (b"Nr,Ort,Ware\n1,10130010,64\n", b"= nonsense", "mapping"),
        (b"Nr,Ort,Ware\n1,10130010,64\n", b"\xff\xfe", "mapping"),
        (b"Nr,Ort,Ware\n1,10130010,64\n", b"#" * 300_000, "mapping"),
        (b"Nr,Ort\n1,10130010\n", MAPPING, "mapping"),
        (b"\xff\xff", MAPPING, "file"),
        (b"", MAPPING, "file"),
    ):
        page = send(browser.get("/10130000/history/upload"), content, mapping)
        assert page.status == 422, (content[:10], mapping[:10])
        assert page.soup.find(id=f"{field}-error"), (content[:10], mapping[:10])


def test_another_authority_does_not_see_the_file(app: Flask, browse: Browse, tmp_path: Path) -> None:
    batch = past.taken(app, HOUSE, past.csv(tmp_path, [past.ROWS[0]]))
    address = f"history/{batch.id}"
    assert browse(OFFICER).get(f"/10130000/{address}").status == 200
    assert browse("10000000.officer.goods").get(f"/10000000/{address}").status == 200
    for login, code in (
        ("10110000.officer.goods", "10110000"),
        ("05100000.officer.goods", "05100000"),
        ("10130010.officer.goods", "10130010"),
    ):
        assert browse(login).get(f"/{code}/{address}").status == 404
        assert browse(login).get(f"/{code}/{address}/faults.csv").status == 404
    assert browse("").get(f"/10130000/{address}", follow=False).status == 303


def test_a_point_sees_its_rows_though_the_centre_sent_the_file(
    app: Flask, browse: Browse, tmp_path: Path
) -> None:
    past.taken(app, CENTRE, past.csv(tmp_path))
    page = browse("10130010.inspector").get("/10130010/history")
    assert "6" in page.words
    assert "the declarations come from an authority above it" in page.words
    assert "10110000" not in page.words


@pytest.mark.parametrize("login", ["10130010.inspector", "10130000.auditor"])
def test_readers_do_not_take_files_in(browse: Browse, login: str) -> None:
    code = login.split(".")[0]
    assert browse(login).get(f"/{code}/history").status == 200
    assert browse(login).get(f"/{code}/history/upload").status == 403


def test_the_command_takes_a_file_in_and_says_why_not(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    good = str(past.csv(tmp_path, past.ROWS))
    told = runner.invoke(args=["history", "import", good, "--authority", "10000000", "--json"])
    assert (told.exit_code, '"items": 9' in told.output) == (0, True), repr(told.exception)
    assert runner.invoke(args=["history", "import", good, "--authority", "10000000"]).exit_code == 0
    other = str(past.csv(tmp_path, past.ARMENIAN, "am.csv"))
    refused = runner.invoke(args=["history", "import", other, "--authority", "10000000"])
    assert refused.exit_code == 1
    assert "nothing kept, 1 rows are at fault; the first is row 1, column authority" in refused.output
    nowhere = runner.invoke(args=["history", "import", good, "--authority", "99999999"])
    assert (nowhere.exit_code, "no authority has the code 99999999" in nowhere.output) == (1, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("may.exe", b"a,b", "ends with one of these: .csv, .txt, .tsv, .parquet"),
        ("may", b"a,b", "ends with one of these"),
        ("may.csv", b"PAR1x", "not what its name says"),
        ("may.PARQUET", b"a,b", "not what its name says"),
        ("may.txt", b"PK\x03\x04", "not what its name says"),
    ],
)
def test_a_file_is_what_its_name_says(browse: Browse, name: str, content: bytes, words: str) -> None:
    page = send(browse(OFFICER).get("/10130000/history/upload"), content, name=name)
    assert page.status == 422
    assert words in page.soup.find(id="file-error").get_text()

"""No file of officers, however broken, stops the portal or gets past its bounds."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.documents import spreadsheet
from portal.models import OfficerImport
from tests.officer_tables import (
    GOOD,
    SENDER,
    Browse,
    counted,
    faults,
    send,
    sheet,
    text,
)


def zipped(**parts: bytes) -> bytes:
    """The good workbook with parts put in or replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet(GOOD))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        kept = {name: old.read(name) for name in old.namelist()}
        for name, content in (kept | {key.replace("__", "/"): part for key, part in parts.items()}).items():
            new.writestr(name, content)
    return made.getvalue()


SHEET = "xl__worksheets__sheet1.xml"
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet xmlns='
    b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c><v>&b;</v></c></row>'
    b"</sheetData></worksheet>"
)
BOMBS = {
    "far too large": lambda: b"PK" + b"x" * 400_000,
    "unpacks to a gigabyte": lambda: zipped(**{"xl__media__a.bin": b"0" * 300_000_000}),
    "a sheet of many megabytes": lambda: zipped(**{SHEET: b"<row/>" * 3_000_000}),
    "a million elements": lambda: zipped(**{SHEET: b"<c/>" * 1_000_000}),
    "styles without end": lambda: zipped(**{"xl__styles.xml": b"<xf/>" * 250_000}),
    "parts without end": lambda: zipped(**{f"a{n}": b"" for n in range(300)}),
    "entities": lambda: zipped(**{SHEET: LAUGHS}),
    "entities in another encoding": lambda: zipped(**{SHEET: LAUGHS.decode().encode("utf-16")}),
    "entities in hiding": lambda: zipped(**{SHEET: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-'}),
    "rows without end": lambda: sheet(*([f"o{n}", *GOOD[1:]] for n in range(spreadsheet.MOST_ROWS + 1))),
    "columns without end": lambda: sheet(GOOD + ["x"] * 40),
    "a sheet that lies of its size": lambda: zipped(**{SHEET: (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')}),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "a broken archive": lambda: sheet(GOOD)[:900],
    "no workbook": lambda: zipped(**{"[Content_Types].xml": b"<Types/>"}),
    "broken styles": lambda: zipped(**{"xl__styles.xml": b"<styleSheet><cellXfs count='x'><xf numFmtId='9'/>"}),
    "nothing": lambda: b"",
    "headings alone": lambda: sheet(),
    "a long cell": lambda: text(["x" * 2_000]),
    "a field without end": lambda: b'"' + b"a" * 200_000,
    "no text": lambda: b"\x98\x81\xff" * 100,
    "an odd end": lambda: b"\xff\xfea",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_broken_files_are_refused_at_once(
    app: Flask, browse: Browse, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "LARGEST", 350_000)
    if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]:
        pytest.skip("the file is refused before any question to the database")
    content, browser = BOMBS[name](), browse(SENDER)
    began = time.process_time()
    page = send(browser, content)
    assert page.status == 422
    assert page.soup.find(id="file-error"), page.words
    assert time.process_time() - began < 3
    assert counted(app, OfficerImport) == 0


def test_nul_and_half_signs_are_told(browse: Browse) -> None:
    rows = text([GOOD[0], "a\x00b", *GOOD[2:]])
    assert "cannot be seen or stored" in " ".join(faults(send(browse(SENDER), rows, "t.csv")).values())
    half = sheet([GOOD[0], "a_xD800_b_x0000_c", *GOOD[2:]])
    assert send(browse(SENDER), half).status in (200, 422)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-16", "surrogatepass")),
                 st.lists(st.lists(st.text(max_size=20), min_size=10, max_size=10), min_size=1, max_size=4).map(
                     lambda rows: text(*rows, encoding="utf-8").decode("utf-8", "replace").encode())
                 ))  # fmt: skip
def test_no_file_makes_the_portal_fail(app: Flask, browse: Browse, content: bytes) -> None:
    if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]:
        return
    assert send(browse(SENDER), content).status in (200, 422)

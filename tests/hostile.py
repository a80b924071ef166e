"""Makes up what no honest officer sends, and looks in the answers for what must not be there."""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
from collections.abc import Iterator
from random import Random

import html5lib
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.forms import Control, Pairs, Shown, Upload, filled, upload

#: The mark by which sent markup is known again: an element, an attribute, a scheme or a header of this name.
MARK = "zqmark"

MARKUP = (
    f"<{MARK}-a>", f'"><{MARK}-b x="', f"'><{MARK}-c x='", f"</textarea><{MARK}-d>", f"</title><{MARK}-e>",
    f"</script><{MARK}-f>", f'" on{MARK}="1', f"' on{MARK}='1", f" on{MARK}=1 ", f"`on{MARK}=1`",
    f"<img src=x on{MARK}=1>", f"javascript:{MARK}()", f"JaVaScRiPt\t:{MARK}()", f"data:text/html,<{MARK}-g>",
    f"<svg/on{MARK}=1>", f"<!--><{MARK}-h>", f"<![CDATA[><{MARK}-i>]]>", f"{{{{ '{MARK}' * 3 }}}}", f"%({MARK})s",
    f"{{{MARK}.__class__}}", f"<{MARK}-j\x00>", f"\uff1c{MARK}-k\uff1e", f"&lt;{MARK}-l&gt;", f"&#60;{MARK}-m>",
)  # fmt: skip
NUMBERS = (
    "-1", "0", "00", "9" * 19, "9223372036854775808", "2147483648", "9" * 400, "1e999", "-1e999", "NaN", "Infinity",
    "0x10", "1_000", "1,5", "1.5", "--1", "+1", "²", "٣", "１２", "Ⅷ", "1e-400", "0." + "1" * 300, "1 000",
    "\u2212" + "5",
)  # fmt: skip
DAYS = (
    "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "+10000-01-01", "2026-W01-1", "20260101",
    "2026-01-01T00:00:00Z", "-2026-01-01", "2026-1-1", "٢٠٢٦-٠١-٠١",
)  # fmt: skip
PATHS = (
    "../../../../etc/passwd", "..\\..\\x", "//evil.example/", "https://evil.example/", "/\\evil.example", "C:\\x",
    "file:///etc/passwd", "%2e%2e%2f", "\\\\evil\\share", "/etc/passwd\x00.csv", ".", "..", "/", "CON", "~root",
)  # fmt: skip
SIGNS = (
    "\x00", "a\x00b", "\ud800", "a\udfffb", "\udc00\ud800", "\ufeff", "\u202e", "\u2028", "\uffff", "\U0010ffff",
    "\x7f", "\x1b[31m", "\r\nX-zqmark: 1", "\n", "\r", "\t", " ", "\u00a0", "e" + "\u0301" * 3000,
    "\U0001f468\u200d" * 200, "İı",
)  # fmt: skip
FORMULAE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("//evil")')
SCRIPTS = (
    "' OR 1=1 --", "'; DROP TABLE officer; --", "%", "_", "\\", "*", '"', "a OR b AND", "NEAR(", "$(id)", "`id`", "|id",
    '{"all": ' * 900, "[" * 3000, '{"$gt": ""}', "null", "true", '"x"', "{}", "[]", "[null]", '{"any": [{}]}', "1",
    '[{"name": null}]', '[{"name": "x", "condition": {"field": "hs_code", "op": "in", "value": {}}}]', "(" * 3000,
)  # fmt: skip
SORTS = (MARKUP, MARKUP, NUMBERS, DAYS, PATHS, SIGNS, FORMULAE, SCRIPTS)
NAMES = (
    "id",
    "status",
    "authority_path",
    "__class__",
    "self",
    "form",
    "",
    "[]",
    "a[b]",
    "version",
    "form_key",
    "act",
)


def text(chance: Random) -> str:
    """One hostile text; about one in a hundred has a megabyte, one in two thousand ten."""
    drawn = chance.random()
    if drawn < 0.0005:
        return "x" * 10_000_000
    if drawn < 0.01:
        return chance.choice(("x", "ж", "<", "1", "\n", f"<{MARK}-n>", "( ", "\x00")) * chance.choice(
            (70_000, 500_000)
        )
    if drawn < 0.1:
        return "".join(chr(_point(chance)) for _ in range(chance.randrange(1, 60)))
    one = chance.choice(chance.choice(SORTS))
    return one + chance.choice(chance.choice(SORTS)) if drawn < 0.25 else one


def _point(chance: Random) -> int:
    return chance.choice((chance.randrange(32), chance.randrange(0x300), chance.randrange(0x110000)))


def pairs(form: Shown, chance: Random, others: list[str]) -> Pairs:
    """What an officer would send, spoiled in one to three ways; `others` are values of other forms."""
    sent = filled(form, chance)
    for _ in range(chance.randint(1, 3)):
        _spoil(form, sent, chance, others)
    return sent


def _spoil(form: Shown, sent: Pairs, chance: Random, others: list[str]) -> None:
    way = chance.random()
    # The one-time key is spared nine times in ten: an act that has none does not get far.
    able = [i for i, (name, _) in enumerate(sent) if name != "form_key" or chance.random() < 0.1]
    place = chance.choice(able) if able else None
    if place is None or way < 0.05:
        sent.append((chance.choice((*NAMES, text(chance)[:200])), text(chance)))
    elif way < 0.1:
        del sent[place]
    elif way < 0.2:
        sent.insert(chance.randrange(len(sent) + 1), (sent[place][0], text(chance)))
    elif way < 0.25:
        sent.extend([sent[place]] * chance.choice((1, 30, 1200)))
    elif way < 0.35:
        sent[place] = (sent[place][0], chance.choice(others))
    elif way < 0.4:
        buttons = [
            (one.name, value) for one in form.controls if one.kind == "submit" for value in one.choices
        ]
        sent.append(chance.choice(buttons) if buttons else ("act", text(chance)))
    else:
        sent[place] = (sent[place][0], text(chance))


def files(form: Shown, chance: Random) -> list[tuple[str, Upload]] | None:
    """Files for a form; None when it is to be sent without parts."""
    asked = [one for one in form.controls if one.kind == "file"]
    if not asked:
        return [(chance.choice(form.controls).name, file(form, chance))] if chance.random() < 0.02 else None
    sent = [(one.name, file(form, chance)) for one in asked if _is_wanted(one, chance)]
    return sent * 3 if chance.random() < 0.03 else sent


def _is_wanted(one: Control, chance: Random) -> bool:
    return "mapping" not in one.name or chance.random() < 0.3


def file(form: Shown, chance: Random) -> Upload:
    """A broken or evil file, or an honest one with hostile cells."""
    name = chance.choice(
        ("a.csv", "a.xlsx", "a.tsv", "a.toml", "a", "", chance.choice(PATHS), text(chance)[:300])
    )
    make = chance.choice(
        (
            _cells,
            _cells,
            _cells,
            _torn,
            _noise,
            _bomb,
            _entities,
            _slipped,
            _sheet,
            _sheet,
            _wide,
            _utf16,
            _mapping,
        )
    )
    return Upload(name, make(form, chance))


def _honest(form: Shown) -> list[list[str]]:
    return [line.split(",") for line in upload(form).content.decode().splitlines()]


def _table(form: Shown, chance: Random) -> list[list[str]]:
    table = _honest(form)
    for _ in range(chance.randint(1, 4)):
        row = chance.choice(table)
        row[chance.randrange(len(row))] = text(chance)[:200_000]
    return table


def _cells(form: Shown, chance: Random) -> bytes:
    quote = chance.choice(("", '"', '"'))
    rows = (",".join(f"{quote}{cell}{quote}" for cell in row) for row in _table(form, chance))
    return "\n".join(rows).encode("utf-8", "surrogatepass")


def _torn(form: Shown, chance: Random) -> bytes:
    whole = chance.choice((_cells, _sheet))(form, chance)
    cut = whole[: chance.randrange(len(whole) + 1)]
    return cut + bytes(chance.randrange(256) for _ in range(chance.randrange(20)))


def _noise(form: Shown, chance: Random) -> bytes:
    begun = chance.choice((b"", b"\x00" * 5000, b"PK\x03\x04", b"\xff\xfe", b'"' * 9001, b"\n" * 9000))
    return begun + chance.randbytes(chance.randrange(3000))


def _wide(form: Shown, chance: Random) -> bytes:
    return b",".join([b"x"] * chance.choice((300, 20_000))) + b"\n" + b"," * 20_000


def _utf16(form: Shown, chance: Random) -> bytes:
    return (
        _cells(form, chance).decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-32", "utf-7")))
    )


def _mapping(form: Shown, chance: Random) -> bytes:
    lines = [f'{name} = "{text(chance)[:5000]}"' for name in ("declaration_id", "hs_code", "columns", MARK)]
    return "\n".join(["[columns]", *lines]).encode("utf-8", "surrogatepass")


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


_OPEN = "http://schemas.openxmlformats.org"
_PACKAGE, _OFFICE = f"{_OPEN}/package/2006", f"{_OPEN}/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HELD = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def _workbook(sheet: bytes, rest: dict[str, bytes] | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in _HELD.items():
            archive.writestr(name, words)
        for name, content in {"xl/worksheets/sheet1.xml": sheet, **(rest or {})}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _sheet(form: Shown, chance: Random) -> bytes:
    rows = ""
    for row in _table(form, chance):
        cells = "".join(f'<c t="inlineStr"><is><t>{_xml(cell)}</t></is></c>' for cell in row)
        rows += f"<row>{cells}</row>"
    odd = chance.choice(
        (
            "",
            "",
            "",
            '<dimension ref="A1:XFD1048576"/>',
            '<dimension ref="$"/>',
            '<row r="99999999999"/>',
            "<c/>",
        )
    )
    kinds = chance.choice(
        ("", "", '<row><c t="d"><v>x</v></c><c t="n"><v>1e999</v></c><c t="s"><v>9</v></c></row>')
    )
    return _workbook(_SHEET.format(f"{odd}<sheetData>{rows}{kinds}</sheetData>").encode())


def _xml(cell: str) -> str:
    kept = "".join(one for one in cell if one >= " " and not "\ud800" <= one <= "\udfff" and one < "\ufffe")
    return kept.replace("&", "&amp;").replace("<", "&lt;")


def _bomb(form: Shown, chance: Random) -> bytes:
    """Three hundred megabytes of a sheet in three hundred kilobytes, and a header that says little."""
    if not _BOMBS:
        rows = "<row>" + '<c t="inlineStr"><is><t>' + "0" * 1000 + "</t></is></c></row>"
        packed = _workbook((_SHEET.split("{}")[0] + "<sheetData>" + rows * 100_000).encode())
        _BOMBS.append(packed)
        _BOMBS.append(packed.replace(struct.pack("<I", len(rows) * 100_000 + 100), struct.pack("<I", 9)))
    return chance.choice(_BOMBS)


_BOMBS: list[bytes] = []


def _entities(form: Shown, chance: Random) -> bytes:
    names = "abcdefghij"
    inner = "".join(f'<!ENTITY {two} "{f"&{one};" * 10}">' for one, two in itertools.pairwise(names))
    outer = '<!ENTITY x SYSTEM "file:///etc/passwd">'
    cell = chance.choice(("&j;", "&x;"))
    sheet = _SHEET.format(f'<sheetData><row><c t="inlineStr"><is><t>{cell}</t></is></c></row></sheetData>')
    return _workbook(f'<!DOCTYPE w [<!ENTITY a "lol">{inner}{outer}]>{sheet}'.encode())


def _slipped(form: Shown, chance: Random) -> bytes:
    """An archive with names that lead out of it, names twice, or no sheet at all."""
    rest = {chance.choice(("../../x", "/etc/x", "xl/workbook.xml2", "xl/sharedStrings.xml")): b"<a>&b;</a>"}
    return _workbook(chance.choice((b"", b"<", b"<a/>", b"\xff\xfe", _SHEET.encode())), rest)


_TREES = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
#: A longer page is read by the parser of the standard library.
LONG = 200_000
_SCHEMES = re.compile(r"(javascript|data|vbscript):", re.I)


def found_in(answer: TestResponse) -> list[str]:
    """Marks that came back as markup, as a scheme of an address, or as a header; none is right."""
    wrong = [f"header {name}" for name, _ in answer.headers if MARK in name.lower()]
    place = answer.headers.get("Location", "").removeprefix("http://localhost")
    if place and (not place.startswith("/") or place.startswith(("//", "/\\"))):
        wrong.append(f"leads away to {place[:100]}")
    if answer.mimetype == "text/html" and MARK.encode() in (body := answer.get_data()):
        wrong += in_html(body.decode("utf-8", "replace"))
    return wrong


def in_html(html: str) -> list[str]:
    """Elements, attributes and addresses that carry the mark, in a page as a browser reads it."""
    wrong = []
    for tag, said, attributes in _elements(html):
        if tag.startswith(MARK):
            wrong.append(f"<{tag[:40]}>")
        if tag == "script" and MARK in said and attributes.get("type") != "application/json":
            wrong.append("inside a script")
        for name, value in attributes.items():
            named = str(name).lower()
            if MARK in named:
                wrong.append(f"attribute {named[:40]} of <{tag}>")
            addressed = named in ("href", "src", "action", "formaction") or named.startswith("hx-")
            flat = "".join(value.split())
            if addressed and MARK in value and _SCHEMES.match(flat):
                wrong.append(f"{named}={flat[:40]}")
    return wrong


def _elements(html: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, own words and attributes of each; html5lib takes hours for a page that holds megabytes of entities."""
    if len(html) <= LONG:
        for one in _TREES.parse(html).iter():
            yield str(one.tag).lower(), one.text or "", dict(one.attrib)
        return
    for tag in BeautifulSoup(html, "html.parser", multi_valued_attributes=None).find_all(True):
        yield tag.name, tag.string or "", {name: str(value) for name, value in tag.attrs.items()}

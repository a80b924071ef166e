"""The written policy says what the source does, and the proxy of the documentation does what the policy says."""

from __future__ import annotations

import ast
import importlib
import re
import ssl
from pathlib import Path

import pytest
from flask import Flask

import config
from portal.blueprints.history import routes as history
from portal.screening import conditions, presented, unpacked
from portal.screening.vocabulary import FIELDS
from portal.upkeep import installed
from portal.web import arguments, forms
from scripts import known_faults, serve

ROOT = Path(__file__).parents[2]
POLICY = (ROOT / "docs" / "security" / "policy.md").read_text(encoding="utf-8")
PROXY = re.sub(r"#.*", "", (ROOT / "docs" / "security" / "nginx.conf").read_text(encoding="utf-8"))
OPERATORS = (ROOT / "SECURITY.md").read_text(encoding="utf-8")

#: What each section must speak of.
SECTIONS = {
    "Input": ("on the server", "Items that belong together", "Limits"),
    "Files": ("Unpacked", "never becomes a path", "Parquet", "XLSX"),
    "Signing in": ("Two ways", "No lock that others can turn", "Words of the trade", "NIST SP 800-63B",
                   "any number of sessions", "Sessions of the provider"),
    "Access": ("access.md", "process.md", "Fields"),
    "Keys": ("SP 800-57", "Replaced", "Never for", "Ed25519", "Argon2id", "Fernet"),
    "Lines": ("PostgreSQL", "identity provider", "mail", "collector"),
    "Data": ("secret", "for official use", "personal", "Kept how"),
    "Libraries": ("within 2 days", "requirements.txt", "vendor.lock.json"),
    "Costly acts": ("Back-tests", "exports", "one computes at a time"),
    "Logs": ("trail", "readings", "UTC", "Kept", "Read by", "NTP"),
}  # fmt: skip


def section(title: str) -> str:
    return POLICY.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(title: str) -> dict[str, str]:
    """The lines of the tables of two columns of a section."""
    found = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", section(title), re.MULTILINE)
    return {name: value for name, value in found if not name.startswith("---")}


def number(text: str) -> int:
    times = {"MB": 1024**2, "KB": 1024, "GB": 1024**3}
    amount = int(re.match(r"[\d,]+", text)[0].replace(",", ""))  # type: ignore[index]
    return amount * next((factor for unit, factor in times.items() if text.endswith(unit)), 1)


@pytest.mark.parametrize("title", SECTIONS)
def test_every_section_is_there(title: str) -> None:
    assert len(section(title).split()) > 40
    assert [words for words in SECTIONS[title] if words not in section(title)] == []


def test_numbers_are_those_of_the_source(plain_app: Flask) -> None:
    said = {name: number(value) for name, value in rows("Input").items() if name != "Limit"}
    assert said == {
        "body of a request": plain_app.config["MAX_CONTENT_LENGTH"],
        "text of a form in all": plain_app.config["MAX_FORM_MEMORY_SIZE"],
        "parts or fields of a form": plain_app.config["MAX_FORM_PARTS"],
        "a text that is typed at length": forms.LONG_TEXT,
        "an argument of an address": arguments.LONGEST,
        "leaves of a condition": conditions.MOST_LEAVES,
        "depth of a condition": 32,
        "members of a list": conditions.MOST_MEMBERS,
        "items of a declaration": presented.MOST_ITEMS,
    }
    files = section("Files")
    assert f"{unpacked.MOST_ROWS:,} rows, {unpacked.MOST_BYTES // 1024**3} GB" in files
    assert f"{history.LARGEST_MAPPING // 1024} KB" in files


@pytest.mark.parametrize(
    ("module", "name", "line"),
    [
        ("passwords", "SHORTEST", "shortest password"),
        ("passwords", "LONGEST", "longest password"),
        ("guessing", "PER_LOGIN", "failures of a login at one place before it waits"),
        ("guessing", "PER_HOUR", "failures of a login in an hour, at all places"),
        ("guessing", "PER_ADDRESS", "failed logins at one address"),
    ],
)
def test_numbers_of_identity_are_those_of_the_source(module: str, name: str, line: str) -> None:
    if not (ROOT / "portal" / "operations" / f"{module}.py").exists():
        pytest.skip(f"portal/operations/{module}.py is not in this tree: NOT compared")
    found = importlib.import_module(f"portal.operations.{module}")
    assert number(rows("Signing in")[line]) == getattr(found, name)


def test_limits_of_sessions_are_those_of_the_source(tmp_path: Path) -> None:
    here = config.read({"PORTAL_DATA_DIR": str(tmp_path)})
    if not hasattr(here, "idle_minutes"):
        pytest.skip("sessions have no limits of their own in this tree: NOT compared")
    said = rows("Signing in")
    assert number(said["idle limit of a session"]) == here.idle_minutes
    assert number(said["longest session"]) == here.session_hours


def test_limits_of_tables_of_officers_are_those_of_the_source() -> None:
    if not (ROOT / "portal" / "documents" / "spreadsheet.py").exists():
        pytest.skip("tables of officers are not read in this tree: NOT compared")
    found = importlib.import_module("portal.documents.spreadsheet")
    said = f"{found.UNPACKED // 1024**2} MB, {found.MOST_ROWS} rows, {found.MOST_PARTS} parts"
    assert said in section("Files")
    assert f"| {found.LARGEST // 1024**2} MB |" in section("Files")


def test_days_to_mend_libraries_are_those_of_the_script_and_the_doctor() -> None:
    said = section("Libraries").replace("\n", " ")
    frames = known_faults.FRAMES
    assert (
        f"within {frames['critical']} days when critical, {frames['high']} when high, {frames['medium']} when medium"
        in said
    )
    assert "each quarter (`make upgrade`), low faults with them" in said
    assert frames["low"] == installed.QUARTER.days == 92


def test_every_field_of_a_declaration_has_its_rule() -> None:
    page = (ROOT / "docs" / "conditions.md").read_text(encoding="utf-8")
    assert len(FIELDS) > 20
    assert [name for name in FIELDS if f"`{name}`" not in page] == []


CRYPTOGRAPHIC = {"argon2", "authlib", "cryptography", "hashlib", "hmac", "itsdangerous", "joserfc", "jwt", "nacl",
                 "pyotp", "secrets", "ssl", "webauthn", "rsa", "ecdsa", "bcrypt"}  # fmt: skip


def test_every_cryptographic_library_is_in_the_inventory() -> None:
    used: set[str] = set()
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                used.add(node.module.split(".")[0])
    used &= CRYPTOGRAPHIC
    assert {"argon2", "hashlib", "hmac", "secrets"} <= used
    assert [name for name in sorted(used) if f"`{name}`" not in section("Keys")] == []


def servers() -> list[str]:
    """The server blocks of the proxy: one without TLS, one for strange names, one for the portal."""
    return re.split(r"\nserver \{", PROXY)[1:]


def directive(block: str, name: str) -> str:
    return re.search(rf"\b{name}\s+([^;]+);", block)[1]  # type: ignore[index]


def test_the_proxy_speaks_new_tls_with_strong_ciphers_alone() -> None:
    """Each suite is looked up in OpenSSL: it agrees on a fresh key, and seals what it encrypts."""
    block = servers()[2]
    assert directive(block, "ssl_protocols").split() == ["TLSv1.2", "TLSv1.3"]
    assert directive(block, "ssl_prefer_server_ciphers") == "on"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(directive(block, "ssl_ciphers"))
    wanted = directive(block, "ssl_ciphers").split(":")
    found = {one["name"]: one for one in context.get_ciphers() if one["name"] in wanted}
    assert sorted(found) == sorted(wanted)
    for one in found.values():
        assert one["aead"] is True
        assert one["kea"] == "kx-ecdhe"
        assert one["strength_bits"] >= 128
    assert [found[name]["strength_bits"] for name in wanted] == sorted(
        (one["strength_bits"] for one in found.values()), reverse=True
    )


def test_the_proxy_sends_people_to_tls_and_machines_nowhere() -> None:
    plain = servers()[0]
    assert directive(plain, "listen").startswith("80")
    assert "proxy_pass" not in plain
    assert re.search(r"location / \{ return 301 https://risk\.customs\.example", plain)
    assert re.search(r"location ~ \^/\(healthz\|readyz\|metrics\)\$ \{ return 403; \}", plain)
    assert "ssl_reject_handshake on" in servers()[1]


def test_the_proxy_writes_over_what_a_visitor_claims() -> None:
    given = dict(re.findall(r"proxy_set_header (\S+) ([^;]+);", servers()[2]))
    assert given["X-Forwarded-For"] == "$remote_addr"
    assert given["X-Forwarded-Proto"] == "https"
    assert given["Host"] == "risk.customs.example"
    assert given["X-Forwarded-Host"] == given["Forwarded"] == '""'
    assert "$proxy_add_x_forwarded_for" not in PROXY
    assert "$http_host" not in PROXY


def test_the_portal_listens_to_its_own_machine_alone() -> None:
    assert serve.HOST == "127.0.0.1"
    command = serve.web_server(8000)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    passed = set(re.findall(r"proxy_pass\s+([^;]+);", PROXY))
    assert passed == {"http://portal"}
    assert re.findall(r"upstream portal \{\s*server ([^;]+);\s*\}", PROXY) == ["127.0.0.1:8000"]


def test_the_proxy_takes_what_the_portal_takes(plain_app: Flask) -> None:
    size = directive(servers()[2], "client_max_body_size")
    assert int(size.removesuffix("m")) * 1024**2 >= plain_app.config["MAX_CONTENT_LENGTH"]


@pytest.mark.parametrize(
    "words",
    ["PORTAL_ENV=production", "SECRET_KEY", "PORTAL_PROXIES", "sslmode=verify-full", "PORTAL_SECOND_FACTOR_POSTS",
     "identity proven", "audit verify", "NTP", "To report a fault", "Supported versions"],
)  # fmt: skip
def test_operators_are_told_what_they_must_do(words: str) -> None:
    assert words in OPERATORS

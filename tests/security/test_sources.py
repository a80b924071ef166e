"""What the source never does, read from the source: no code from words, no unsafe reader, no weak hash, no secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.every_file import for_each, name_of

ROOT = Path(__file__).parents[2]
SOURCES = [*sorted((ROOT / "portal").rglob("*.py")), ROOT / "config.py", ROOT / "wsgi.py"]
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*"))
SCRIPTS = sorted((ROOT / "portal" / "static" / "js").rglob("*.js"))

#: Modules that make code, objects or processes of what they are given, or that this portal has no use for.
NEVER = {
    "pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "xmlrpc", "ldap", "ldap3", "telnetlib", "ftplib",
    "ctypes", "cffi", "pty", "jinja2.sandbox", "pymemcache", "memcache", "code", "codeop", "graphene", "websockets",
}  # fmt: skip
#: Rooms that may start a program, always with a list of arguments.
STARTS_PROGRAMS = ("portal/upkeep/", "portal/documents/")
#: Rooms that may ask another server: the provider of single sign-on, where mail is sent, and whom the operator names.
ASKS_OTHERS = ("portal/web/provider.py", "portal/operations/outbox.py", "portal/tls.py")
CALLS_NEVER = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "render_template_string",
               "input", "hashlib.md5", "hashlib.sha1", "ssl._create_unverified_context", "tempfile.mktemp",
               "uuid.uuid1"}  # fmt: skip
#: Where our own finished HTML is marked as such: what a template of ours rendered, or a picture of ours.
MARKS_HTML = {
    "portal/web/documents/history.py", "portal/blueprints/audit/timeline.py",
    "portal/blueprints/account/factors.py",
}  # fmt: skip


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def unsafe(name: str, source: str) -> list[str]:
    """What a file does that no file may."""
    tree = ast.parse(source)
    found = [one for one in imports(tree) if one in NEVER or one.split(".")[0] in NEVER]
    found += [f"{call}()" for call, _ in calls(tree) if call in CALLS_NEVER]
    for call, node in calls(tree):
        given = {word.arg: word.value for word in node.keywords}
        if ast.unparse(given.get("shell", ast.Constant(False))) != "False":
            found.append(f"{call}(shell=)")
        if "verify" in given and ast.unparse(given["verify"]) == "False":
            found.append(f"{call}(verify=False)")
        if call.split(".")[-1] == "Markup" and name not in MARKS_HTML:
            found.append("Markup()")
    modules = {one.split(".")[0] for one in imports(tree)}
    if "subprocess" in modules and not name.startswith(STARTS_PROGRAMS):
        found.append("subprocess")
    if modules & {"requests", "urllib3", "httpx", "smtplib", "socket"} and name not in ASKS_OTHERS:
        found.append("another server")
    if "urllib.request" in set(imports(tree)):
        found.append("urllib.request")
    if "random" in modules and not name.startswith("portal/demo/"):
        found.append("random")
    return found


@for_each(SOURCES)
def test_no_file_makes_code_objects_or_programs_of_what_it_is_given(path: Path) -> None:
    assert unsafe(name_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["eval(x)", "import pickle", "from lxml import etree", "import subprocess", "import random",
     "subprocess.run(x, shell=True)", "requests.get(x, verify=False)", "import requests", "Markup(x)",
     "hashlib.md5(x)", "import xml.etree.ElementTree as e", "render_template_string(x)"],
)  # fmt: skip
def test_each_of_these_would_be_seen(source: str) -> None:
    assert unsafe("portal/web/x.py", source) != []


@for_each([p for p in TEMPLATES if p.is_file()])
def test_every_template_escapes_what_it_shows(path: Path) -> None:
    """Words in mails are plain text; in pages nothing is taken out of escaping."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", source)
    assert source.count("tojson") == source.count("tojson|forceescape")
    assert path.suffix in (".html", ".txt")


#: What is kept on the device, by the script that knows of it: how dense rows are, when the session was last used.
KEEPERS = {"density.js": "portal.density.", "ended.js": "portal.seen."}


@for_each(SCRIPTS)
def test_scripts_write_text_never_markup_and_keep_no_secret(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\.(innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write", source)
    assert not re.search(r"\beval\(|new Function|setTimeout\(\s*[\"']|postMessage|document\.cookie", source)
    assert not re.search(r"__proto__|\.prototype\b|Object\.assign\(|\bWebSocket\b|importScripts", source)
    assert not re.search(r"indexedDB|serviceWorker|sessionStorage", source)
    assert not re.search(r"addEventListener\(\s*[\"'](paste|copy|contextmenu)[\"']", source)
    if "localStorage" in source:
        assert set(re.findall(r"localStorage\.\w+\((\w+)", source)) == {"KEY"}
        assert f'KEY = "{KEEPERS[path.name]}"' in source


#: Words that stand before a value of a secret, when somebody writes one into the source.
_WRITTEN = re.compile(
    r"""(?ix)(secret|password|passwd|token|api_?key|private_?key)\w*["']?\s*[:=]\s*["'][A-Za-z0-9+/_-]{16,}["']
    |-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----|AKIA[0-9A-Z]{16}|postgres(ql)?://\w+:\w+@"""
)


def test_no_secret_stands_in_the_source() -> None:
    looked_at = 0
    for path in (*SOURCES, *sorted(ROOT.glob("*.*")), *sorted((ROOT / "scripts").glob("*"))):
        if path.suffix in (".py", ".toml", ".txt", ".in", ".sh", ".md", ".cfg") and path.is_file():
            looked_at += 1
            assert not _WRITTEN.search(path.read_text(encoding="utf-8")), name_of(path)
    assert looked_at > 200
    assert _WRITTEN.search('SECRET_KEY = "0123456789abcdef0"')


def test_every_library_is_pinned_to_one_version_from_one_index() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        wanted = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        assert len(wanted) > 20
        for line in wanted:
            assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[A-Za-z0-9.]+( ;.*)?", line.strip(" \\")), (
                line
            )


def test_nothing_for_testing_is_served_or_imported() -> None:
    development = {"pytest", "playwright", "hypothesis", "time_machine", "tests", "bench", "locust"}
    for path in SOURCES:
        modules = {one.split(".")[0] for one in imports(ast.parse(path.read_text(encoding="utf-8")))}
        assert not modules & development, name_of(path)


def test_every_log_line_takes_its_values_apart_from_its_words() -> None:
    """A message is a constant: what a visitor sent stands in arguments, which the form of the log quotes."""
    seen = 0
    for path in SOURCES:
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if re.fullmatch(r"(log|logger|logging)\.(debug|info|warning|error|exception|critical)", name):
                seen += 1
                assert isinstance(call.args[0], ast.Constant), (name_of(path), ast.unparse(call))
    assert seen > 5


#: Patterns that stand in tables of the source and are handed on by name.
OWN_PATTERNS = {"field.pattern", "self.shape", "self.beginning", "f'(?:{form})?'"}


def test_no_pattern_is_made_of_what_is_typed() -> None:
    seen = 0
    for path in SOURCES:
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if not re.fullmatch(r"re\.(compile|sub|search|match|fullmatch|findall|finditer|split)", name):
                continue
            seen += 1
            words = call.args[0]
            constant = isinstance(words, (ast.Constant, ast.JoinedStr, ast.BinOp))
            for part in ast.walk(words):
                if isinstance(part, ast.FormattedValue):
                    inside = ast.unparse(part.value)
                    constant &= inside.startswith("re.escape(") or inside.lstrip("_").isupper()
            assert constant or ast.unparse(words) in OWN_PATTERNS, (name_of(path), ast.unparse(call))
    assert seen > 10


def test_no_format_is_made_of_what_is_typed() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                named = node.func.attr in ("format", "format_map")
                words = ast.unparse(node.func.value)
                ours = isinstance(node.func.value, ast.Constant) or words.lstrip("_").isupper()
                ours |= words.startswith("sql.SQL('")  # psycopg's own, which quotes what it is given
                ours |= words == "self"  # a handler of the log, which forms a record
                assert not named or ours, (name_of(path), ast.unparse(node))
        assert "string" not in set(imports(tree)) or "Template" not in path.read_text(encoding="utf-8")


#: What names things that nobody need guess: requests in a log, a process, a mail, an unfinished file, a filler.
NAMES_ONLY = (
    "portal/web/request_id", "portal/jobs/", "portal/upkeep/", "portal/store/selection_key.py",
    "portal/web/compression.py", "portal/documents/audit_key.py", "portal/operations/account_mail.py",
    "portal/operations/break_glass.py",
)  # fmt: skip


def test_secrets_come_from_the_secure_generator_and_are_long() -> None:
    """Sixteen bytes are 128 bits. Without a length the generator gives thirty-two."""
    seen = 0
    for path in SOURCES:
        if name_of(path).startswith(NAMES_ONLY):
            continue
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.startswith("secrets.token_"):
                continue
            seen += 1
            length = call.args[0] if call.args else ast.Constant(32)
            if isinstance(length, ast.Constant):
                assert int(str(length.value)) >= 16, (name_of(path), ast.unparse(call))
    assert seen >= 2


def test_no_cipher_is_put_together_by_hand() -> None:
    """What is encrypted is encrypted by a whole recipe with its seal (Fernet), never by a mode and a padding."""
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"primitives\.ciphers|\bmodes\.|asymmetric\.padding|PKCS1v15|Crypto\.Cipher", source
        )


def test_tokens_of_the_provider_are_kept_nowhere() -> None:
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"access_token|refresh_token", source), name_of(path)
        assert "id_token" not in source or name_of(path) == "portal/web/provider.py"


def test_no_redirect_of_another_server_is_followed() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not {one.split(".")[0] for one in imports(tree)} & {"requests", "httpx", "urllib3"}:
            continue
        asked = [
            call
            for name, call in calls(tree)
            if name.split(".")[-1] in ("get", "post", "request", "fetch_token")
        ]
        there = [call for call in asked if any(word.arg == "timeout" for word in call.keywords)]
        assert there, name_of(path)
        for call in there:
            given = {word.arg: ast.unparse(word.value) for word in call.keywords}
            assert given.get("allow_redirects") == "False", ast.unparse(call)

"""The stand-alone verifier: alone in the world, right about Ed25519, and not deceived by hundreds of forgeries."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from tests.cast import CENTRE, HOUSE
from tests.conftest import on_one_database
from tests.office import Office
from tests.trail import SCRIPTS, tamper, tamper_audit, verify_audit


class Files:
    """What an outsider was given: an exported chain, a checkpoint, a key."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.key = self.run("key").strip()

    def run(self, *arguments: str) -> str:
        answer = self.app.test_cli_runner().invoke(args=["audit", *arguments])
        assert answer.exit_code == 0, answer.output
        return str(answer.stdout)

    def export(self, code: str = "10130000", name: str = "chain.jsonl") -> Path:
        self.run("export", "--authority", code, "--to", str(self.folder / name))
        return self.folder / name

    def checkpoint(self, code: str = "10130000", name: str = "checkpoint.json") -> Path:
        self.run("checkpoint", "--authority", code, "--to", str(self.folder / name))
        return self.folder / name

    def verdict(self, export: Path, checkpoint: Path, *more: str) -> tuple[int, str]:
        """What the script says from a folder of its own, as an outsider runs it."""
        alone = self.folder / "alone"
        alone.mkdir(exist_ok=True)
        shutil.copy(SCRIPTS / "verify_audit.py", alone)
        command = [
            sys.executable,
            "-I",
            "verify_audit.py",
            str(export),
            str(checkpoint),
            "--key",
            self.key,
            *more,
        ]
        ran = subprocess.run(command, cwd=alone, capture_output=True, text=True, check=False)
        assert ran.stderr == ""
        return ran.returncode, ran.stdout.strip()


@pytest.fixture
def files(app: Flask, tmp_path: Path) -> Files:
    office = Office(app)
    office.registered_draft()
    return Files(app, tmp_path)


@pytest.mark.parametrize("module", [verify_audit, tamper_audit], ids=lambda one: one.__name__)
def test_the_scripts_use_the_standard_library_alone(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    named = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    named |= {str(n.module).split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert named <= set(sys.stdlib_module_names) | {"verify_audit"}
    assert module is tamper_audit or "verify_audit" not in named


#: RFC 8032, section 7.1: secret key, public key, message, signature.
RFC = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("public", "message", "signature"), RFC)
def test_the_examples_of_the_standard(public: str, message: str, signature: str) -> None:
    given = [bytes.fromhex(one) for one in (public, message, signature)]
    assert verify_audit.ed25519_holds(*given)
    for place in range(3):
        for bit in (0, 7, 100, 255, 256, 500):
            changed = list(given)
            if bit >= 8 * len(changed[place]):
                continue
            whole = bytearray(changed[place])
            whole[bit // 8] ^= 1 << bit % 8
            changed[place] = bytes(whole)
            assert not verify_audit.ed25519_holds(*changed), (place, bit)


def test_signatures_of_the_library_hold_and_no_second_form_of_one_does() -> None:
    for number in range(20):
        key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public, message = key.public_key().public_bytes_raw(), f"message {number}".encode()
        signature = key.sign(message)
        assert verify_audit.ed25519_holds(public, message, signature)
        again = int.from_bytes(signature[32:], "little") + verify_audit.Q  # the same, not reduced
        assert not verify_audit.ed25519_holds(public, message, signature[:32] + again.to_bytes(32, "little"))
        assert not verify_audit.ed25519_holds(public, message + b".", signature)


def test_a_whole_chain_holds(files: Files) -> None:
    sealed = files.checkpoint()
    export = files.export()
    code, said = files.verdict(export, sealed)
    count = len(export.read_text().splitlines())
    assert count > 6
    # the checkpoint itself is the one entry that came after it
    expected = f"holds: {count - 1} entries are those of the checkpoint; 1 later entries follow in order"
    assert (code, said) == (0, f"{expected}, which it does not cover yet")
    told = json.loads(files.verdict(export, sealed, "--json")[1])
    assert (told["holds"], told["sealed"], told["position"]) == (True, count - 1, None)


def lines_of(export: Path) -> list[str]:
    return export.read_text().splitlines()


def put(export: Path, lines: list[str]) -> Path:
    export.write_text("".join(f"{line}\n" for line in lines))
    return export


def forged(line: str, **values: Any) -> str:
    return verify_audit.canonical(tamper_audit.rehashed({**json.loads(line), **values}))


CASES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "a field": (
        lambda all_: [*all_[:4], all_[4].replace('"action":"', '"action":"x', 1), *all_[5:]],
        "broken at entry 5: its content does not match its hash",
    ),
    "a field with a hash that fits": (
        lambda all_: [*all_[:4], forged(all_[4], action="x"), *all_[5:]],
        "broken at entry 5: it is not the entry that was sealed",
    ),
    "an entry taken out": (
        lambda all_: [*all_[:4], *all_[5:]],
        "broken at entry 5: entry 6 stands in its place",
    ),
    "the end": (lambda all_: all_[:4], "broken at entry 5: the end of the chain is missing"),
    "all of it": (lambda all_: [], "broken at entry 1: the end of the chain is missing"),
    "an entry twice": (
        lambda all_: [*all_[:5], all_[4], *all_[5:]],
        "broken at entry 6: entry 5 stands in its place",
    ),
    "the spelling": (
        lambda all_: [*all_[:4], all_[4].replace(":", ": ", 1), *all_[5:]],
        "broken at entry 5: the line is no entry in the form of an export",
    ),
}


@on_one_database  # the script sees files alone
@pytest.mark.parametrize("case", CASES)
def test_what_is_broken_is_said_in_one_line(files: Files, case: str) -> None:
    change, expected = CASES[case]
    sealed = files.checkpoint()
    export = files.export()
    put(export, change(lines_of(export)))
    assert files.verdict(export, sealed) == (1, expected)


def test_a_tail_written_anew_is_placed_by_the_marks(files: Files) -> None:
    sealed = files.checkpoint()
    export = files.export()
    lines = lines_of(export)
    entries = [json.loads(line) for line in lines[6:]]
    entries[0]["officer_name"] = "nobody"
    tail = tamper_audit._chained(entries, 7, json.loads(lines[5])["hash"])
    put(export, [*lines[:6], *tail])
    assert files.verdict(export, sealed) == (1, "broken at entry 7: it is not the entry that was sealed")


def test_long_chains_are_marked_at_intervals(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.store import checkpoints

    monkeypatch.setattr(checkpoints, "MARKS", 4)
    sealed = files.checkpoint()
    body = json.loads(sealed.read_text())["checkpoints"][0]
    last = next(chain["serial"] for chain in body["chains"] if chain["path"] == HOUSE)
    assert body["every"] == -(-last // 4)
    assert len(body["marks"]) == last // body["every"] <= 4
    export, every = files.export(), body["every"]
    lines = lines_of(export)
    entries = [json.loads(line) for line in lines[every:]]
    entries[0]["officer_name"] = "nobody"
    tail = tamper_audit._chained(entries, every + 1, json.loads(lines[every - 1])["hash"])
    put(export, [*lines[:every], *tail])
    code, said = files.verdict(export, sealed)
    first, found = every + 1, 2 * every
    assert code == 1
    assert said.startswith(f"broken at entry {found}: it is not the entry that was sealed")
    assert said.endswith(f"; entries {first} to {found - 1} may be rewritten too")


def test_a_checkpoint_that_was_touched_is_not_believed(files: Files) -> None:
    sealed, export = files.checkpoint(), files.export()
    body = json.loads(sealed.read_text())["checkpoints"][0]
    forgery = files.folder / "forged.json"

    def said(**values: Any) -> tuple[int, str]:
        forgery.write_text(json.dumps({**body, **values}))
        return files.verdict(export, forgery)

    assert said()[0] == 0
    assert said(number=7) == (1, "broken: the checkpoint does not match its own hash")
    rest = {name: value for name, value in {**body, "number": 7}.items() if name not in ("hash", "signature")}
    mended = verify_audit.sha256(verify_audit.canonical(rest))
    assert said(number=7, hash=mended) == (1, "broken: the signature of the checkpoint does not hold")
    assert said(signature="") == (1, "broken: the signature of the checkpoint does not hold")
    other = Ed25519PrivateKey.generate()
    signed = other.sign(f"{verify_audit.FORM}\n{mended}".encode()).hex()
    assert said(number=7, hash=mended, signature=signed)[0] == 1
    assert files.verdict(export, sealed, "--hash", body["hash"])[0] == 0
    assert files.verdict(export, sealed, "--hash", "0" * 64) == (
        1,
        "broken: the checkpoint is not the one that the other authority was told of",
    )


@on_one_database
@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"checkpoints": [1]}', "Subject: x\n\nwords", "[" * 99_999]
)
def test_files_that_are_none_are_said_to_be_unreadable(files: Files, content: str) -> None:
    export = files.export()
    wrong = files.folder / "wrong.json"
    wrong.write_text(content)
    code, said = files.verdict(export, wrong)
    assert code == 2
    assert said.startswith("unreadable: ")
    assert "Traceback" not in said


def test_a_file_with_all_checkpoints_serves_every_chain(files: Files) -> None:
    everything = files.folder / "all.json"
    files.run("checkpoint", "--to", str(everything))
    for code in ("10130000", "10000000", "05000000", "00000000"):
        assert files.verdict(files.export(code, f"{code}.jsonl"), everything)[0] == 0, code


def test_entries_of_the_first_form_stay_verifiable(files: Files) -> None:
    """A chain begun before address and request were kept: its old entries keep their hashes."""
    first = _first_form(files)
    sealed, export = files.checkpoint(), files.export()
    assert [json.loads(line)["form"] for line in lines_of(export)][: len(first) + 1] == [1] * len(first) + [2]
    assert files.verdict(export, sealed)[0] == 0
    lines = lines_of(export)
    for name, value in (("address", "10.0.0.1"), ("request", None), ("form", True), ("form", 2)):
        entry = verify_audit.canonical({**json.loads(lines[1]), name: value})
        put(export, [lines[0], entry, *lines[2:]])
        code, said = files.verdict(export, sealed)
        assert (code, said.split(":")[0]) == (1, "broken at entry 2"), name


def _first_form(files: Files) -> list[str]:
    """Rewrite the chain of the house as the portal wrote it before; its hashes are computed here by hand."""
    import hashlib

    lines = lines_of(files.export(name="before.jsonl"))
    previous, statements = "0" * 64, []
    for line in lines:
        one = json.loads(line)
        parts = [previous, *(one[n] for n in ("path", "serial", "at", "officer_id", "officer_name", "acting_at")),
                 *(one[n] for n in ("action", "object_type", "object_id", "before", "after"))]  # fmt: skip
        spelled = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        found = hashlib.sha256(spelled.encode()).hexdigest()
        statements.append(
            f"UPDATE audit_entry SET form = 1, address = '', request = '', previous = '{previous}', hash = '{found}' "
            f"WHERE authority_path = '{HOUSE}' AND serial = {one['serial']}"
        )
        previous = found
    statements.append(f"UPDATE audit_head SET hash = '{previous}' WHERE authority_path = '{HOUSE}'")
    tamper(files.app, *statements)
    files.run("verify")
    return lines


def test_five_hundred_tamperings_are_all_found_at_their_place(files: Files) -> None:
    """The bounded form of `scripts/tamper_audit.py`, over a chain with entries of both forms."""
    _first_form(files)
    Office(files.app).registered_draft()
    sealed, export = files.checkpoint(), files.export()
    lines = lines_of(export)[:-1]
    forms = Counter(json.loads(line)["form"] for line in lines)
    assert min(forms[1], forms[2]) > 5
    found = verify_audit.sealed_in(json.loads(sealed.read_text())["checkpoints"][0], HOUSE)
    assert found is not None
    tally = tamper_audit.tamper(lines, found, 500, 8)
    assert tally.missed == []
    assert (tally.tried, tally.named) == (500, 500)
    assert len(tally.kinds) == len({act.__name__ for act in tamper_audit.ACTS})


def test_the_counting_itself_can_fail(files: Files) -> None:
    """Without marks a rewritten tail is found but not placed: the tally says so."""
    sealed, export = files.checkpoint(), files.export()
    lines = lines_of(export)[:-1]
    found = verify_audit.sealed_in(json.loads(sealed.read_text())["checkpoints"][0], HOUSE)
    assert found is not None
    blind = verify_audit.Sealed(HOUSE, found.serial, found.hash)
    tally = tamper_audit.tamper(lines, blind, 100, 8)
    assert tally.elsewhere > 0
    assert tally.missed == []
    open_ended = verify_audit.Sealed(HOUSE, 0, "")
    assert tamper_audit.tamper(lines, open_ended, 100, 8).missed


def test_the_centre_seals_the_chains_beneath_it(files: Files) -> None:
    sealed = files.checkpoint("10000000")
    body = json.loads(sealed.read_text())["checkpoints"][0]
    paths = [chain["path"] for chain in body["chains"]]
    assert body["path"] == CENTRE
    assert HOUSE in paths
    assert not [path for path in paths if not path.startswith(CENTRE)]
    assert files.verdict(files.export(), sealed)[0] == 0

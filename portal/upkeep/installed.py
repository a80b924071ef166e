"""Checks of the installation: the secret key, the compiled catalogues, the vendored files, the last backup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import metadata
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from portal.upkeep.check import Check, Found, Patient, fault, good, unless, warning

#: Different signs below which a key can hardly have been drawn at random.
FEWEST = 12
LAST_BACKUP = "last-backup.json"
OLDEST = timedelta(days=2)
#: Within how many days all libraries are brought up to date (docs/security/policy.md): a quarter.
QUARTER = timedelta(days=92)


def secret(patient: Patient) -> Found:
    if not patient.environment.production:
        return good("outside production the portal keeps one of its own")
    key = patient.environment.secret_key
    if len(key) < 32 or len(set(key)) < FEWEST:
        return fault(f"{len(key)} characters, {len(set(key))} different ones")
    kept = patient.data_dir / "keys" / "development-secret"
    same = kept.is_file() and kept.read_text() == key
    return fault("it is the key of a development folder") if same else good("long and various")


def catalogues(patient: Patient) -> Found:
    return unless(_uncompiled(patient.package / "translations"), "every language is compiled")


def _uncompiled(folder: Path) -> Iterator[str]:
    sources = sorted(folder.glob("*/LC_MESSAGES/messages.po"))
    if not sources:
        yield "there are no catalogues"
    for source in sources:
        compiled = source.with_suffix(".mo")
        if not compiled.is_file():
            yield f"{compiled.relative_to(folder)} is missing"
        elif _said(source) != _said(compiled):
            yield f"{compiled.relative_to(folder)} is not compiled from its source as it is"


def _said(file: Path) -> dict[str, str]:
    """What a catalogue says, by what it is asked; texts with a plural have several of both."""
    with file.open("rb") as opened:
        found: Catalog = read_po(opened, locale=file.parts[-3]) if file.suffix == ".po" else read_mo(opened)
    told = {}
    for message in found:
        asked, answer = (
            (one,) if isinstance(one, str) else tuple(one or ()) for one in (message.id, message.string)
        )
        if any(asked) and any(answer):
            told["\0".join(asked)] = "\0".join(answer)
    return told


def assets(patient: Patient) -> Found:
    return unless(_altered(patient.package / "static" / "vendor"), "every file is the one in the lock")


def _altered(folder: Path) -> Iterator[str]:
    lock = folder / "vendor.lock.json"
    if not lock.is_file():
        yield "vendor.lock.json is missing"
        return
    for package in json.loads(lock.read_text()).values():
        for name, expected in package["files"].items():
            if not (folder / name).is_file():
                yield f"{name} is missing"
            elif _sha512((folder / name).read_bytes()) != expected:
                yield f"{name} differs from the lock"


def _sha512(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def libraries(patient: Patient) -> Found:
    root = patient.package.parent
    other = list(_other_versions((root / "requirements.txt").read_text("utf-8")))
    if other or not patient.environment.production:
        return unless(other, "every library has the version that is pinned")
    (day,) = re.findall(
        r"^# Brought up to date: (\S+)$", (root / "requirements.in").read_text("utf-8"), re.MULTILINE
    )
    words = f"every library has the version that is pinned, brought up to date on {day}"
    old = patient.at.date() - date.fromisoformat(day) > QUARTER
    return warning(words) if old else good(words)


def pins(text: str) -> list[tuple[str, str]]:
    """Names and versions that a file of pins names."""
    return re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", text, re.MULTILINE)


def _other_versions(text: str) -> Iterator[str]:
    for name, version in pins(text):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield f"{name} {version} is missing"
        else:
            if found != version:
                yield f"{name} is {found}, not {version}"


def backup(patient: Patient) -> Found:
    if not patient.environment.production:
        return good("outside production none is asked for")
    file = patient.data_dir / LAST_BACKUP
    if not file.is_file():
        return warning("none has been made")
    made = datetime.fromisoformat(json.loads(file.read_text())["at"])
    words = f"the last one was made at {made:%Y-%m-%d %H:%M} UTC"
    return warning(words) if patient.at - made > OLDEST else good(words)


CHECKS = (
    Check(
        "installed.secret_key",
        f"In production the secret key has 32 characters, {FEWEST} of them different, and is no development key.",
        "Draw a new one: `python3 -c 'import secrets; print(secrets.token_hex(32))'`. All sessions end.",
        secret,
        asks_tables=False,
    ),
    Check(
        "installed.catalogues",
        "The catalogue of every language is compiled from its source.",
        "`pybabel compile -f -d portal/translations`, then restart.",
        catalogues,
        asks_tables=False,
    ),
    Check(
        "installed.assets",
        "Every vendored file has the hash of `vendor.lock.json`.",
        "Install the release again; somebody has changed what browsers run.",
        assets,
        asks_tables=False,
    ),
    Check(
        "installed.libraries",
        f"Every library has the version that is pinned; in production all were brought up to date within "
        f"{QUARTER.days} days.",
        "`pip install -r requirements.txt`; where it is long ago, install a later release. `make faults` names faults.",
        libraries,
        asks_tables=False,
    ),
    Check(
        "installed.backup",
        f"In production the last backup is at most {OLDEST.days} days old.",
        "`flask backup DESTINATION`, each night, and now and then a restore into an empty place.",
        backup,
        asks_tables=False,
    ),
)

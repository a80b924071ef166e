"""Checks of the data folder: that it can be written, that it is closed, that nothing is missing or left over."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from portal.store import history_files, readiness, switches
from portal.upkeep.check import WARNING, Check, Found, Patient, fault, good, unless, warning

MIB = 1024 * 1024
#: Free space in MiB below which writing is about to fail, and below which somebody should look.
LEAST, LITTLE = 512, 2048
#: A file that is being made is younger than this, in seconds.
UNDER_WAY = 3600
_UNFINISHED = ("history/**/.*.parquet", "mail/*.part", "keys/.selection-key-*", ".trial-*", ".restore-*")


def writable(patient: Patient) -> Found:
    folders = [patient.data_dir, *(patient.data_dir / name for name in ("history", "keys", "mail"))]
    there = [folder for folder in folders if folder == patient.data_dir or folder.exists()]
    wrong = (f"{folder} cannot be written" for folder in there if not readiness.writable(folder))
    return unless(wrong, f"{patient.data_dir} can be written")


def space(patient: Patient) -> Found:
    if not patient.data_dir.exists():
        return good("there is no data folder to measure")
    free = shutil.disk_usage(patient.data_dir).free // MIB
    if free < LEAST:
        return fault(f"{free} MiB are free")
    return warning(f"{free} MiB are free") if free < LITTLE else good(f"{free} MiB are free")


def keys(patient: Patient) -> Found:
    folder = patient.data_dir / "keys"
    if not folder.is_dir():
        return good("no keys are kept here yet")
    open_to_others = (
        f"{place} has mode {stat.S_IMODE(place.stat().st_mode):04o}"
        for place in (folder, *sorted(folder.iterdir()))
        if place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )
    return unless(open_to_others, "only the portal's own account reads the keys")


def history(patient: Patient) -> Found:
    return unless(history_files.faults(), "every file of past declarations is as it was stored")


def leftovers(patient: Patient) -> Found:
    return unless(_left(patient), "nothing is left over", WARNING)


def _left(patient: Patient) -> Iterator[str]:
    oldest = patient.at.timestamp() - UNDER_WAY
    known = {patient.data_dir / "history" / name for name in history_files.names()}
    unfinished = [file for pattern in _UNFINISHED for file in patient.data_dir.glob(pattern)]
    stray = [file for file in patient.data_dir.glob("history/**/[!.]*.parquet") if file not in known]
    for file in sorted({*unfinished, *stray}):
        if file.stat().st_mtime < oldest:
            yield str(_within(file, patient.data_dir))


def _within(file: Path, folder: Path) -> Path:
    return file.relative_to(folder)


def mode(patient: Patient) -> Found:
    if switches.read_only():
        return warning("acts are refused and jobs rest")
    return warning("this machine takes no requests") if switches.stopping() else good("acts are taken")


CHECKS = (
    Check(
        "folder.writable",
        "The data folder and its parts can be written.",
        "Give PORTAL_DATA_DIR to the account that runs the portal; see that the disk is mounted and not read-only.",
        writable,
        asks_tables=False,
    ),
    Check(
        "folder.space",
        f"At least {LITTLE} MiB are free there; below {LEAST} it is a fault.",
        "Make room, or move the data folder to a larger disk.",
        space,
        asks_tables=False,
    ),
    Check(
        "folder.keys",
        "Nobody but the portal's account may read the keys (folder 0700, files 0600).",
        "`chmod -R go= keys` in the data folder; if others had access to the machine, make new keys.",
        keys,
        asks_tables=False,
    ),
    Check(
        "folder.mode",
        "The portal is not read-only, and this machine not drained.",
        "When the work is done: `flask read-only off`, `flask drain off`, or unset PORTAL_READ_ONLY.",
        mode,
        asks_tables=False,
    ),
    Check(
        "history.files",
        "Each import's file of past declarations is there, with the hash that it was stored with.",
        "Bring the file back from a backup into the data folder's `history`.",
        history,
    ),
    Check(
        "folder.leftovers",
        "No import, mail or restore has left an unfinished file, or a file that no import names.",
        "Remove the files named; the portal reads none of them.",
        leftovers,
    ),
)

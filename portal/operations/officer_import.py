"""Takes a table of officers in: one administrator prepares it, another confirms it, first passwords are drawn."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.errors import NotAllowedNow, NotHere, NotYours, Stale
from portal.levels.roles import Post
from portal.levels.words import N_
from portal.models import Authority, Officer, OfficerImport, Unit
from portal.operations import administration, sign_in
from portal.operations.acts import Acts
from portal.operations.officer_rows import Entry, JudgedTable, judge_entries
from portal.screening.faults import Fault
from portal.store import officer_imports
from portal.store.session import session
from portal.workflow.clock import now

CHANGED = N_("The import changed since you opened it.")
DECIDED = N_("The import is confirmed or withdrawn already.")
NOT_DONE = N_("The import is not confirmed yet.")
OWN = N_(
    "You prepared this import. Another administrator of your authority, or of one above it, confirms it."
)
NOT_CONFIRMER = N_("First passwords are given out by the administrator who confirmed the import.")
ALL_CHANGED = N_("Every officer of this import has chosen a password of his own already.")

#: Signs of first passwords: none that is taken for another.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH, _GROUP = 16, 4


class NoLongerRight(Exception):
    """What was right when it was prepared is not any more; `faults` by the entry that they concern."""

    def __init__(self, faults: Iterable[tuple[Entry, list[Fault]]]) -> None:
        super().__init__("no longer right")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class FirstPassword:
    """The password that an officer is told, and changes when he first signs in."""

    login: str
    name: str
    password: str


def prepare(table: JudgedTable, file_name: str, acts: Acts, at: datetime) -> OfficerImport:
    """Keep a table in which everything is right, until somebody else confirms it.

    Raises:
        ValueError: something in it is wrong.
    """
    if not table.right:
        raise ValueError("only a table without faults is kept")
    prepared = OfficerImport(
        authority_path=acts.path,
        file_name=file_name[:200],
        entries=list(table.entries),
        prepared_by_id=acts.officer_id,
        prepared_by=acts.name,
        prepared_at=at,
    )
    session().add(prepared)
    session().flush()
    return prepared


def load(import_id: int) -> OfficerImport:
    """An import in scope.

    Raises:
        NotHere: there is none.
    """
    found = officer_imports.find(import_id)
    if found is None:
        raise NotHere
    return found


def check_confirmer(found: OfficerImport, acts: Acts) -> None:
    """Whether an officer may confirm an import now.

    Raises:
        NotAllowedNow: it is decided. NotYours: he prepared it.
    """
    if found.state != "waiting":
        raise NotAllowedNow(DECIDED)
    if found.prepared_by_id == acts.officer_id:
        raise NotYours(OWN)


def confirm(import_id: int, version: int | None, acts: Acts, at: datetime) -> OfficerImport:
    """Enrol every officer of an import with his post, all of them or none.

    Raises:
        NotHere, NotAllowedNow, NotYours, Stale: he may not, or not now.
        NoLongerRight: a login was taken meanwhile, or a unit or authority is gone.
    """
    found = load(import_id)
    check_confirmer(found, acts)
    _same(found, version)
    faults = [(entry, wrong) for entry, wrong in judge_entries(found.entries, at) if wrong]
    if faults:
        raise NoLongerRight(faults)
    for entry in found.entries:
        _enrol(entry)
    _decide(found, "done", acts, at)
    return found


def withdraw(import_id: int, version: int | None, acts: Acts, at: datetime) -> None:
    """Put a waiting import aside; nobody is enrolled.

    Raises:
        NotHere, NotAllowedNow, Stale: there is none, or it is decided, or it changed.
    """
    found = load(import_id)
    if found.state != "waiting":
        raise NotAllowedNow(DECIDED)
    _same(found, version)
    _decide(found, "withdrawn", acts, at)


def _same(found: OfficerImport, version: int | None) -> None:
    if version != found.row_version:
        raise Stale(CHANGED)


def _decide(found: OfficerImport, state: str, acts: Acts, at: datetime) -> None:
    found.state, found.decided_at = state, at
    found.decided_by_id, found.decided_by = acts.officer_id, acts.name
    session().flush()


def _enrol(entry: Entry) -> None:
    """One officer with a password that nobody knows; the first that somebody knows is given out later."""
    authority = session().scalars(select(Authority).where(Authority.code == entry["authority"])).one()
    asked = select(Unit).where(Unit.authority_id == authority.id, Unit.name_en == entry["unit"])
    unit = session().scalars(asked).one() if entry["unit"] else None
    officer = administration.enrol(
        authority,
        entry["login"],
        entry["name"],
        secrets.token_urlsafe(32),
        email=entry["email"],
        locale=entry["locale"],
        first=True,
        drawn=True,
    )
    administration.appoint(
        officer,
        authority,
        Post(entry["post"]),
        date.fromisoformat(entry["since"]),
        unit=unit,
        until=date.fromisoformat(entry["until"]) if entry["until"] else None,
        acting_for=entry["acting_for"],
    )


def check_giver(found: OfficerImport, acts: Acts) -> list[Officer]:
    """The officers to whom first passwords can be given.

    Raises:
        NotAllowedNow: nobody is enrolled yet, or all have chosen their own. NotYours: another confirmed it.
    """
    if found.state != "done":
        raise NotAllowedNow(NOT_DONE)
    if found.decided_by_id != acts.officer_id:
        raise NotYours(NOT_CONFIRMER)
    waiting = _waiting(found)
    if not waiting:
        raise NotAllowedNow(ALL_CHANGED)
    return waiting


def _waiting(found: OfficerImport) -> list[Officer]:
    return officer_imports.enrolled(entry["login"] for entry in found.entries)


def give_first_passwords(import_id: int, acts: Acts) -> tuple[str, list[FirstPassword]]:
    """Draw a first password for each officer who has not chosen his own; those drawn before stop working.

    Gives the seed of this draw besides: it is kept nowhere, and only who has it can have the list once more.

    Raises:
        NotHere, NotAllowedNow, NotYours: he may not, or not now.
    """
    waiting = check_giver(load(import_id), acts)
    seed = secrets.token_hex(32)
    drawn = [FirstPassword(one.login, one.name, _password(seed, one.login)) for one in waiting]
    for officer, first in zip(waiting, drawn, strict=True):
        officer.password_hash = sign_in.FIRST_HASHER.hash(first.password)
        officer.first_password_at = now()
    return seed, drawn


def first_passwords(import_id: int, seed: str, acts: Acts) -> list[FirstPassword]:
    """The passwords of a draw that still hold, for a file of them.

    Raises:
        NotHere, NotAllowedNow, NotYours: he may not, or the seed is of no draw that still holds.
    """
    waiting = check_giver(load(import_id), acts)
    drawn = [(one, _password(seed, one.login)) for one in waiting]
    found = [
        FirstPassword(one.login, one.name, password)
        for one, password in drawn
        if sign_in.matches(one.password_hash, password)
    ]
    if not found:
        raise NotAllowedNow(ALL_CHANGED)
    return found


def _password(seed: str, login: str) -> str:
    """The password of a login in a draw: such as ``k7mq-x3vd-9hwt-e4pn``."""
    mixed = hmac.new(seed.encode("utf-8", "replace"), login.encode(), hashlib.sha256).digest()
    number, signs = int.from_bytes(mixed, "big"), ""
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_SIGNS))
        signs += _SIGNS[place]
    return "-".join(signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))

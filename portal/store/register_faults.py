"""Finds what is wrong in the registers of one authority: gaps, false numbers, missing lines, changed texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.levels.signing import UNION_CODE
from portal.models import Authority, Document, Register, RegisterEntry, Revision, RiskInformation
from portal.store.session import session
from portal.workflow.numbering import parse
from portal.workflow.text import text_hash


@dataclass(frozen=True)
class Fault:
    """Something wrong: the code of the authority, "draft" or "profile", the place, and what is the matter."""

    authority: str
    register: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.authority} register of {self.register}s, {self.place}: {self.why}"


@dataclass(frozen=True)
class Checked:
    """How many registers and lines were looked at, and what is wrong in them."""

    registers: int
    lines: int
    faults: tuple[Fault, ...]


def verify(path: str) -> Checked:
    """Compare the registers of the authority at `path` with its documents; it must be in scope."""
    home = session().scalars(select(Authority).where(Authority.authority_path == path)).one()
    registers = session().scalars(
        select(Register).where(Register.authority_path == path).order_by(Register.kind)
    )
    count, lines, faults = 0, 0, []
    for register in registers:
        rows = _rows(home, register)
        count, lines = count + 1, lines + len(rows)
        for place, why in (*_serials(register, rows), *_content(home, register, rows)):
            faults.append(Fault(home.code, register.kind, place, why))
    return Checked(count, lines, tuple(faults))


def _rows(home: Authority, register: Register) -> list[Any]:
    """The lines of a register by serial; the union's are the information that it has circulated."""
    if home.level == "union":
        info = RiskInformation
        circulated = select(info.serial, info.number, info.circulated_at.label("at"), info.text_hash).where(
            info.authority_path == home.authority_path, info.serial.is_not(None)
        )
        return list(session().execute(circulated.order_by(info.serial)))
    entry = RegisterEntry
    asked = select(entry.serial, entry.number, entry.at, entry.text_hash, entry.document_id).where(
        entry.register_id == register.id
    )
    return list(session().execute(asked.order_by(entry.serial)))


Found = Iterator[tuple[str, str]]


def _serials(register: Register, rows: list[Any]) -> Found:
    """Continuous from 1 to the counter: no gaps, no duplicates, nothing beyond it."""
    expected = 1
    for row in rows:
        if row.serial == expected:
            expected += 1
        elif row.serial < expected:
            yield f"serial {row.serial}", "it was given twice"
        else:
            yield _gap(expected, row.serial - 1), "missing"
            expected = row.serial + 1
    if register.last_serial != expected - 1:
        yield f"serial {expected}", f"the counter stands at {register.last_serial}"


def _gap(first: int, last: int) -> str:
    return f"serial {first}" if first == last else f"serials {first} to {last}"


def _content(home: Authority, register: Register, rows: list[Any]) -> Found:
    for row in rows:
        for why in _number(home, row):
            yield row.number, why
    yield from _information(home) if home.level == "union" else _documents(home, register, rows)


def _number(home: Authority, row: Any) -> Iterator[str]:
    try:
        number = parse(row.number)
    except ValueError:
        yield "it does not have the form of a number"
        return
    if number.serial != row.serial:
        yield f"its serial is not {row.serial}"
    if number.authority != home.code[: home.number_width]:
        yield f"it does not name the authority {home.code[: home.number_width]}"
    if number.day != row.at.astimezone(ZoneInfo(home.zone)).date():
        yield "it does not bear the day of its registration"


def _documents(home: Authority, register: Register, rows: list[Any]) -> Found:
    """Each line and its document bear one number, and the text is the one that was registered."""
    asked = select(Document.id, Document.number).where(
        Document.authority_path == home.authority_path, Document.document == register.kind
    )
    numbers = {row.id: row.number for row in session().execute(asked)}
    for row in rows:
        if numbers.get(row.document_id) != row.number:
            yield row.number, "its document does not bear this number"
        if not _registered_text(row.document_id, row.text_hash):
            yield row.number, "the registered text is not kept as it was"
    lined = {row.number for row in rows}
    for number in sorted({number for number in numbers.values() if number} - lined):
        yield number, "a document bears it and the register has no line"


def _registered_text(document_id: int, registered: str) -> bool:
    asked = select(Revision.text).where(Revision.document_id == document_id, Revision.text_hash == registered)
    return any(text_hash(text) == registered for text in session().scalars(asked))


def _information(home: Authority) -> Found:
    asked = select(RiskInformation).where(RiskInformation.authority_path == home.authority_path)
    for row in session().scalars(asked.order_by(RiskInformation.id)):
        if row.number and row.serial is None:
            yield row.number, "it bears a number and has no serial"
        if row.serial and not (row.number or "").startswith(f"{UNION_CODE}/"):
            yield str(row.number), f"the numbers of the union begin with {UNION_CODE}"
        if row.serial and row.text_hash != text_hash(row.text):
            yield str(row.number), "the circulated text is not kept as it was"

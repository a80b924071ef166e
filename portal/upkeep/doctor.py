"""Makes all checks of the portal, in an order in which each can be made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.exc import SQLAlchemyError

from portal.store.session import session
from portal.upkeep import database, folder, installed, lines, office
from portal.upkeep.check import FAULT, GOOD, Check, Found, Patient, fault

CHECKS: tuple[Check, ...] = (
    *database.CHECKS,
    *folder.CHECKS,
    *installed.CHECKS,
    *lines.CHECKS,
    *office.CHECKS,
)


@dataclass(frozen=True)
class Examined:
    """What one check found, and what to do about it; nothing where it is good."""

    check: str
    state: str
    found: str
    do: str

    def plain(self) -> dict[str, str]:
        return asdict(self)


def examine(patient: Patient, checks: Sequence[Check] = CHECKS) -> Iterator[Examined]:
    """Make the checks; those that ask the tables are left out while the tables cannot be asked."""
    open_ = True
    for check in checks:
        if check.asks_tables and not open_:
            continue
        found = _made(check, patient)
        if check.opens and found.state == FAULT:
            open_ = False
        yield Examined(check.name, found.state, found.words, "" if found.state == GOOD else check.do)


def _made(check: Check, patient: Patient) -> Found:
    """A check that fails itself has found something, too."""
    try:
        return check.run(patient)
    except Exception as error:
        return fault(f"it could not be looked at: {type(error).__name__}: {str(error).splitlines()[0]}")
    finally:
        try:
            session().rollback()
        except SQLAlchemyError:
            session().close()


def meanings() -> str:
    """What each check means, as docs/operation.md has it."""
    rows = [f"| `{check.name}` | {check.holds} | {check.do} |" for check in CHECKS]
    return "\n".join(["| Check | Holds | What to do when it does not |", "|---|---|---|", *rows])

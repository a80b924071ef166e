"""Questions about imports of officers, and about the units and logins that they name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.models import Officer, OfficerImport, Unit
from portal.store.gateway import unscoped
from portal.store.session import session

PAGE = 50


@dataclass(frozen=True)
class UnitSeen:
    """A unit as a table of officers names it."""

    id: int
    path: str
    name_en: str
    name_ru: str
    is_coordination: bool


def units(paths: Iterable[str]) -> list[UnitSeen]:
    """The units that work at authorities in scope."""
    asked = select(Unit.id, Unit.authority_path, Unit.name_en, Unit.name_ru, Unit.is_coordination)
    asked = asked.where(Unit.closed_at.is_(None))
    wanted = set(paths)
    return [seen for seen in (UnitSeen(*row) for row in session().execute(asked)) if seen.path in wanted]


def taken(logins: Iterable[str]) -> frozenset[str]:
    """Those of the logins, all of them without case, that somebody has, in whichever authority."""
    wanted = list(logins)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        asked = select(Officer.login).where(func.lower(Officer.login).in_(wanted[start : start + 500]))
        found |= set(session().scalars(unscoped(asked, "a login is nobody else's in the whole portal")))
    return frozenset(login.casefold() for login in found)


def listing(before: int | None = None) -> list[OfficerImport]:
    """The imports in scope, newest first; one more than a page tells that there are others."""
    asked = select(OfficerImport).order_by(OfficerImport.id.desc()).limit(PAGE + 1)
    if before is not None:
        asked = asked.where(OfficerImport.id < before)
    return list(session().scalars(asked))


def waiting_count() -> int:
    """How many imports in scope wait for a second administrator."""
    return session().scalar(select(func.count(OfficerImport.id)).where(OfficerImport.state == "waiting")) or 0


def find(import_id: int) -> OfficerImport | None:
    """An import in scope."""
    return session().scalars(select(OfficerImport).where(OfficerImport.id == import_id)).one_or_none()


def enrolled(logins: Iterable[str]) -> list[Officer]:
    """The open accounts in scope with these logins whose first password is not changed yet, by login."""
    asked = (
        select(Officer)
        .where(Officer.login.in_(list(logins)), Officer.must_change_password, Officer.closed_at.is_(None))
        .order_by(Officer.login)
    )
    return list(session().scalars(asked))

"""Questions about the directory of profiles: which are in force at a place, and who has read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from portal.levels.path import AuthorityPath
from portal.models import Publication, ReadReceipt
from portal.store import authorities
from portal.store.gateway import beneath
from portal.store.session import session

PAGE = 50


@dataclass(frozen=True)
class InForce:
    """A profile's version in force at a place, with what screening needs of it."""

    id: int
    owner: str
    number: str
    version: int
    title: str
    text: dict[str, Any]

    @property
    def found_by_officer(self) -> bool:
        """True when no software finds it: it has questions for the officer alone (procedure §3)."""
        return not self.text["groups"]


def in_force_at(path: str, on: date) -> tuple[InForce, ...]:
    """The profiles that apply to the authority at `path` on a day, each once, by number."""
    place = AuthorityPath(path)
    covering = [*(above.text for above in place.above), place.text]
    asked = (
        select(
            Publication.id,
            Publication.authority_path,
            Publication.number,
            Publication.version,
            Publication.title,
            Publication.text,
        )
        .where(Publication.state == "in_force", Publication.applies_to.in_(covering))
        .where(Publication.valid_from <= on, Publication.valid_to >= on)
        .order_by(Publication.number, Publication.version, Publication.id)
    )
    found: dict[tuple[str, str, int], InForce] = {}
    for row in session().execute(asked):
        found.setdefault((row.authority_path, row.number, row.version), InForce(*row))
    return tuple(found.values())


@dataclass(frozen=True)
class Wanted:
    """The filters of the directory; an empty one asks for everything."""

    words: str = ""
    kind: str = ""
    scope: str = ""
    level: str = ""
    unread_by: int | None = None


@dataclass(frozen=True)
class Entry:
    """A line of the directory; `issuer` is the path of the authority whose profile it is."""

    id: int
    number: str
    version: int
    title: str
    kind: str
    scope: str
    risk_level: str
    issuer: str
    valid_from: date
    valid_to: date
    published_at: datetime
    read: bool


def listing(
    path: str,
    on: date,
    reader: int,
    wanted: Wanted,
    older: int | None = None,
    newer: int | None = None,
    most: int = PAGE,
) -> list[Entry]:
    """One page of the profiles in force in the territory of the authority at `path`, the newest first.

    Args:
        reader: the officer whose receipts are shown.
        older, newer: id of the entry after, or before, which the page begins; one line more than `most` is
            given when there is another page.
    """
    read = _receipt_of(reader, path)
    asked = _narrowed(_of_territory(path, on), wanted, read).add_columns(read.label("read"))
    if newer is not None:
        asked = asked.where(Publication.id > newer).order_by(Publication.id)
    else:
        asked = asked.order_by(Publication.id.desc())
        asked = asked.where(Publication.id < older) if older is not None else asked
    rows = [Entry(*row) for row in session().execute(asked.limit(most + 1))]
    return rows[::-1] if newer is not None else rows


def unread(path: str, on: date, reader: int) -> int:
    """How many profiles in force the officer has not confirmed reading."""
    asked = _narrowed(_of_territory(path, on), Wanted(unread_by=reader), _receipt_of(reader, path))
    return session().scalar(select(func.count()).select_from(asked.subquery())) or 0


def _of_territory(path: str, on: date) -> Select[*tuple[Any, ...]]:
    """Every profile in force that applies to some part of a territory, once."""
    place = AuthorityPath(path)
    covering = [*(above.text for above in place.above), place.text]
    earlier = aliased(Publication)
    here = or_(Publication.applies_to.in_(covering), Publication.applies_to.like(beneath(path), escape="!"))
    here_too = or_(earlier.applies_to.in_(covering), earlier.applies_to.like(beneath(path), escape="!"))
    same = select(earlier.id).where(
        earlier.document_id == Publication.document_id, earlier.id < Publication.id, here_too
    )
    asked: Select[*tuple[Any, ...]] = select(
        Publication.id,
        Publication.number,
        Publication.version,
        Publication.title,
        Publication.kind,
        Publication.scope,
        Publication.risk_level,
        Publication.authority_path,
        Publication.valid_from,
        Publication.valid_to,
        Publication.published_at,
    )
    return asked.where(Publication.state == "in_force", here, ~same.exists()).where(
        Publication.valid_from <= on, Publication.valid_to >= on
    )


def _receipt_of(officer_id: int, path: str) -> Any:
    return (
        select(ReadReceipt.id)
        .where(
            ReadReceipt.publication_id == Publication.id,
            ReadReceipt.officer_id == officer_id,
            ReadReceipt.authority_path == path,
        )
        .exists()
    )


def _narrowed(asked: Select[*tuple[Any, ...]], wanted: Wanted, read: Any) -> Select[*tuple[Any, ...]]:
    for column, value in (
        (Publication.kind, wanted.kind),
        (Publication.scope, wanted.scope),
        (Publication.risk_level, wanted.level),
    ):
        asked = asked.where(column == value) if value else asked
    if wanted.words:
        asked = asked.where(
            or_(
                Publication.number.contains(wanted.words, autoescape=True),
                Publication.title.icontains(wanted.words, autoescape=True),
            )
        )
    return asked.where(~read) if wanted.unread_by is not None else asked


def find(publication_id: int) -> Publication | None:
    """An entry of the directory that applies in scope, whatever its state."""
    return session().get(Publication, publication_id)


def receipt(publication_id: int, officer_id: int, path: str) -> datetime | None:
    """When an officer of an authority confirmed that he has read an entry."""
    return session().scalar(
        select(ReadReceipt.at).where(
            ReadReceipt.publication_id == publication_id,
            ReadReceipt.officer_id == officer_id,
            ReadReceipt.authority_path == path,
        )
    )


@dataclass(frozen=True)
class Receipt:
    """Who has read a profile, as its owner sees it."""

    authority: authorities.Seen
    officer_name: str
    at: datetime


def receipts(document_id: int) -> tuple[Receipt, ...]:
    """The read receipts of a profile from the authorities in scope, the latest first."""
    asked = (
        select(ReadReceipt.authority_path, ReadReceipt.officer_name, ReadReceipt.at)
        .join(Publication, Publication.id == ReadReceipt.publication_id)
        .where(Publication.document_id == document_id)
        .order_by(ReadReceipt.at.desc(), ReadReceipt.id.desc())
    )
    rows = session().execute(asked).all()
    names = authorities.names_of(row.authority_path for row in rows)
    return tuple(Receipt(names[row.authority_path], row.officer_name, row.at) for row in rows)

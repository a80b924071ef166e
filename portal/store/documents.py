"""Questions about drafts and profiles: one, its facts, and those that await an officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from portal.levels.path import AuthorityPath
from portal.levels.signing import signature_table
from portal.models import Authority, Document, Draft, Profile, Signature
from portal.store import authorities
from portal.store.session import session
from portal.workflow.competence import touched_units
from portal.workflow.engine import awaits, statuses_open_to
from portal.workflow.move import Facts, Given
from portal.workflow.seats import Actor, Places
from portal.workflow.statuses import MEANINGS, P, status_of
from portal.workflow.text import missing_in_note, missing_in_profile

T = TypeVar("T")


def find(document_id: int, kind: str | None = None) -> Document | None:
    """A document in scope, of a kind when one is named."""
    found = session().get(Document, document_id)
    return found if found is not None and kind in (None, found.document) else None


def signatures(document_id: int, *, lapsed: bool = False) -> list[Signature]:
    """The signatures on a document in the order given; those that lapsed only when asked for."""
    asked = select(Signature).where(Signature.document_id == document_id).order_by(Signature.id)
    if not lapsed:
        asked = asked.where(Signature.lapsed_at.is_(None))
    return list(session().scalars(asked))


@dataclass(frozen=True)
class Surroundings:
    """The authorities around a document's own."""

    centre: str
    rtu: str
    state: str
    signatories: dict[str, Any]


def _remembered(key: tuple[str, str], ask: Callable[[], T]) -> T:
    """Ask once in a session: the tree does not change under a request."""
    memory: dict[tuple[str, str], Any] = session().info.setdefault("memory", {})
    if key not in memory:
        memory[key] = ask()
    return memory[key]  # type: ignore[no-any-return]


def surroundings(path: str) -> Surroundings:
    """The centre and, for a customs house under one, the directorate above an authority."""
    return _remembered(("around", path), lambda: _surroundings(path))


def _surroundings(path: str) -> Surroundings:
    trail = authorities.trail(path)
    levels = [row.level for row in trail]
    centre = trail[1]
    under_rtu = levels[-2:] == ["regional", "regional"]
    asked = select(Authority.signatories).where(Authority.authority_path == centre.path)
    return Surroundings(
        centre.path, trail[-2].path if under_rtu else "", centre.state, session().scalar(asked) or {}
    )


def _directions(path: str) -> dict[int, frozenset[int]]:
    return _remembered(("directions", path), lambda: authorities.directions_of(path))


def places(document: Document) -> Places:
    """Where the seats of a document stand."""
    around = surroundings(document.authority_path)
    units: dict[str, frozenset[int]] = {"own": frozenset({document.unit_id}), "touched": touched(document)}
    persons = {"author": document.author_id}
    if isinstance(document, Draft):
        units["competent"] = _one(document.competent_unit_id)
        units["rtu"] = _one(document.rtu_unit_id)
    if document.executor_id is not None:
        persons["executor"] = document.executor_id
    return Places(
        document.authority_path,
        around.centre,
        around.rtu,
        units,
        persons,
    )


def _one(unit_id: int | None) -> frozenset[int]:
    return frozenset() if unit_id is None else frozenset({unit_id})


def touched(document: Document) -> frozenset[int]:
    """Ids of the units of the document's authority, other than its own, that its text touches."""
    return touched_units(document.text, _directions(document.authority_path), document.unit_id)


def facts(document: Document) -> Facts:
    """All that the procedure may know of a document."""
    given = signatures(document.id)
    around = surroundings(document.authority_path)
    endorsed = {s.unit_id for s in given if s.role == "endorsement"}
    shared: dict[str, Any] = {
        "document": document.document,
        "status": status_of(document.document, document.status),
        "places": places(document),
        "kind": document.kind,
        "scope": document.scope,
        "formalisation": document.text["header"]["formalisation"],
        "numbered": document.number is not None,
        "touched": touched(document),
        "unendorsed": touched(document) - endorsed,
        "missing": (*missing_in_profile(document.text), *missing_in_note(document.text)),
        "given": frozenset(Given(s.officer_id, s.seat, s.on_what) for s in given),
        "signatory": signature_table(around.signatories)[document.scope].signs,
        "under_rtu": bool(around.rtu),
        "executor_named": document.executor_id is not None,
    }
    own = _draft_facts(document, around) if isinstance(document, Draft) else _profile_facts(document)  # type: ignore[arg-type]
    return Facts(**shared, **own)


def _draft_facts(draft: Draft, around: Surroundings) -> dict[str, Any]:
    central = _directions(around.centre) if _in_scope(around.centre) else {}
    return {
        "authors": frozenset({draft.author_id}),
        "several_units": len(touched_units(draft.text, central, None)) > 1,
        "proposed": bool(draft.proposal),
        "opinion_by": draft.opinion_by_id,
        "rtu_asked": bool(draft.rtu_asked),
        "profile_exists": open_profile_of(draft.id) is not None,
    }


def _in_scope(path: str) -> bool:
    return bool(session().info["scope"].may_read(AuthorityPath(path)))


def _profile_facts(profile: Profile) -> dict[str, Any]:
    draft = find(profile.draft_id) if profile.draft_id else None
    authors = {profile.executor_id, profile.author_id}
    asked_rtu = bool(draft.rtu_asked) if isinstance(draft, Draft) else False
    return {
        "authors": frozenset(a for a in authors if a is not None),
        "rtu_asked": asked_rtu,
        "opinion_by": draft.opinion_by_id if isinstance(draft, Draft) else None,
        "update_exists": open_update_of(profile.id) is not None,
        "cancellation": profile.cancellation or "",
    }


_ENDED = [status.value for status, meaning in MEANINGS.items() if meaning.final]


def open_profile_of(draft_id: int) -> int | None:
    """Id of the profile that is being, or was, prepared from a draft; abandoned ones do not count."""
    asked = select(Profile.id).where(Profile.draft_id == draft_id, Profile.status != P.ABANDONED)
    return session().scalar(asked.order_by(Profile.id.desc()).limit(1))


def open_update_of(profile_id: int) -> int | None:
    """Id of the version that is being prepared to follow a profile in force."""
    asked = select(Profile.id).where(
        Profile.updates_id == profile_id, Profile.status.not_in([*_ENDED, P.IN_FORCE, P.SUSPENDED])
    )
    return session().scalar(asked)


def versions(document: Document) -> list[Document]:
    """All versions under a profile's number, the newest first."""
    if document.number is None or document.document == "draft":
        return [document]
    asked = select(Document).where(
        Document.number == document.number, Document.authority_path == document.authority_path
    )
    return list(session().scalars(asked.order_by(Document.version.desc())))


def awaiting(actor: Actor, most: int = 200) -> list[tuple[Document, Facts]]:
    """The open documents that wait for this officer, the oldest first.

    The table narrows the statuses; `awaits` then decides for each document.
    """
    found = []
    for kind in ("draft", "profile"):
        signatories = ("service_head", "supervising_deputy", "profile_unit_head", "authority_head")
        statuses = statuses_open_to(kind, actor, signatories)
        asked = select(Document).where(Document.document == kind, Document.status.in_(statuses))
        for document in session().scalars(asked.order_by(Document.id).limit(most)):
            known = facts(document)
            if awaits(known, actor):
                found.append((document, known))
    return found

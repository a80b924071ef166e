"""Questions about drafts and profiles: one, its facts, and those that await an officer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from portal.levels.path import AuthorityPath
from portal.levels.signing import signature_table
from portal.levels.territory import fits
from portal.levels.words import N_
from portal.models import BackTestRun, Document, Draft, Profile, Signature
from portal.store.session import session
from portal.store.surroundings import Surroundings, directions, gather, gather_directions, surroundings
from portal.workflow.clock import now
from portal.workflow.competence import touched_units
from portal.workflow.engine import awaits, statuses_open_to
from portal.workflow.move import Facts, Given
from portal.workflow.seats import Actor, Places
from portal.workflow.statuses import MEANINGS, D, P, status_of
from portal.workflow.text import Missing, area_hash, missing_in_note, missing_in_profile


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
    return touched_units(document.text, directions(document.authority_path), document.unit_id)


def facts(document: Document) -> Facts:
    """All that the procedure may know of a document."""
    return facts_of([document])[document.id]


def facts_of(documents: Sequence[Document]) -> dict[int, Facts]:
    """The facts of several documents by id, asked in as many queries as for one."""
    paths = {document.authority_path for document in documents}
    gather(paths)
    gather_directions(
        {path for path in paths | {surroundings(path).centre for path in paths} if _in_scope(path)}
    )
    beside = _beside(documents)
    return {document.id: _facts(document, beside) for document in documents}


@dataclass(frozen=True)
class _Beside:
    """What stands beside some documents, by document id: signatures, profiles begun, versions begun, drafts."""

    signatures: dict[int, list[Signature]]
    embodied: frozenset[int]
    updated: frozenset[int]
    drafts: dict[int, DraftBeside]
    predecessors: dict[int, str]
    runs: dict[int, str]


@dataclass(frozen=True)
class DraftBeside:
    """What a profile must know of the draft that it was prepared from."""

    rtu_asked: bool = False
    opinion_by: int | None = None
    embodied: bool = False


def _beside(documents: Sequence[Document]) -> _Beside:
    signed: dict[int, list[Signature]] = {}
    ids = [document.id for document in documents]
    asked = select(Signature).where(Signature.document_id.in_(ids), Signature.lapsed_at.is_(None))
    for signature in session().scalars(asked.order_by(Signature.id)):
        signed.setdefault(signature.document_id, []).append(signature)
    drafts = [document.id for document in documents if isinstance(document, Draft)]
    profiles = [document for document in documents if isinstance(document, Profile)]
    return _Beside(
        signed,
        _embodied(drafts) if drafts else frozenset(),
        _updated([profile.id for profile in profiles]) if profiles else frozenset(),
        _drafts_beside({profile.draft_id for profile in profiles if profile.draft_id}),
        _statuses({profile.updates_id for profile in profiles if profile.updates_id}),
        _runs({run for document in documents if (run := document.text["note"]["estimate_run"])}),
    )


def _embodied(draft_ids: list[int]) -> frozenset[int]:
    asked = select(Profile.draft_id).where(Profile.draft_id.in_(draft_ids), Profile.status != P.ABANDONED)
    return frozenset(found for found in session().scalars(asked) if found is not None)


def _updated(profile_ids: list[int]) -> frozenset[int]:
    asked = select(Profile.updates_id).where(Profile.updates_id.in_(profile_ids), _being_prepared())
    return frozenset(found for found in session().scalars(asked) if found is not None)


def _drafts_beside(draft_ids: set[int]) -> dict[int, DraftBeside]:
    if not draft_ids:
        return {}
    asked = select(Draft.id, Draft.rtu_asked, Draft.opinion_by_id, Draft.status).where(
        Draft.id.in_(draft_ids)
    )
    return {
        row.id: DraftBeside(bool(row.rtu_asked), row.opinion_by_id, row.status == D.EMBODIED)
        for row in session().execute(asked)
    }


def _statuses(document_ids: set[int]) -> dict[int, str]:
    if not document_ids:
        return {}
    asked = select(Document.id, Document.status).where(Document.id.in_(document_ids))
    return {row.id: row.status for row in session().execute(asked)}


def _runs(run_ids: set[int]) -> dict[int, str]:
    """What each back-test was made with, by its id; one out of scope or absent is not there."""
    if not run_ids:
        return {}
    asked = select(BackTestRun.id, BackTestRun.area_hash).where(BackTestRun.id.in_(run_ids))
    return {row.id: row.area_hash for row in session().execute(asked)}


def _missing(document: Document, beside: _Beside) -> Iterator[Missing]:
    """What text and note lack, seen by themselves and against what stands beside them."""
    yield from missing_in_profile(document.text)
    yield from missing_in_note(document.text)
    territory = document.text["territory"]
    if territory and not fits(document.scope, document.authority_path, territory):
        yield Missing("area", "territory", N_("The authorities named do not fit the territorial scope"))
    run = document.text["note"]["estimate_run"]
    if run and beside.runs.get(run) != area_hash(document.text):
        yield Missing("note", "estimate", N_("The indicators changed since the back-test: run it again"))


def _facts(document: Document, beside: _Beside) -> Facts:
    given = beside.signatures.get(document.id, [])
    around = surroundings(document.authority_path)
    stand = places(document)
    touches = stand.units["touched"]
    endorsed = {s.unit_id for s in given if s.role == "endorsement"}
    shared: dict[str, Any] = {
        "document": document.document,
        "status": status_of(document.document, document.status),
        "places": stand,
        "kind": document.kind,
        "scope": document.scope,
        "formalisation": document.text["header"]["formalisation"],
        "numbered": document.number is not None,
        "touched": touches,
        "unendorsed": touches - endorsed,
        "missing": tuple(_missing(document, beside)),
        "ended": _ended(document),
        "given": frozenset(Given(s.officer_id, s.seat, s.on_what) for s in given),
        "signatory": signature_table(around.signatories)[document.scope].signs,
        "under_rtu": bool(around.rtu),
        "executor_named": document.executor_id is not None,
    }
    if isinstance(document, Draft):
        return Facts(**shared, **_draft_facts(document, around, beside))
    return Facts(**shared, **_profile_facts(document, beside))  # type: ignore[arg-type]


def _ended(document: Document) -> bool:
    """True when the last day of validity has passed on the clocks of the document's authority."""
    today = now().astimezone(ZoneInfo(document.authority.zone)).date()
    return document.valid_to is not None and document.valid_to < today


def _draft_facts(draft: Draft, around: Surroundings, beside: _Beside) -> dict[str, Any]:
    central = directions(around.centre) if _in_scope(around.centre) else {}
    return {
        "authors": frozenset({draft.author_id, *draft.earlier_writers}),
        "several_units": len(touched_units(draft.text, central, None)) > 1,
        "proposed": bool(draft.proposal),
        "opinion_by": draft.opinion_by_id,
        "rtu_asked": bool(draft.rtu_asked),
        "profile_exists": draft.id in beside.embodied,
    }


def _in_scope(path: str) -> bool:
    return bool(session().info["scope"].may_read(AuthorityPath(path)))


def _profile_facts(profile: Profile, beside: _Beside) -> dict[str, Any]:
    authors = {profile.executor_id, profile.author_id, *profile.earlier_writers}
    draft = beside.drafts.get(profile.draft_id or 0, DraftBeside())
    return {
        "authors": frozenset(a for a in authors if a is not None),
        "rtu_asked": draft.rtu_asked,
        "opinion_by": draft.opinion_by,
        "draft_embodied": draft.embodied and profile.updates_id is None,
        "predecessor": beside.predecessors.get(profile.updates_id or 0, ""),
        "update_exists": profile.id in beside.updated,
        "cancellation": profile.cancellation or "",
    }


_ENDED = [status.value for status, meaning in MEANINGS.items() if meaning.final]
_FORCE = [P.IN_FORCE.value, P.SUSPENDED.value]
#: Documents read at a time when those that wait for an officer are picked out.
_BATCH = 200
_SIGNATORIES = ("service_head", "supervising_deputy", "profile_unit_head", "authority_head")


def open_profile_of(draft_id: int) -> int | None:
    """Id of the profile that is being, or was, prepared from a draft; abandoned ones do not count."""
    asked = select(Profile.id).where(Profile.draft_id == draft_id, Profile.status != P.ABANDONED)
    return session().scalar(asked.order_by(Profile.id.desc()).limit(1))


def open_update_of(profile_id: int) -> int | None:
    """Id of the version that is being prepared to follow a profile in force."""
    return session().scalar(select(Profile.id).where(Profile.updates_id == profile_id, _being_prepared()))


def _being_prepared() -> ColumnElement[bool]:
    return Profile.status.not_in([*_ENDED, *_FORCE])


def versions(document: Document) -> list[Document]:
    """All versions under a profile's number, the newest first."""
    if document.number is None or document.document == "draft":
        return [document]
    asked = select(Document).where(
        Document.number == document.number, Document.authority_path == document.authority_path
    )
    return list(session().scalars(asked.order_by(Document.version.desc())))


def awaiting(actor: Actor) -> list[tuple[Document, Facts]]:
    """The open documents that wait for this officer, the oldest first."""
    return [found for kind in ("draft", "profile") for found in _awaiting(kind, actor)]


def _awaiting(kind: str, actor: Actor) -> Iterator[tuple[Document, Facts]]:
    """The table narrows the statuses, and what is in force waits only for its cancellation; `awaits` decides."""
    statuses = statuses_open_to(kind, actor, _SIGNATORIES)
    entity: type[Document] = (
        Draft if kind == "draft" else Profile
    )  # the subclass brings all its columns at once
    asked = select(entity).where(entity.status.in_(statuses))
    if entity is Profile:  # a column of profiles in a question about drafts would leave no draft
        asked = asked.where(or_(Profile.status.not_in(_FORCE), Profile.cancellation.is_not(None)))
    last = 0
    while statuses:
        rows = session().scalars(asked.where(entity.id > last).order_by(entity.id).limit(_BATCH)).all()
        known = facts_of(rows) if rows else {}
        yield from ((row, known[row.id]) for row in rows if awaits(known[row.id], actor))
        if len(rows) < _BATCH:
            return
        last = rows[-1].id

"""What an officer at the point does to a declaration: answers, finds, records results, releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm.attributes import flag_modified

from portal.errors import Invalid, NotAllowedNow, NotHere, Stale
from portal.levels.words import N_
from portal.models import Check, Declaration, Hit
from portal.operations import selection
from portal.operations.acts import Acts
from portal.operations.profiles_at import ready
from portal.operations.screening import hit_of
from portal.store import authorities, declarations
from portal.store.session import session
from portal.workflow.results import NOT_APPLIED, RESULTS

RELEASED = N_("The declaration is released; its record is closed.")
CHANGED = N_("Someone changed this declaration since it was shown to you.")
NOT_DRAWN = N_("This measure was not selected for the declaration.")
NEEDS_GROUND = N_("Say why the measure was not applied")
UNKNOWN_RESULT = N_("Choose what came of the measure")
NOT_THE_OFFICERS = N_("This profile is found by software, not by the officer.")


@dataclass(frozen=True)
class Found:
    """The result of one measure; `code` is one of `portal.workflow.results.RESULTS`.

    Attributes:
        ground: why the measure was not applied.
        payments: difference in payments, in national currency; below nought when they fell.
    """

    code: str
    ground: str = ""
    payments: Decimal | None = None
    case_number: str = ""
    notes: str = ""


def record(
    declaration_pk: int, check_id: int, found: Found, acts: Acts, at: datetime, shown: int | None = None
) -> Check:
    """Record, or until release correct, the result of a measure.

    Args:
        shown: row version of the declaration when the form was shown.

    Raises:
        NotHere, NotAllowedNow, Stale: as in `_open`; also when the measure was not drawn.
        Invalid: no such result, or a measure not applied without a ground.
    """
    declaration = _open(declaration_pk, shown)
    check = next((one for one in declaration.checks if one.id == check_id), None)
    if check is None:
        raise NotHere
    if not check.drawn:
        raise NotAllowedNow(NOT_DRAWN)
    if found.code not in RESULTS:
        raise Invalid((("result", UNKNOWN_RESULT),))
    if found.code == NOT_APPLIED and not found.ground.strip():
        raise Invalid((("ground", NEEDS_GROUND),))
    check.result_code = found.code
    check.not_applied_ground = found.ground.strip() if found.code == NOT_APPLIED else ""
    check.payments_difference = found.payments
    check.case_number, check.notes = found.case_number.strip(), found.notes.strip()
    check.recorded_at, check.recorded_by = at, acts.name
    _touch(declaration)
    return check


def answer(
    declaration_pk: int,
    hit_id: int,
    answers: Mapping[str, bool],
    acts: Acts,
    at: datetime,
    shown: int | None = None,
) -> Hit:
    """Answer questions of a profile that hit; its measures are drawn when the last one is answered yes.

    Raises:
        NotHere, NotAllowedNow, Stale: as in `_open`.
        Invalid: a question that the profile does not ask.
    """
    declaration = _open(declaration_pk, shown)
    hit = next((one for one in declaration.hits if one.id == hit_id), None)
    if hit is None or not declarations.standing(hit):
        raise NotHere
    if strange := set(answers) - set(hit.questions):
        raise Invalid(tuple(("questions", question) for question in sorted(strange)))
    kept = [given for given in hit.answers if given["question"] not in answers]
    fresh = [
        {"question": question, "answer": yes, "by": acts.name, "at": at.isoformat()}
        for question, yes in answers.items()
    ]
    hit.answers = [*kept, *fresh]
    _choose(declaration)
    return hit


def find(declaration_pk: int, publication_id: int, acts: Acts, at: datetime, shown: int | None = None) -> Hit:
    """Record that the officer finds a non-formalised profile to apply; all its questions are answered yes.

    Raises:
        NotHere: no such profile is in force there; else as in `_open`.
        NotAllowedNow: software finds that profile.
    """
    declaration = _open(declaration_pk, shown)
    place = authorities.by_path(declaration.authority_path)
    assert place is not None  # a declaration in scope stands at an authority in scope
    prepared = ready(place.path, at.astimezone(ZoneInfo(place.zone)).date())
    profile = prepared.profiles.get(publication_id)
    if profile is None:
        raise NotHere
    if not profile.found_by_officer:
        raise NotAllowedNow(NOT_THE_OFFICERS)
    hit = next((one for one in declaration.hits if one.publication_id == publication_id), None)
    if hit is None:
        hit = hit_of(declaration, prepared, publication_id, ())
        declaration.hits.append(hit)
        session().flush()
    hit.answers = [
        {"question": question, "answer": True, "by": acts.name, "at": at.isoformat()}
        for question in hit.questions
    ]
    _choose(declaration)
    return hit


def release(declaration_pk: int, acts: Acts, at: datetime, shown: int | None = None) -> Declaration:
    """Release a declaration for good.

    Raises:
        NotHere, Stale: as in `_open`.
        NotAllowedNow: it is released, or something stands against it; the reasons say what.
    """
    declaration = _open(declaration_pk, shown)
    against = declarations.hindrances(declaration)
    if against:
        raise NotAllowedNow(reasons=tuple(words % params for words, params in against))
    declaration.released_at, declaration.released_by = at, acts.name
    return declaration


def _open(declaration_pk: int, shown: int | None) -> Declaration:
    """A declaration that may still be changed, locked.

    Raises:
        NotHere: there is none in scope.
        NotAllowedNow: it is released.
        Stale: it changed since its row version was `shown`.
    """
    declaration = declarations.find(declaration_pk, lock=True)
    if declaration is None:
        raise NotHere
    if declaration.released_at is not None:
        raise NotAllowedNow(RELEASED)
    if shown is not None and shown != declaration.row_version:
        raise Stale(CHANGED)
    return declaration


def _choose(declaration: Declaration) -> None:
    changes = declaration.reason.get("changes")
    selection.choose(declaration, declarations.measures_of(declaration))
    if changes:
        declaration.reason = {**declaration.reason, "changes": changes}
    _touch(declaration)


def _touch(declaration: Declaration) -> None:
    """Give the declaration a new row version, though only rows beneath it changed."""
    if not session().is_modified(declaration):
        flag_modified(declaration, "reason")
    session().flush()

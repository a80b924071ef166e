"""Checks the units and officers that a decision names: they must be those that the procedure lets be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.errors import Invalid
from portal.levels.words import N_
from portal.models import Document, Draft
from portal.operations import stages
from portal.store import authorities, documents, officers
from portal.store.surroundings import surroundings
from portal.workflow.clock import now
from portal.workflow.move import CARRIES

NOT_OFFERED = N_("Choose one of those offered")


def check(document: Document, carried: Mapping[str, Any]) -> None:
    """Refuse a unit or officer that may not be chosen, however the decision came here.

    Raises:
        Invalid: with the field at fault.
    """
    wrong = [name for name, value in carried.items() if not _may_be(document, name, value)]
    if wrong:
        raise Invalid(tuple((name, NOT_OFFERED) for name in wrong))


def _may_be(document: Document, name: str, value: Any) -> bool:
    kind = CARRIES[name].kind
    if kind in ("unit", "units"):
        chosen = {value} if kind == "unit" else set(value)
        return chosen <= units_for(document, name)
    if kind == "officer":
        return value in dict(officers_for(document, name))
    return True


def units_for(document: Document, name: str) -> set[int]:
    """Ids of the structural units that a decision may name: the directorate's or the centre's."""
    around = surroundings(document.authority_path)
    where = around.rtu if name == "rtu_unit" else around.centre
    return {unit.id for unit in authorities.units_of(where) if not unit.is_coordination}


def officers_for(document: Document, name: str) -> list[tuple[int, str]]:
    """The officers whom a decision may name, but for those who write the document now.

    An executor is one of the unit that considers the draft, or prepares the profile; an author one of the unit in which
    the draft is written, who has not signed it for another.
    """
    unit: int | None = document.unit_id
    where = document.authority_path
    if isinstance(document, Draft) and name != "author":
        unit, where = document.competent_unit_id, surroundings(where).centre
    barred = {document.author_id, document.executor_id}
    if name == "author":
        barred |= {signature.officer_id for signature in documents.signatures(document.id)}
    today = stages.calendar_at(where).local(now()).date()
    found = officers.officers_of(unit, today) if unit else []
    return [(officer, called) for officer, called in found if officer not in barred]

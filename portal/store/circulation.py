"""Questions about union risk information and the answers of the states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.models import RiskAnswer, RiskInformation
from portal.store.session import session
from portal.workflow.circulation import I

PAGE = 50


@dataclass(frozen=True)
class Slice:
    """One page, newest first, with the ids from which the neighbouring pages go on."""

    rows: list[RiskInformation]
    older: int | None
    newer: int | None


def find(information_id: int) -> RiskInformation | None:
    """Risk information in scope: the union's own, or what is circulated to the acting authority."""
    return session().get(RiskInformation, information_id)


def page(before: int | None = None, after: int | None = None) -> Slice:
    """The newest, those `before` an id, or those `after` one."""
    asked = select(RiskInformation)
    if after is not None:
        newer = asked.where(RiskInformation.id > after).order_by(RiskInformation.id).limit(PAGE + 1)
        up = list(session().scalars(newer))
        more, rows = len(up) > PAGE, up[:PAGE][::-1]
        return Slice(rows, rows[-1].id if rows else None, rows[0].id if more else None)
    if before is not None:
        asked = asked.where(RiskInformation.id < before)
    down = list(session().scalars(asked.order_by(RiskInformation.id.desc()).limit(PAGE + 1)))
    more, rows = len(down) > PAGE, down[:PAGE]
    return Slice(rows, rows[-1].id if more else None, rows[0].id if before is not None and rows else None)


def answers(information_ids: Iterable[int]) -> dict[int, dict[str, RiskAnswer]]:
    """The answers in scope to several pieces of information, by id and state."""
    asked = select(RiskAnswer).where(RiskAnswer.information_id.in_(list(information_ids)))
    found: dict[int, dict[str, RiskAnswer]] = {}
    for answer in session().scalars(asked):
        found.setdefault(answer.information_id, {})[answer.state] = answer
    return found


def answer_of(information_id: int, path: str) -> RiskAnswer | None:
    """The answer of the centre at `path`."""
    asked = select(RiskAnswer).where(
        RiskAnswer.information_id == information_id, RiskAnswer.authority_path == path
    )
    return session().scalars(asked).one_or_none()


def status(information: RiskInformation, answer: RiskAnswer | None = None) -> I:
    """Where the information stands: for the union without an answer, for a state with its own."""
    if answer is not None:
        return I(answer.answer)
    return I.DRAFTED if information.circulated_at is None else I.CIRCULATED

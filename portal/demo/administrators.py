"""What the administrators of the demonstration propose to each other, and what they change alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from portal.demo.company import Company, at_work
from portal.demo.timeline import Timeline
from portal.demo.tree import STATES
from portal.models import Officer, Post, Proposal
from portal.operations import administration_officers, administration_proposals
from portal.store.session import session

ACTION = "administration"
_ZONE = "Europe/Moscow"


def lay_out(company: Company, timeline: Timeline) -> None:
    """An address changed, an acting appointment declined, and another that waits for its second person."""
    declined: list[int] = []
    acts: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (9, lambda at: _change_address(company)),
        (
            6,
            lambda at: declined.append(
                _propose(company, at, "maltsev", "zimin", "tarasov", "Leave of two weeks")
            ),
        ),
        (5, lambda at: _decline(company, declined[0])),
        (
            1,
            lambda at: _propose(company, at, "blinova", "fedorova", "kiselev", "Course in Moscow, order 214"),
        ),
    )
    for rest, act in acts:
        (moment,) = timeline.moments(STATES[0], _ZONE, [0], rest)
        timeline.add(moment, partial(_do, act))


def _do(act: Callable[[datetime], object], at: datetime) -> None:
    act(at)


def _change_address(company: Company) -> None:
    acts = company.named("maltsev")
    with at_work(acts, ACTION):
        officer = session().get_one(Officer, company.made.officers["frolova"])
        administration_officers.change(
            officer, acts, None, officer.name, "m.frolova@example.org", officer.locale
        )


def _propose(company: Company, at: datetime, by: str, deputy: str, absent: str, reason: str) -> int:
    """That the deputy acts for the absent officer for two weeks, beginning in three days."""
    acts, first = company.named(by), at.date() + timedelta(days=3)
    with at_work(acts, ACTION):
        asked = select(Post).where(Post.officer_id == company.made.officers[absent], Post.acting_for == "")
        officer = session().get_one(Officer, company.made.officers[deputy])
        post = session().scalars(asked).one()
        return administration_proposals.act_for(
            acts, officer, post, first, first + timedelta(days=14), reason
        ).id


def _decline(company: Company, proposal_id: int) -> None:
    acts = company.named("sviridov")
    with at_work(acts, ACTION):
        row = session().get_one(Proposal, proposal_id)
        administration_proposals.decline(row, acts, "The leave was put off until the spring.")

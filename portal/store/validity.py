"""Questions about the dates of profiles: which have begun, which have ended, which end soon."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import exists, select

from portal.models import Alert, Profile
from portal.store.session import session
from portal.workflow.statuses import P

_LIVE = (P.IN_FORCE.value, P.SUSPENDED.value)


def past_end(day: date) -> list[int]:
    """Ids of the profiles in scope whose end date lies before a day and that have not ended."""
    asked = select(Profile.id).where(
        Profile.status.in_((*_LIVE, P.AWAITING_FORCE.value)), Profile.valid_to < day
    )
    return list(session().scalars(asked.order_by(Profile.id)))


def past_begin(day: date) -> list[int]:
    """Ids of the registered profiles in scope whose validity date has come by a day."""
    asked = select(Profile.id).where(Profile.status == P.AWAITING_FORCE, Profile.valid_from <= day)
    return list(session().scalars(asked.order_by(Profile.id)))


def ending(day: date, horizon: date, last_step: int) -> list[int]:
    """Ids of the profiles in scope that end between two days and whose last announcement is not made."""
    told = exists().where(Alert.document_id == Profile.id, Alert.step == last_step)
    asked = select(Profile.id).where(
        Profile.status.in_(_LIVE), Profile.valid_to.between(day - timedelta(days=2), horizon), ~told
    )
    return list(session().scalars(asked.order_by(Profile.id)))


def announced(profile_id: int, step: int) -> bool:
    """Whether a step of the announcement of a profile's end was made."""
    asked = select(Alert.id).where(Alert.document_id == profile_id, Alert.step == step).limit(1)
    return session().scalar(asked) is not None

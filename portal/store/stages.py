"""The clocks that run on documents, in the working time of the authority that must act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.models import Profile, Stage
from portal.store import authorities, calendars
from portal.store.authorities import Seen
from portal.store.session import session
from portal.workflow.clocks import LIMITS, Unit
from portal.workflow.statuses import P

HOUR = timedelta(hours=1)
_PREPARED = (P.PREPARING.value, P.PROFILE_ENDORSING.value, P.EXECUTOR_SIGNING.value)


@dataclass(frozen=True)
class Running:
    """A limit that runs on a document, in the terms of the macro `ui.clock`.

    Attributes:
        left: what is left of `limit`, in `unit` ("working_days" or "working_hours"); None once it has passed.
        overdue_by: working days since the due day; None while time is left.
        until: the due time, aware.
        zone: IANA name of the zone in which it was counted.
    """

    name: str
    left: int | None
    limit: int
    unit: str
    until: datetime
    zone: str
    overdue_by: int | None

    @property
    def local_until(self) -> datetime:
        return self.until.astimezone(ZoneInfo(self.zone))

    @property
    def overdue(self) -> bool:
        return self.overdue_by is not None


def clocks(document_ids: Iterable[int], at: datetime) -> dict[int, Running]:
    """The limits that run now on documents in scope, by document id; a few queries, however many they are.

    A profile that is being prepared stands under the limit of its draft (procedure §8, `expedient`).
    """
    ids = set(document_ids)
    drafts = _drafts_of(ids)
    asked = select(Stage.document_id, Stage.limit_name, Stage.clock_path, Stage.due_at).where(
        Stage.document_id.in_(ids | set(drafts.values())), Stage.left_at.is_(None), Stage.due_at.is_not(None)
    )
    rows = session().execute(asked).all()
    places = authorities.names_of({row.clock_path for row in rows})
    running = {
        row.document_id: _running(row.limit_name, row.due_at, places[row.clock_path], at)
        for row in rows
        if row.clock_path in places
    }
    taken_over = {profile: running[draft] for profile, draft in drafts.items() if draft in running}
    return taken_over | {document: clock for document, clock in running.items() if document in ids}


def _drafts_of(ids: set[int]) -> dict[int, int]:
    """The drafts of those documents that are profiles still being prepared from one, by the profile's id."""
    asked = select(Profile.id, Profile.draft_id).where(
        Profile.id.in_(ids), Profile.status.in_(_PREPARED), Profile.updates_id.is_(None)
    )
    return {row.id: row.draft_id for row in session().execute(asked) if row.draft_id is not None}


def clock_of(document_id: int, at: datetime) -> Running | None:
    """The limit that runs now on one document."""
    return clocks([document_id], at).get(document_id)


def _running(name: str, due_at: datetime, place: Seen, at: datetime) -> Running:
    limit = LIMITS[name]
    in_hours = limit.unit is Unit.HOURS
    rest = calendars.calendar(place.state, place.zone).working_time_left(at, due_at)
    late = at > due_at
    left = -(-rest.time // HOUR) if in_hours else rest.days
    return Running(
        name,
        None if late else left,
        limit.amount,
        "working_hours" if in_hours and not late else "working_days",
        due_at,
        place.zone,
        rest.overdue if late else None,
    )

"""Questions of the operator about the rows of all tenants: what stands there that never should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from portal.levels.path import AuthorityPath
from portal.levels.roles import Post as PostName
from portal.levels.tree import LEVELS
from portal.models import (
    AuditEntry,
    CalendarDay,
    Document,
    OutboxMessage,
    Post,
    Profile,
    Publication,
    Stage,
    Unit,
)
from portal.store import authorities
from portal.store.gateway import raw, unscoped
from portal.store.session import session
from portal.workflow.stages import LIMIT_IN
from portal.workflow.statuses import P

_WHY = "the operator looks for faults in all tenants"
_VALID = (P.IN_FORCE.value, P.SUSPENDED.value)


def two_in_force() -> Iterator[str]:
    """Numbers under which more than one version is in force or suspended."""
    asked = (
        select(Profile.authority_path, Profile.number, func.count(Profile.id).label("versions"))
        .where(Profile.status.in_(_VALID))
        .group_by(Profile.authority_path, Profile.number)
        .having(func.count(Profile.id) > 1)
    )
    for row in session().execute(unscoped(asked, _WHY)):
        yield f"{row.number} of {row.authority_path} has {row.versions} versions in force"


def published_otherwise() -> Iterator[str]:
    """Publications that say another thing than their document, and profiles in force that nobody was told of."""
    asked = (
        select(Publication.id, Publication.number, Publication.state, Document.status)
        .outerjoin(Document, Document.id == Publication.document_id)
        .where(Publication.state != "ended", or_(Document.id.is_(None), Publication.state != Document.status))
    )
    for row in session().execute(unscoped(asked, _WHY)):
        yield f"{row.number} is published as {row.state}, and its document is {row.status or 'missing'}"
    told = select(Publication.id).where(Publication.document_id == Profile.id, Publication.state != "ended")
    untold = select(Profile.number).where(Profile.status.in_(_VALID), ~told.exists())
    for number in session().scalars(unscoped(untold, _WHY)):
        yield f"{number} is in force and not published"


def unclocked() -> Iterator[str]:
    """Open stages that a limit runs on and that have no due time."""
    clocked = [status.value for status in LIMIT_IN]
    asked = select(Stage.id, Stage.document_id, Stage.status).where(
        Stage.left_at.is_(None),
        Stage.due_at.is_(None),
        or_(Stage.status.in_(clocked), Stage.limit_name != ""),
    )
    for row in session().execute(unscoped(asked, _WHY)):
        yield f"stage {row.id} of document {row.document_id} ({row.status}) has no due time"


def overdue_messages(since: datetime) -> int:
    """Messages that nobody has tried to send since they were written before `since`."""
    asked = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.sent_at.is_(None), OutboxMessage.attempts == 0, OutboxMessage.created_at < since
    )
    return session().scalar(unscoped(asked, _WHY)) or 0


def failed_messages() -> tuple[int, int]:
    """How many messages wait after a failed attempt, and the most attempts that one has had."""
    asked = select(func.count(OutboxMessage.id), func.max(OutboxMessage.attempts)).where(
        OutboxMessage.sent_at.is_(None), OutboxMessage.attempts > 0
    )
    count, most = session().execute(unscoped(asked, _WHY)).one()
    return count, most or 0


def latest_entry() -> datetime | None:
    """The latest moment written into the trail."""
    found: datetime | None = session().scalar(unscoped(select(func.max(AuditEntry.at)), _WHY))
    return found


def without_administrator(today: date) -> list[str]:
    """Codes of authorities for which no administrator stands, at themselves or above."""
    held = and_(Post.since <= today, or_(Post.until.is_(None), Post.until >= today))
    asked = select(Post.authority_path).where(Post.post == PostName.ADMINISTRATOR.value, held).distinct()
    looked_after = [AuthorityPath(path) for path in session().scalars(unscoped(asked, _WHY))]
    return [
        seen.code
        for seen in authorities.everywhere()
        if not any(place.covers(AuthorityPath(seen.path)) for place in looked_after)
    ]


def without_coordination() -> list[str]:
    """Codes of authorities that keep registers and have no coordination unit."""
    asked = select(Unit.authority_id).where(Unit.is_coordination).distinct()
    having = set(session().scalars(unscoped(asked, _WHY)))
    return [
        seen.code
        for seen in authorities.everywhere()
        if seen.id not in having and seen.level != "union" and LEVELS[seen.level].registers
    ]


def without_calendar(year: int) -> list[str]:
    """States whose calendar has no day of a year."""
    asked = select(CalendarDay.state).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    having = set(session().scalars(raw(asked.distinct(), "calendars are public and of no tenant")))
    return sorted({seen.state for seen in authorities.states()} - having)

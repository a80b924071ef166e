"""Begins and ends profiles on their own dates, and announces the end beforehand (procedure §7)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from portal.models import Profile
from portal.operations import procedure, stages, sweeping
from portal.store import authorities, officers, validity
from portal.store.documents import places
from portal.store.session import acting, session

ACTION = "profiles.validity"
#: The earliest clock on earth shows a new day this long before UTC does.
_EARLIEST = timedelta(hours=14)
#: Working days before the end, number of the step (below those of any limit), its name; the last one first.
ANNOUNCED = ((1, -1, "ends_1"), (10, -10, "ends_10"))
#: Calendar days that hold ten working days in any state, its longest holidays among them.
_HORIZON = timedelta(days=40)
Act = Callable[[Profile, datetime], bool]
_TOLD = ("profile_executor", "profile_coordination")
log = logging.getLogger(__name__)


def keep(at: datetime) -> Counter[str]:
    """Do what the dates of profiles ask for at `at`, each profile in a transaction of its own.

    Days are read on the clocks of the profile's own authority: the end date is its last day in force.
    Counts profiles by what became of them: "expired", "entered", "announced", "left" alone, or "failed",
    which stay due.
    """
    done: Counter[str] = Counter()
    day = (at + _EARLIEST).date()
    for state in authorities.states():
        for outcome, question, act in _DUTIES:
            with acting(state.path, ACTION, writes=False):
                due = question(day)
            for profile_id in due:
                done[_safely(state.path, profile_id, outcome, act, at)] += 1
    return done


def _safely(path: str, profile_id: int, outcome: str, act: Act, at: datetime) -> str:
    try:
        with acting(path, ACTION):
            profile = session().get_one(Profile, profile_id)
            return outcome if act(profile, at) else "left"
    except Exception:
        log.exception("profile %s could not be %s and stays due", profile_id, outcome)
        return "failed"


def _expire(profile: Profile, at: datetime) -> bool:
    today = stages.calendar_at(profile.authority_path).local(at).date()
    if profile.valid_to is None or today <= profile.valid_to:
        return False
    procedure.by_portal(profile, "expire", at)
    return True


def _announce(profile: Profile, at: datetime) -> bool:
    """Tell the executor and the coordination unit that the end is near; each step once for each version."""
    counting = stages.calendar_at(profile.authority_path)
    today = counting.local(at).date()
    stage = stages.open_stage(profile.id)
    if stage is None or profile.valid_to is None or today > profile.valid_to:
        return False
    left = counting.working_days_between(today, profile.valid_to)
    due = next((row for row in ANNOUNCED if left <= row[0]), None)
    if due is None or validity.announced(profile.id, due[1]):
        return False
    for addressee in officers.holders(_TOLD, places(profile), today):
        sweeping.raise_alert(stage, due[1], due[2], addressee, at)
    return True


def _ending(day: date) -> list[int]:
    return validity.ending(day, day + _HORIZON, last_step=ANNOUNCED[0][1])


#: What is asked of the dates, in this order: what has ended does not first come into force.
_DUTIES: tuple[tuple[str, Callable[[date], list[int]], Act], ...] = (
    ("expired", validity.past_end, _expire),
    ("entered", validity.past_begin, procedure.enter_force_if_due),
    ("announced", _ending, _announce),
)

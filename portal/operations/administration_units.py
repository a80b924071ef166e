"""Founds, changes and closes the structural units of an authority."""

from __future__ import annotations

from collections.abc import Sequence

from portal.errors import Invalid, NotAllowedNow
from portal.levels.words import N_
from portal.models import Authority, Unit
from portal.operations import administration, administration_journal
from portal.operations.acts import Acts
from portal.operations.administration_tree import must_be_open
from portal.store import administration as store
from portal.store.session import session
from portal.workflow.clock import now

NAME_TAKEN = N_("Another unit of this authority has this name.")
LAST = N_("The coordination unit keeps the registers: an authority is never without it.")
CLOSED = N_("The unit is closed.")
HELD = N_("Posts are held in the unit: end them first.")
AT_WORK = N_("Open documents belong to the unit: they are finished first.")


def found(authority: Authority, acts: Acts, name_en: str, name_ru: str, directions: Sequence[int]) -> Unit:
    """Add a structural unit.

    Raises:
        Invalid: the name is taken.
        NotAllowedNow: the authority is closed.
    """
    must_be_open(authority)
    _refuse_taken(authority.authority_path, name_en, None)
    unit = administration.found_unit(authority, name_en, name_ru, tuple(directions))
    after = {"name_en": name_en, "name_ru": name_ru, "directions": list(directions)}
    administration_journal.write(acts, unit.authority_path, N_("Unit founded"), unit=unit.id, after=after)
    return unit


def change(
    unit: Unit, acts: Acts, version: int | None, name_en: str, name_ru: str, directions: Sequence[int]
) -> bool:
    """Change names and directions of activity; False when nothing differs.

    Drafts in work are endorsed by whichever units their text touches from now on.

    Raises:
        Invalid: the name is taken.
        NotAllowedNow: the unit is closed.
        Stale: it was changed since the form was shown.
    """
    if unit.closed_at is not None:
        raise NotAllowedNow(CLOSED)
    _refuse_taken(unit.authority_path, name_en, unit.id)
    wanted = {} if unit.is_coordination else {"directions": list(directions)}
    before, after = administration_journal.put(
        unit, version, {"name_en": name_en, "name_ru": name_ru, **wanted}
    )
    if after:
        administration_journal.write(
            acts, unit.authority_path, N_("Unit changed"), unit=unit.id, before=before, after=after
        )
    return bool(after)


def hindrances(unit: Unit) -> tuple[str, ...]:
    """Why a unit cannot be closed now; empty when it can."""
    found = []
    if unit.closed_at is not None:
        found.append(CLOSED)
    if unit.is_coordination:
        found.append(LAST)
    if store.posts_in(unit.id, administration.today_at(session().get_one(Authority, unit.authority_id))):
        found.append(HELD)
    if store.open_in(unit.id):
        found.append(AT_WORK)
    return tuple(found)


def close(unit: Unit, acts: Acts, version: int | None, reason: str) -> None:
    """Close a unit: it stays with all that it wrote, and takes nothing new.

    Raises:
        NotAllowedNow: posts are held in it, or documents are open.
        Stale: it was changed since the page was shown.
    """
    session().refresh(unit, with_for_update=True)
    if against := hindrances(unit):
        raise NotAllowedNow(reasons=against)
    before, after = administration_journal.put(unit, version, {"closed_at": now()})
    administration_journal.write(
        acts,
        unit.authority_path,
        N_("Unit closed"),
        words=reason,
        unit=unit.id,
        before=before,
        after=after,
    )


def _refuse_taken(path: str, name_en: str, but: int | None) -> None:
    if any(unit.name_en == name_en and unit.id != but for unit in store.units(path)):
        raise Invalid((("name_en", NAME_TAKEN),))

"""Founds authorities beneath the acting one, and changes their names and zones."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal.errors import Invalid, NotAllowedNow
from portal.levels.path import AuthorityPath
from portal.levels.tree import LEVELS, Misplaced
from portal.levels.words import N_
from portal.models import Authority
from portal.operations import administration, administration_journal
from portal.operations.acts import Acts
from portal.store import authorities
from portal.store.session import session

CLOSED = N_("The authority is closed: nothing new is founded, opened or given in it.")
TAKEN = N_("Another authority has this code.")
COORDINATION = ("Risk management unit", "Подразделение управления рисками")


def must_be_open(authority: Authority) -> None:
    """Raises NotAllowedNow when the last day of an authority is named or over."""
    if authority.closed_on is not None:
        raise NotAllowedNow(CLOSED)


def levels_beneath(authority: Authority) -> tuple[str, ...]:
    """The levels of which an authority may be founded directly beneath another."""
    parent = AuthorityPath(authority.authority_path)
    above = authorities.by_path(parent.parent.text) if parent.parent else None
    grandparent = above.level if above else None
    return tuple(
        name
        for name, level in LEVELS.items()
        if authority.level in level.under and not (name == authority.level == grandparent == "regional")
    )


def found(
    parent: Authority, acts: Acts, code: str, level: str, name_en: str, name_ru: str, zone: str
) -> Authority:
    """Found an authority directly beneath another, with its registers and its coordination unit.

    Raises:
        Invalid: its level may not stand there, or its code is taken.
        NotAllowedNow: the authority above is closed.
    """
    must_be_open(parent)
    place = AuthorityPath(parent.authority_path).child(code)
    if authorities.by_code(code) is not None:
        raise Invalid((("code", TAKEN),))
    try:
        with (
            session().begin_nested()
        ):  # the code of a state that is out of scope is known to the database alone
            founded = administration.found_authority(
                place.text, code, level, parent.state, name_en, name_ru, zone
            )
    except Misplaced as error:
        raise Invalid((("level", N_("Such an authority may not stand here.")),)) from error
    except IntegrityError as error:
        raise Invalid((("code", TAKEN),)) from error
    administration.found_unit(founded, *COORDINATION, coordination=True)
    facts = {"code": code, "level": level, "name_en": name_en, "name_ru": name_ru, "zone": zone}
    administration_journal.write(acts, place.text, N_("Authority founded"), after=facts)
    administration_journal.write(
        acts, parent.authority_path, N_("Authority founded beneath"), after={"code": code, "name_en": name_en}
    )
    return founded


def change(
    authority: Authority, acts: Acts, version: int | None, name_en: str, name_ru: str, zone: str
) -> bool:
    """Change names and zone; False when nothing differs. Documents, numbers and the code stay as they are.

    Raises:
        Stale: it was changed since the form was shown.
    """
    before, after = administration_journal.put(
        authority, version, {"name_en": name_en, "name_ru": name_ru, "zone": zone}
    )
    if after:
        administration_journal.write(
            acts, authority.authority_path, N_("Authority changed"), before=before, after=after
        )
    return bool(after)

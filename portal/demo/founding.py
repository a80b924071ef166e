"""Founds the authorities of the demonstration with their units, and enrols its officers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from portal.demo.cast import BY_LOGIN, CAST, DEPUTIES, PASSWORD, UNITS, Deputy, Member
from portal.demo.tree import PLACES, STATES, Place, path_of
from portal.levels.roles import Post
from portal.models import Authority, Officer, Unit, ValueList
from portal.operations import administration
from portal.store.calendars import sow
from portal.store.session import acting, session

ACTION = "demonstration"
#: For how long all have held their posts when the demonstration is loaded.
IN_POST = timedelta(days=730)


#: Maintained lists that conditions name: code of the owner, name, members.
LISTS = (
    ("10000000", "reliable-importers", ("RU00007", "RU00031", "RU00112", "RU00240")),
    ("10000000", "plants-struck-off", ("BR-0017", "BR-0093", "TR-0140")),
)


@dataclass(frozen=True)
class Founded:
    """Ids of what was made: units by (code of the authority, key), officers by login."""

    units: dict[tuple[str, str], int] = field(default_factory=dict)
    officers: dict[str, int] = field(default_factory=dict)


def found(today: date) -> Founded:
    """Make the tree with its calendars, units and officers."""
    made = Founded()
    with acting("eeu.", ACTION):
        for state in STATES:
            sow(state)
    for place in PLACES:
        with acting(place.path, ACTION):
            _place(place, made)
    for place in PLACES:
        with acting(place.path, ACTION):
            for member in CAST:
                if member.code == place.code:
                    _member(member, made, today)
    for code, name, members in LISTS:
        with acting(path_of(code), ACTION):
            _list(path_of(code), name, members, today)
    return made


def _list(path: str, name: str, members: tuple[str, ...], today: date) -> None:
    session().add(
        ValueList(
            authority_path=path, applies_to=path, name=name, members=list(members), valid_from=today - IN_POST
        )
    )


def _place(place: Place, made: Founded) -> None:
    authority = administration.found_authority(
        place.path, place.code, place.level, place.state, place.name_en, place.name_ru, place.zone
    )
    for row in UNITS[place.level]:
        unit = administration.found_unit(
            authority, row.name_en, row.name_ru, row.directions, coordination=row.coordination
        )
        made.units[place.code, row.key] = unit.id


def _member(member: Member, made: Founded, today: date) -> None:
    officer = administration.enrol(
        _authority(member.code),
        member.login,
        member.name,
        PASSWORD,
        email=f"{member.login}@example.org",
        locale=member.locale,
        demonstration=True,
    )
    made.officers[member.login] = officer.id
    for code, post, key in member.posts:
        unit = session().get_one(Unit, made.units[code, key]) if key else None
        supervises = _structural_units(code, made) if post is Post.DEPUTY_HEAD else ()
        administration.appoint(
            officer, _authority(code), post, today - IN_POST, unit=unit, supervises=supervises
        )
    for deputy in DEPUTIES:
        if deputy.login == member.login:
            _deputise(officer, deputy, made, today)


def _authority(code: str) -> Authority:
    return session().scalars(select(Authority).where(Authority.code == code)).one()


def _structural_units(code: str, made: Founded) -> tuple[int, ...]:
    return tuple(unit for (place, key), unit in made.units.items() if place == code and key != "risk")


def _deputise(officer: Officer, deputy: Deputy, made: Founded, today: date) -> None:
    absent = BY_LOGIN[deputy.acts_for]
    code, post, key = absent.posts[0]
    administration.appoint(
        officer,
        _authority(code),
        post,
        today - timedelta(days=deputy.before),
        unit=session().get_one(Unit, made.units[code, key]),
        until=today + timedelta(days=deputy.after),
        acting_for=absent.name,
    )

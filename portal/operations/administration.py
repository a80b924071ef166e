"""Founds authorities, units and officers; the tree and the posts of procedure §2."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from portal.levels.path import AuthorityPath
from portal.levels.roles import Post as PostName
from portal.levels.tree import LEVELS, check_place
from portal.models import Authority, Officer, Post, Register, Unit
from portal.operations.sign_in import FIRST_HASHER, HASHER
from portal.store import authorities
from portal.store.session import session
from portal.workflow.clock import now


def found_authority(
    path: str, code: str, level: str, state: str, name_en: str, name_ru: str, zone: str
) -> Authority:
    """Add an authority with the registers that its level keeps.

    Raises:
        portal.levels.tree.Misplaced: its level may not stand there.
    """
    place = AuthorityPath(path)
    above = [row.level for row in authorities.trail(path)]
    padded = [None, None, *above]
    check_place(level, place, padded[-1], padded[-2])
    authority = Authority(
        authority_path=path,
        applies_to=path,
        code=code,
        level=level,
        state=state,
        name_en=name_en,
        name_ru=name_ru,
        zone=zone,
        number_width=LEVELS[level].number_width,
        signatories={},
        parent_path=place.parent.text if place.parent else "",
    )
    session().add(authority)
    session().flush()
    for kind in LEVELS[level].registers:
        session().add(Register(authority_path=path, authority_id=authority.id, kind=kind))
    return authority


def found_unit(
    authority: Authority,
    name_en: str,
    name_ru: str,
    directions: tuple[int, ...] = (),
    *,
    coordination: bool = False,
) -> Unit:
    """Add a structural unit; the coordination unit has no direction of activity."""
    unit = Unit(
        authority_path=authority.authority_path,
        authority_id=authority.id,
        name_en=name_en,
        name_ru=name_ru,
        directions=list(directions),
        is_coordination=coordination,
    )
    session().add(unit)
    session().flush()
    return unit


def enrol(
    authority: Authority,
    login: str,
    name: str,
    password: str,
    *,
    email: str = "",
    locale: str = "en",
    demonstration: bool = False,
    first: bool = False,
    drawn: bool = False,
) -> Officer:
    """Open an account; posts are given by `appoint`.

    Args:
        first: the password is not the officer's own: he must change it soon, before anything else.
        drawn: the portal drew it, so that a quick hash is enough.
    """
    officer = Officer(
        authority_path=authority.authority_path,
        login=login,
        name=name,
        email=email,
        locale=locale,
        password_hash=(FIRST_HASHER if drawn else HASHER).hash(password),
        demonstration=demonstration,
        must_change_password=first,
        first_password_at=now() if first else None,
    )
    session().add(officer)
    session().flush()
    return officer


def today_at(authority: Authority) -> date:
    """The day at an authority, by which its posts begin and end."""
    return now().astimezone(ZoneInfo(authority.zone)).date()


class WrongPost(ValueError):
    """The level has no such post, or the post needs a unit, or the coordination unit.

    Attributes:
        why: `level`, `unit` (one is needed), `no_unit` (none is), or `coordination` (that unit alone).
    """

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


class InUnit(Protocol):
    """What a post's unit must tell of itself."""

    @property
    def is_coordination(self) -> bool: ...


def check_post(level: str, post: PostName, unit: InUnit | None) -> None:
    """Whether a post may be held at a level, in such a unit.

    Raises:
        WrongPost: it may not.
    """
    if post not in LEVELS[level].posts:
        raise WrongPost("level", f"{LEVELS[level].name} authorities have no post {post.value}")
    if post.in_unit != (unit is not None):
        needs = post.in_unit
        raise WrongPost("unit" if needs else "no_unit", f"{post.value} {'needs' if needs else 'has no'} unit")
    if post is PostName.REGISTRAR and not (unit and unit.is_coordination):
        raise WrongPost("coordination", "registrars belong to the coordination unit")


def appoint(
    officer: Officer,
    authority: Authority,
    post: PostName,
    since: date,
    *,
    unit: Unit | None = None,
    until: date | None = None,
    acting_for: str = "",
    supervises: tuple[int, ...] = (),
) -> Post:
    """Give an officer a post, for himself or acting for another until a day.

    Raises:
        WrongPost: the post does not exist there.
    """
    check_post(authority.level, post, unit)
    held = Post(
        authority_path=authority.authority_path,
        officer_id=officer.id,
        authority_id=authority.id,
        unit_id=unit.id if unit else None,
        post=post.value,
        since=since,
        until=until,
        acting_for=acting_for,
        supervises=list(supervises),
    )
    session().add(held)
    session().flush()
    return held

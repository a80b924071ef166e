"""Gives an officer who signs in the posts of his groups at the provider, and ends those of groups that he left."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from config import Group
from portal.levels.roles import Post as PostName
from portal.models import Authority, Post, Unit
from portal.operations import administration
from portal.operations.administration import WrongPost
from portal.store import audit, authorities, sign_on
from portal.store.session import acting, session
from portal.store.sign_on import Account

log = logging.getLogger(__name__)
ACTION = "single_sign_on.posts"


def apply(account: Account, mapping: Iterable[Group], groups: Iterable[str], at: datetime) -> None:
    """Bring the posts that come from groups in line with the groups of this moment; all others stay as they are.

    A line of the mapping that names no authority, unit or post that exists gives nothing, and is logged.
    """
    member = set(groups)
    wanted = [line for line in mapping if line.name in member]
    codes = {line.authority for line in wanted}
    places = {seen.code: seen.path for seen in authorities.everywhere() if seen.code in codes}
    for line in wanted:
        if line.authority not in places:
            log.warning("group %r: there is no authority %r", line.name, line.authority)
    for path in sorted({*places.values(), *sign_on.places_of_groups(account.id)}):
        _at(path, account, [line for line in wanted if places.get(line.authority) == path], at)


def _at(path: str, account: Account, wanted: list[Group], at: datetime) -> None:
    with acting(path, ACTION) as opened:
        opened.info["who"] = audit.Who(account.id, account.name, path, ACTION)
        authority = sign_on.locked(path)
        held = {(post.by_group, post.post, post.unit_id): post for post in sign_on.by_groups(account.id)
                if post.authority_path == path}  # fmt: skip
        kept = {(line.name, line.post, _unit_id(authority, line)): line for line in wanted}
        for key, post in held.items():
            if key not in kept:
                _end(post, authority, at)
        for key, line in kept.items():
            if key not in held:
                _give(authority, account.id, line, key[2], at)


def _unit_id(authority: Authority, line: Group) -> int | None:
    asked = select(Unit.id).where(Unit.authority_id == authority.id, Unit.name_en == line.unit)
    return session().scalar(asked) if line.unit else None


def _end(post: Post, authority: Authority, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(authority.zone)).date()
    post.ended_at = at
    post.until = max(post.since, min(post.until or today, today))


def _give(authority: Authority, officer_id: int, line: Group, unit_id: int | None, at: datetime) -> None:
    unit = session().get_one(Unit, unit_id) if unit_id else None
    today = at.astimezone(ZoneInfo(authority.zone)).date()
    try:
        if line.unit and unit is None:
            raise WrongPost("unit", f"there is no unit {line.unit!r}")
        administration.check_post(authority.level, PostName(line.post), unit)
    except WrongPost as wrong:
        log.warning("group %r gives nothing at %s: %s", line.name, authority.code, wrong)
        return
    session().add(
        Post(
            authority_path=authority.authority_path,
            officer_id=officer_id,
            authority_id=authority.id,
            unit_id=unit_id,
            post=line.post,
            supervises=[],
            since=today,
            by_group=line.name[:200],
        )
    )

"""The authority for which a request acts, as its URL names it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g, request
from flask_login import current_user

from portal.errors import NotHere
from portal.levels.level import Level
from portal.levels.roles import Post
from portal.levels.tree import LEVELS
from portal.operations.acts import Acts
from portal.store import officers
from portal.store.audit import Who
from portal.store.officers import Place, SignedIn
from portal.store.session import scope_of, session
from portal.web.request_id import request_id
from portal.workflow.clock import now
from portal.workflow.seats import Actor


@dataclass(frozen=True)
class Acting:
    """An officer at one of his authorities."""

    officer: SignedIn
    place: Place

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def path(self) -> str:
        return self.place.path

    @property
    def level(self) -> Level:
        return LEVELS[self.place.level]

    @property
    def actor(self) -> Actor:
        return Actor(self.officer.id, self.place.posts)

    @property
    def acts(self) -> Acts:
        """Who performs an operation."""
        return Acts(self.officer.id, self.officer.name, self.actor, self.code, self.path)

    @property
    def posts(self) -> frozenset[Post]:
        return frozenset(held.post for held in self.place.posts)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.officer.zone or self.place.zone)

    def local_now(self) -> datetime:
        return now().astimezone(self.zone)


def enter(code: str, action: str) -> Acting:
    """Begin to act for the authority `code`.

    Raises:
        NotHere: the officer holds no post there today; whether it exists is not told.
    """
    officer: SignedIn = current_user.signed_in
    place = officer.at(code)
    if place is None:
        raise NotHere
    found = session()
    found.enter(scope_of(place.path))
    found.info["who"] = Who(
        officer.id, officer.name, place.path, action, request.remote_addr or "", request_id()
    )
    g.acting = Acting(officer, place)
    return g.acting  # type: ignore[no-any-return]


def enter_account(action: str) -> None:
    """Act for oneself at the authority that keeps one's account, whatever posts one holds there.

    It opens the pages of the account alone; no acting authority is named on them.
    """
    officer: SignedIn = current_user.signed_in
    _, path = officers.home(officer.id)
    found = session()
    found.enter(scope_of(path))
    found.info["who"] = Who(officer.id, officer.name, path, action)


def acting() -> Acting:
    """The acting officer of this request; only routes under an authority have one."""
    return g.acting  # type: ignore[no-any-return]

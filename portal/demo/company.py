"""The officers of the demonstration at work: as they sign in, and their transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from portal.demo.cast import BY_LOGIN
from portal.demo.founding import Founded
from portal.operations.acts import Acts
from portal.store import officers
from portal.store.audit import Who
from portal.store.session import acting
from portal.workflow import clock
from portal.workflow.seats import Actor


class Stuck(RuntimeError):
    """A story asks for an act that nobody may perform there and then."""


@dataclass
class Company:
    """The officers of the demonstration as they sign in; what posts they hold on a day is asked once."""

    made: Founded
    _known: dict[tuple[int, date], tuple[Acts, ...]] = field(default_factory=dict)

    def everywhere(self, officer_id: int) -> tuple[Acts, ...]:
        """An officer at each authority where he holds a post now."""
        key = officer_id, clock.now().date()
        if key not in self._known:
            self._known[key] = tuple(_acts(officers.signed_in(officer_id, clock.now())))
        return self._known[key]

    def at(self, officer_id: int, code: str = "") -> Acts:
        """An officer at the authority `code`, by default the first at which he holds a post now."""
        for acts in self.everywhere(officer_id):
            if code in ("", acts.code):
                return acts
        raise Stuck(f"officer {officer_id} holds no post at {code or 'any authority'}")

    def named(self, login: str) -> Acts:
        """The officer with a login, at his own authority."""
        return self.at(self.made.officers[login], BY_LOGIN[login].code)


def _acts(found: officers.SignedIn | None) -> Iterator[Acts]:
    if found is not None:
        for place in found.places:
            yield Acts(found.id, found.name, Actor(found.id, place.posts), place.code, place.path)


@contextmanager
def at_work(acts: Acts, action: str) -> Iterator[None]:
    """A transaction of an officer, named in the audit trail as in a request of his own."""
    with acting(acts.path, action) as opened:
        opened.info["who"] = Who(acts.officer_id, acts.name, acts.path, action)
        yield

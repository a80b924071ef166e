"""Lets the administrators of the cast act for the tests, each in a transaction of his own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select

from portal.levels.roles import Post as PostName
from portal.models import Authority, Officer, Proposal
from portal.operations import administration, administration_proposals
from portal.operations.acts import Acts
from portal.store import officers
from portal.store.session import acting, session
from portal.workflow import clock
from tests.cast import CENTRE, HOUSE
from tests.days import today
from tests.office import Office

RTU, TULA, POINT, EAST = "eeu.ru.10100000.", "eeu.ru.10110000.", f"{HOUSE}10130010.", f"{HOUSE}10130020."
WHY = "Order 17"


@contextmanager
def at(office: Office, path: str) -> Iterator[Acts]:
    """The administrator of an authority, in a transaction of his own."""
    acts = office.acts(path, PostName.ADMINISTRATOR)
    with office.app.app_context(), acting(path, "test"):
        yield acts


def one(login: str) -> Officer:
    return session().scalars(select(Officer).where(Officer.login == login)).one()


def place(path: str) -> Authority:
    return session().scalars(select(Authority).where(Authority.authority_path == path)).one()


def held_by(office: Office, login: str) -> set[tuple[str, str]]:
    """Posts as a request finds them: code of the authority and name of the post."""
    with office.app.app_context():
        found = officers.signed_in(office.officer(login), clock.now())
        assert found is not None
        return {(here.code, held.post.value) for here in found.places for held in here.posts}


def decide(office: Office, path: str, proposal: int, how: Callable[[Proposal, Acts], None]) -> None:
    with at(office, path) as acts:
        how(session().get_one(Proposal, proposal), acts)


def confirm(office: Office, path: str, proposal: int) -> None:
    decide(office, path, proposal, administration_proposals.confirm)


def second_administrator(office: Office) -> str:
    """The centre's auditor becomes its second administrator, as the operator's command would do it."""
    with office.app.app_context(), acting(CENTRE, "test"):
        auditor = one("10000000.auditor")
        administration.appoint(auditor, place(CENTRE), PostName.ADMINISTRATOR, today())
    return "10000000.auditor"

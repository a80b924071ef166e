"""The closure of an authority: what its successor takes over, what ends, what stands against it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import Invalid, NotAllowedNow, NotYours
from portal.levels.roles import Post as PostName
from portal.models import (
    Declaration,
    Document,
    Draft,
    Proposal,
    Remark,
)
from portal.operations import (
    administration,
    administration_closing,
    administration_officers,
    administration_proposals,
    administration_units,
    drafting,
    screening,
)
from portal.operations.acts import Acts
from portal.operations.administration_posts import Wanted
from portal.screening.presented import from_rows
from portal.store import officers
from portal.store.session import acting, session
from portal.workflow import clock
from tests import texts
from tests.administrators import (
    CENTRE,
    EAST,
    HOUSE,
    POINT,
    RTU,
    TULA,
    WHY,
    at,
    confirm,
    held_by,
    one,
    place,
    second_administrator,
    today,
)
from tests.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def propose_closure(office: Office, path: str, heir: str, receiver: str = "", days: int = 0) -> int:
    """The centre's administrator proposes; the last day is `days` from today."""
    with at(office, CENTRE) as acts:
        last = today() + timedelta(days=days)
        return administration_proposals.close(
            acts,
            place(path),
            place(heir),
            last,
            last + timedelta(days=200),
            one(receiver).id if receiver else None,
            WHY,
        ).id


def confirm_at_centre(office: Office, proposal: int) -> None:
    second_administrator(office)
    acts = office.acts(CENTRE, PostName.AUDITOR)
    with office.app.app_context(), acting(CENTRE, "test"):
        administration_proposals.confirm(session().get_one(Proposal, proposal), acts)


def test_a_closed_authority_is_carried_on_by_its_successor(office: Office) -> None:
    """Its registered draft keeps its number and is sent by the successor's registrar, who acts for it."""
    numbered = office.registered_draft(path=TULA)
    begun = office.draft(path=TULA, text=texts.complete(title="Begun"))
    proposal = propose_closure(office, TULA, HOUSE, "10130000.officer.value")
    assert held_by(office, "10110000.head") == {("10110000", "head")}
    confirm_at_centre(office, proposal)
    assert held_by(office, "10130000.registrar.risk") == {("10130000", "registrar")}
    with clock.at(clock.now() + timedelta(days=1)):
        assert held_by(office, "10110000.head") == set()
        assert held_by(office, "10130000.registrar.risk") == {
            ("10130000", "registrar"),
            ("10110000", "registrar"),
        }
        assert ("10110000", "administrator") not in held_by(office, "10130000.administrator")
        _send_for(office, numbered)
    with at(office, CENTRE):
        old, sent = session().get_one(Document, begun), session().get_one(Document, numbered)
        assert (old.status, old.authority_path) == ("withdrawn", TULA)
        assert (sent.status, sent.authority_path, sent.number is not None) == ("sent", TULA, True)
        fresh = session().scalars(select(Draft).where(Draft.authority_path == HOUSE)).one()
        assert (fresh.title, fresh.status, fresh.number) == ("Begun", "drafting", None)
        assert fresh.author_id == one("10130000.officer.value").id
        words = {row.document_id: row.words for row in session().scalars(select(Remark))}
        assert f"({begun})" in words[fresh.id]
        assert f"({fresh.id})" in words[begun]
        closed = place(TULA)
        assert (closed.closed_on, closed.heir_path) == (today(), HOUSE)


def _send_for(office: Office, draft: int) -> None:
    """The successor's registrar signs in, finds the closed authority among his places, and sends its draft."""
    from portal.operations import procedure
    from portal.workflow.seats import Actor

    with office.app.app_context():
        found = officers.signed_in(office.officer("10130000.registrar.risk"), clock.now())
        assert found is not None
        here = found.at("10110000")
        assert here is not None
        assert {held.acting_for for held in here.posts} == {"Tula customs house"}
        acts = Acts(found.id, found.name, Actor(found.id, here.posts), here.code, here.path)
    with office.app.app_context(), acting(TULA, "test"):
        procedure.advance(procedure.load(draft), acts, "send", {})


def test_the_successor_ceases_to_act_when_its_time_is_over(office: Office) -> None:
    confirm_at_centre(office, propose_closure(office, TULA, HOUSE))
    login = "10130000.registrar.risk"
    for days, acts in ((0, False), (1, True), (200, True), (201, False)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert (("10110000", "registrar") in held_by(office, login)) is acts, days


def test_a_closed_authority_takes_nothing_new(office: Office) -> None:
    confirm_at_centre(office, propose_closure(office, EAST, POINT, days=2))
    author = office.acts(EAST, PostName.OFFICER, "goods")
    with office.app.app_context(), acting(EAST, "test"), pytest.raises(NotAllowedNow):
        drafting.begin(author, "New", "profile", "local")
    row = {"declaration_id": "10130020/1", "hs_code": "640399", "item_price": Decimal(40), "date": today()}
    given = from_rows([row])
    for days, outcome in ((2, "new"), (3, "refused")):
        with clock.at(clock.now() + timedelta(days=days)), office.app.app_context(), acting(EAST, "test"):
            (one_of,) = screening.screen(given, EAST, clock.now()).screened
            assert one_of.outcome == outcome, days
    with at(office, CENTRE) as acts:
        for refused in (
            lambda: administration_units.found(place(EAST), acts, "X", "Х", [1]),
            lambda: administration_officers.enrol(
                place(EAST), acts, "nn", "N", "", "en", "correct horse battery"
            ),
            lambda: administration_proposals.appoint(
                acts, one("10130020.head"), place(EAST), Wanted(PostName.INSPECTOR, today()), WHY
            ),
            lambda: administration_proposals.close(
                acts, place(EAST), place(POINT), today(), today() + timedelta(days=9), None, WHY
            ),
        ):
            with pytest.raises(NotAllowedNow):
                refused()


def test_declarations_are_released_by_the_successor_s_inspector(office: Office) -> None:
    with office.app.app_context(), acting(EAST, "test"):
        session().add(
            Declaration(
                authority_path=EAST, declaration_id="1", registered_on=today(), header={}, items=[],
                arrived_at=clock.now(), screened_at=clock.now(), channel="red", reason={},
            )
        )  # fmt: skip
    confirm_at_centre(office, propose_closure(office, EAST, POINT))
    with clock.at(clock.now() + timedelta(days=1)):
        assert ("10130020", "inspector") in held_by(office, "10130010.inspector")


def test_what_stands_against_a_closure(office: Office) -> None:
    with at(office, CENTRE) as acts:
        later = today() + timedelta(days=9)
        for path, heir, refusal in (
            (RTU, TULA, NotAllowedNow),  # authorities beneath are at work
            (HOUSE, TULA, NotAllowedNow),
            (EAST, EAST, Invalid),
        ):
            with pytest.raises(refusal):
                administration_proposals.close(acts, place(path), place(heir), today(), later, None, WHY)
        with pytest.raises(NotAllowedNow):  # its own administrator, or one beneath
            administration_proposals.close(acts, place(CENTRE), place(HOUSE), today(), later, None, WHY)
        yesterday = today() - timedelta(days=1)
        with pytest.raises(Invalid):
            administration_proposals.close(acts, place(TULA), place(HOUSE), yesterday, later, None, WHY)
    office.draft(path=TULA)
    with pytest.raises(Invalid):
        propose_closure(office, TULA, HOUSE)
    with pytest.raises(Invalid):
        propose_closure(office, TULA, HOUSE, "10110000.officer.goods")


def test_a_draft_in_rework_is_sent_back_before_its_authority_is_closed(office: Office) -> None:
    draft = office.registered_draft(path=TULA)
    office.act(TULA, PostName.REGISTRAR, "risk", draft, "send")
    unit = office.unit(CENTRE, "Goods unit")
    office.act(CENTRE, PostName.REGISTRAR, "risk", draft, "receive", competent_unit=unit)
    executor = office.officer("10000000.officer.goods")
    office.act(CENTRE, PostName.UNIT_HEAD, "goods", draft, "name_executor", executor=executor)
    office.act(CENTRE, PostName.OFFICER, "goods", draft, "send_back", defects=["No measure fits"])
    with pytest.raises(NotAllowedNow) as refused:
        propose_closure(office, TULA, HOUSE)
    assert administration_closing.REWORK in refused.value.reasons


def test_a_closure_is_decided_by_nobody_whom_it_gives_posts(office: Office) -> None:
    """Whoever would act for the closed authority, or serves in it, does not confirm; nor does its own administrator."""
    proposal = propose_closure(office, TULA, HOUSE)
    with office.app.app_context(), acting(CENTRE, "test"):
        head = one("10130000.head")
        administration.appoint(head, place(CENTRE), PostName.ADMINISTRATOR, today())
    with office.app.app_context():
        found = officers.signed_in(office.officer("10130000.head"), clock.now())
        assert found is not None
        from portal.workflow.seats import Actor

        here = found.at("10000000")
        assert here is not None
        acts = Acts(found.id, found.name, Actor(found.id, here.posts), here.code, here.path)
    with office.app.app_context(), acting(CENTRE, "test"), pytest.raises(NotYours):
        administration_proposals.confirm(session().get_one(Proposal, proposal), acts)
    with pytest.raises(NotYours):
        confirm(office, TULA, proposal)


def test_a_closure_that_fails_leaves_everything_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = office.draft(path=TULA, text=texts.complete(title="Begun"))
    proposal = propose_closure(office, TULA, HOUSE, "10130000.officer.value")

    def fails(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(administration_closing, "_stand_in", fails)
    with pytest.raises(RuntimeError):
        confirm_at_centre(office, proposal)
    with at(office, CENTRE):
        assert session().get_one(Document, begun).status == "drafting"
        assert place(TULA).closed_on is None
        assert session().get_one(Proposal, proposal).state == "pending"
        assert session().scalars(select(Draft).where(Draft.authority_path == HOUSE)).all() == []
    assert held_by(office, "10110000.head") == {("10110000", "head")}

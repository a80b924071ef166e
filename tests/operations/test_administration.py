"""Changes by two persons, and what administrators change alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.errors import Invalid, NotAllowedNow, NotYours, Stale
from portal.levels.roles import Post as PostName
from portal.models import (
    AdministrationEntry,
    Document,
    Post,
    Proposal,
    Register,
    Unit,
)
from portal.operations import (
    administration_officers,
    administration_proposals,
    administration_tree,
    administration_units,
)
from portal.operations.administration_posts import Wanted
from portal.store import officers
from portal.store.session import acting, session
from portal.workflow import clock
from portal.workflow.seats import HeldPost
from tests import servers, texts
from tests.administrators import (
    CENTRE,
    HOUSE,
    POINT,
    RTU,
    TULA,
    WHY,
    at,
    confirm,
    decide,
    held_by,
    one,
    place,
    second_administrator,
    today,
)
from tests.cast import login_of
from tests.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def propose_inspector(office: Office, login: str = "10130000.officer.value") -> int:
    """The house's administrator proposes to make an officer of his an inspector."""
    with at(office, HOUSE) as acts:
        wanted = Wanted(PostName.INSPECTOR, today())
        found = administration_proposals.appoint(acts, one(login), place(HOUSE), wanted, WHY)
        return found.id


def test_a_post_is_given_by_the_second_person_and_not_before(office: Office) -> None:
    proposal = propose_inspector(office)
    assert ("10130000", "inspector") not in held_by(office, "10130000.officer.value")
    confirm(office, RTU, proposal)
    assert ("10130000", "inspector") in held_by(office, "10130000.officer.value")
    with at(office, HOUSE):
        row = session().get_one(Proposal, proposal)
        assert (row.state, row.proposer_name, row.decider_name) == (
            "confirmed",
            "Administrator 10130000.administrator",
            "Administrator 10100000.administrator",
        )
        entry = session().scalars(select(AdministrationEntry)).one()
        assert (entry.label, entry.words, entry.proposal_id) == ("Post given", WHY, proposal)
        assert entry.after["post"] == "inspector"


def test_nobody_decides_his_own_proposal(office: Office) -> None:
    proposal = propose_inspector(office)
    for how in (administration_proposals.confirm, lambda p, a: administration_proposals.decline(p, a, "No")):
        with pytest.raises(NotYours):
            decide(office, HOUSE, proposal, how)
    decide(office, HOUSE, proposal, administration_proposals.withdraw)
    with pytest.raises(NotAllowedNow):
        confirm(office, RTU, proposal)
    assert ("10130000", "inspector") not in held_by(office, "10130000.officer.value")


def test_nobody_decides_about_his_own_posts(office: Office) -> None:
    with at(office, CENTRE) as acts:
        wanted = Wanted(PostName.HEAD, today())
        him = one("10130000.administrator")
        proposal = administration_proposals.appoint(acts, him, place(HOUSE), wanted, WHY).id
    with pytest.raises(NotYours):
        confirm(office, HOUSE, proposal)
    confirm(office, RTU, proposal)
    assert ("10130000", "head") in held_by(office, "10130000.administrator")


def test_a_declined_proposal_changes_nothing_and_keeps_the_reason(office: Office) -> None:
    proposal = propose_inspector(office)
    decide(
        office, RTU, proposal, lambda row, acts: administration_proposals.decline(row, acts, "Not trained")
    )
    with at(office, HOUSE):
        row = session().get_one(Proposal, proposal)
        assert (row.state, row.answer) == ("declined", "Not trained")
    with pytest.raises(NotAllowedNow):
        confirm(office, RTU, proposal)
    assert ("10130000", "inspector") not in held_by(office, "10130000.officer.value")


@pytest.mark.parametrize(
    "changed",
    [
        "state = 'confirmed', decided_at = CURRENT_TIMESTAMP, decider_id = proposer_id",
        "state = 'confirmed', decided_at = CURRENT_TIMESTAMP, decider_id = officer_id",
        "state = 'confirmed', decided_at = CURRENT_TIMESTAMP",
        "state = 'declined', decided_at = CURRENT_TIMESTAMP, decider_id = 1",
        "state = 'pending', decided_at = CURRENT_TIMESTAMP",
    ],
)
def test_the_database_itself_wants_a_second_person(office: Office, changed: str) -> None:
    proposal = propose_inspector(office)
    with (
        pytest.raises(IntegrityError),
        servers.unwalled(office.app) as connection,
    ):
        connection.execute(text(f"UPDATE proposal SET {changed} WHERE id = {proposal}"))


def test_what_is_decided_stays_as_it_is_and_nothing_is_removed(office: Office) -> None:
    proposal = propose_inspector(office)
    confirm(office, RTU, proposal)
    statements = [f"UPDATE proposal SET reason = 'x' WHERE id = {proposal}"]
    statements += [f"DELETE FROM {table}" for table in ("proposal", "post", "unit", "officer", "authority")]
    statements += ["UPDATE administration_entry SET words = 'x'", "DELETE FROM administration_entry"]
    for statement in statements:
        with (
            pytest.raises(DBAPIError, match="only ever added to"),
            servers.unwalled(office.app) as connection,
        ):
            connection.execute(text(statement))


def test_an_acting_appointment_names_the_absent_and_ends(office: Office) -> None:
    with at(office, HOUSE) as acts:
        head = one(login_of(HOUSE, PostName.UNIT_HEAD, "goods"))
        absent = session().scalars(select(Post).where(Post.officer_id == head.id)).one()
        last = today() + timedelta(days=7)
        deputy = one("10130000.officer.goods2")
        with pytest.raises(Invalid):
            administration_proposals.act_for(acts, head, absent, today(), last, WHY)
        with pytest.raises(Invalid):
            administration_proposals.act_for(acts, deputy, absent, today(), today() - timedelta(days=1), WHY)
        proposal = administration_proposals.act_for(acts, deputy, absent, today(), last, WHY).id
    confirm(office, RTU, proposal)
    goods = office.unit(HOUSE, "Goods unit")
    for days, held in ((0, True), (7, True), (8, False)):
        with office.app.app_context():
            moment = clock.now() + timedelta(days=days)
            found = officers.signed_in(office.officer("10130000.officer.goods2"), moment)
            assert found is not None
            acted = HeldPost(PostName.UNIT_HEAD, HOUSE, goods, acting_for=head_name(office))
            assert (acted in found.places[0].posts) is held, days


def head_name(office: Office) -> str:
    login = login_of(HOUSE, PostName.UNIT_HEAD, "goods")
    with office.app.app_context():
        return officers.home(office.officer(login))[0]


def propose_end(office: Office, login: str, last_day: date | None) -> int:
    with at(office, HOUSE) as acts:
        post = session().scalars(select(Post).where(Post.officer_id == one(login).id)).one()
        return administration_proposals.end(acts, post, last_day, WHY).id


def test_a_post_ends_at_once_or_after_its_last_day(office: Office) -> None:
    login = "10130000.officer.value"
    later = propose_end(office, login, today() + timedelta(days=3))
    with pytest.raises(NotAllowedNow):
        propose_end(office, login, None)
    confirm(office, RTU, later)
    assert held_by(office, login) == {("10130000", "officer")}
    with clock.at(clock.now() + timedelta(days=4, hours=1)):
        assert held_by(office, login) == set()
    confirm(office, RTU, propose_end(office, login, None))
    assert held_by(office, login) == set()


def test_a_post_that_has_not_begun_is_ended_before_it_begins(office: Office) -> None:
    with at(office, HOUSE) as acts:
        wanted = Wanted(PostName.HEAD, today() + timedelta(days=10))
        officer = one("10130000.officer.value")
        proposal = administration_proposals.appoint(acts, officer, place(HOUSE), wanted, WHY).id
    confirm(office, RTU, proposal)
    with at(office, HOUSE) as acts:
        post = (
            session()
            .scalars(
                select(Post).where(Post.post == "head", Post.officer_id == one("10130000.officer.value").id)
            )
            .one()
        )
        ended = administration_proposals.end(acts, post, None, WHY).id
    confirm(office, RTU, ended)
    with clock.at(clock.now() + timedelta(days=11)):
        assert ("10130000", "head") not in held_by(office, "10130000.officer.value")


@pytest.mark.parametrize(
    ("post", "unit", "field"),
    [
        (PostName.DEPUTY_HEAD, "", "post"),
        (PostName.UNION_COORDINATOR, "", "post"),
        (PostName.UNIT_HEAD, "", "unit"),
        (PostName.HEAD, "Goods unit", "unit"),
        (PostName.REGISTRAR, "Goods unit", "unit"),
        (PostName.OFFICER, "Value unit", "post"),
    ],
)
def test_a_post_that_does_not_fit_is_refused(office: Office, post: PostName, unit: str, field: str) -> None:
    unit_id = office.unit(HOUSE, unit) if unit else None
    with at(office, HOUSE) as acts:
        wanted = Wanted(post, today(), unit=session().get(Unit, unit_id) if unit_id else None)
        with pytest.raises(Invalid) as refused:
            administration_proposals.appoint(acts, one("10130000.officer.value"), place(HOUSE), wanted, WHY)
        assert [name for name, _ in refused.value.faults] == [field]


def test_a_unit_of_another_authority_is_refused(office: Office) -> None:
    unit = office.unit(POINT, "Goods unit")
    with at(office, HOUSE) as acts:
        wanted = Wanted(PostName.OFFICER, today(), unit=session().get_one(Unit, unit))
        with pytest.raises(Invalid):
            administration_proposals.appoint(acts, one("10130000.officer.value"), place(HOUSE), wanted, WHY)


SEATS = {
    "national": "service_head",
    "zonal": "service_head",
    "regional": "supervising_deputy",
    "local": "authority_head",
}


def test_the_signature_table_changes_by_two_and_the_procedure_follows(office: Office) -> None:
    second_administrator(office)
    profile = office.prepared_profile()
    office.act(CENTRE, PostName.OFFICER, "goods", profile, "sign_as_executor")
    office.act(CENTRE, PostName.UNIT_HEAD, "goods", profile, "sign")
    office.act(CENTRE, PostName.OFFICER, "goods", profile, "put_on_carrier")
    with at(office, CENTRE) as acts:
        bad = {**SEATS, "national": "author"}
        with pytest.raises(Invalid):
            administration_proposals.signatories(acts, place(CENTRE), bad, WHY)
        proposal = administration_proposals.signatories(acts, place(CENTRE), SEATS, WHY).id
    with pytest.raises(NotYours):
        confirm(office, CENTRE, proposal)
    second = office.acts(CENTRE, PostName.AUDITOR)
    with office.app.app_context(), acting(CENTRE, "test"):
        administration_proposals.confirm(session().get_one(Proposal, proposal), second)
        assert place(CENTRE).signatories == {"zonal": "service_head", "regional": "supervising_deputy"}
    with pytest.raises(NotYours):
        office.act(CENTRE, PostName.UNIT_HEAD, "goods", profile, "approve")
    office.act(CENTRE, PostName.DEPUTY_HEAD, "", profile, "approve")


def test_only_a_centre_keeps_a_signature_table(office: Office) -> None:
    with at(office, HOUSE) as acts, pytest.raises(NotAllowedNow):
        administration_proposals.signatories(acts, place(HOUSE), SEATS, WHY)


def test_a_closed_account_is_opened_again_by_two(office: Office) -> None:
    login = "10130000.officer.value"
    with at(office, HOUSE) as acts:
        administration_officers.close(one(login), acts, None, "Left the service")
    with office.app.app_context():
        assert officers.credentials(login) is None
    with at(office, HOUSE) as acts:
        proposal = administration_proposals.reopen(acts, one(login), "Came back").id
    with pytest.raises(NotYours):
        confirm(office, HOUSE, proposal)
    confirm(office, RTU, proposal)
    assert held_by(office, login) == {("10130000", "officer")}


def test_nobody_closes_his_own_account(office: Office) -> None:
    with at(office, HOUSE) as acts, pytest.raises(NotYours):
        administration_officers.close(one("10130000.administrator"), acts, None, WHY)


def test_an_account_is_opened_without_a_post(office: Office) -> None:
    with at(office, HOUSE) as acts:
        for login, password, field in (
            ("10130000.head", "correct horse battery", "login"),
            ("05100000.head", "correct horse battery", "login"),
            ("newcomer", "short", "password"),
            ("newcomer", "aaaaaaaaaaaaaaaa", "password"),
            ("newcomer", "newcomer newcomer", "password"),
        ):
            with pytest.raises(Invalid) as refused:
                administration_officers.enrol(place(HOUSE), acts, login, "N. N.", "", "ru", password)
            assert refused.value.faults[0][0] == field, login
        administration_officers.enrol(
            place(HOUSE), acts, "newcomer", "N. N.", "", "ru", "saddle vinegar ocean pylon"
        )
    assert held_by(office, "newcomer") == set()


def test_a_stale_form_changes_nothing(office: Office) -> None:
    with at(office, HOUSE) as acts:
        shown = one("10130000.head").row_version
        assert administration_officers.change(one("10130000.head"), acts, shown, "New name", "", "en")
    with at(office, HOUSE) as acts, pytest.raises(Stale):
        administration_officers.change(one("10130000.head"), acts, shown, "Another", "", "en")
    with at(office, HOUSE):
        entry = session().scalars(select(AdministrationEntry)).one()
        assert entry.after["name"] == "New name"
        assert entry.before["name"] == "Head of the authority 10130000.head"


def test_a_founded_authority_has_registers_and_its_unit(office: Office) -> None:
    with at(office, HOUSE) as acts:
        made = administration_tree.found(
            place(HOUSE), acts, "10130030", "point", "New", "Новый", "Europe/Moscow"
        )
        assert (made.authority_path, made.parent_path, made.state) == (f"{HOUSE}10130030.", HOUSE, "RU")
        kinds = session().scalars(select(Register.kind).where(Register.authority_path == made.authority_path))
        assert sorted(kinds) == ["draft", "profile"]
        assert [
            unit.is_coordination
            for unit in session().scalars(select(Unit).where(Unit.authority_id == made.id))
        ] == [True]
        with pytest.raises(Invalid) as refused:
            administration_tree.found(
                place(HOUSE), acts, "05100000", "point", "New", "Новый", "Europe/Moscow"
            )
        assert refused.value.faults[0][0] == "code"


@pytest.mark.parametrize(
    ("path", "levels"),
    [
        (CENTRE, ("regional",)),
        (RTU, ("regional", "point")),
        (HOUSE, ("point",)),
        (TULA, ("regional", "point")),
        (POINT, ()),
        ("eeu.", ("central",)),
    ],
)
def test_what_may_be_founded_where(office: Office, path: str, levels: tuple[str, ...]) -> None:
    with at(office, path):
        assert administration_tree.levels_beneath(place(path)) == levels


def test_a_unit_with_posts_or_work_is_not_closed(office: Office) -> None:
    goods = office.unit(HOUSE, "Goods unit")
    risk = office.unit(HOUSE, "Risk unit")
    with at(office, HOUSE) as acts:
        for unit in (goods, risk):
            with pytest.raises(NotAllowedNow):
                administration_units.close(session().get_one(Unit, unit), acts, None, WHY)
        made = administration_units.found(place(HOUSE), acts, "Transit", "Транзит", [8])
        with pytest.raises(Invalid):
            administration_units.found(place(HOUSE), acts, "Transit", "Иное", [8])
        administration_units.close(made, acts, None, WHY)
        with pytest.raises(NotAllowedNow):
            administration_units.change(made, acts, None, "Transit 2", "Транзит 2", [8])
        wanted = Wanted(PostName.OFFICER, today(), unit=made)
        with pytest.raises(Invalid):
            administration_proposals.appoint(acts, one("10130000.head"), place(HOUSE), wanted, WHY)


def test_a_closed_unit_is_touched_by_no_draft(office: Office) -> None:
    draft = office.draft(text=texts.complete(fields=("hs_code", "value_per_kg")))
    from portal.store import documents

    with at(office, HOUSE):
        value = (
            session()
            .scalars(select(Unit).where(Unit.name_en == "Value unit", Unit.authority_path == HOUSE))
            .one()
        )
        assert value.id in documents.touched(session().get_one(Document, draft))
        value.closed_at = clock.now()
    with at(office, HOUSE):
        assert documents.touched(session().get_one(Document, draft)) == frozenset()

"""Profiles in force: new versions, suspensions, cancellations and territories that get in each other's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.errors import Invalid, NotAllowedNow, NotYours, Stale
from portal.levels.roles import Post
from portal.levels.territory import fits
from portal.models import Alert, Officer, Profile, Publication, RegisterNote, Signature
from portal.operations import drafting, procedure, publication
from portal.store import documents
from portal.store.session import acting, session
from portal.workflow.clock import now
from tests import texts
from tests.cast import CENTRE, HOUSE, login_of
from tests.days import today
from tests.office import Office

RU = "eeu.ru."


class House(Office):
    """The office with the road of a local profile at the house."""

    def local_in_force(self) -> int:
        draft = self.registered_draft(text=texts.complete(scope="local", territory=(HOUSE,)))
        self.act(HOUSE, Post.OFFICER, "goods", draft, "prepare_profile")
        profile = self.profile_of(HOUSE, draft)
        self.local_to_force(profile)
        return profile

    def local_to_force(self, profile: int) -> None:
        self.local_to_number(profile)
        self.act(HOUSE, Post.REGISTRAR, "risk", profile, "register")

    def local_to_number(self, profile: int) -> None:
        self.act(HOUSE, Post.OFFICER, "goods", profile, "sign_as_executor")
        self.act(HOUSE, Post.UNIT_HEAD, "goods", profile, "sign")
        self.act(HOUSE, Post.OFFICER, "goods", profile, "put_on_carrier")
        self.act(HOUSE, Post.HEAD, "", profile, "approve")
        details = {"carrier_number": "M-1", "carrier_date": "2026-11-20"}
        self.act(HOUSE, Post.OFFICER, "goods", profile, "give_details", **details)

    def update_of(self, path: str, profile: int) -> int:
        self.act(path, Post.OFFICER, "goods", profile, "begin_update")
        with self.app.app_context(), acting(path, "test", writes=False):
            found = session().scalar(select(Profile.id).where(Profile.updates_id == profile))
            assert found is not None
            return found

    def change(self, path: str, document: int, section: str, value: Any) -> None:
        acts = self.acts(path, Post.OFFICER, "goods")
        with self.app.app_context(), acting(path, "test"):
            drafting.change(procedure.load(document), acts, section, value)

    def missing(self, document: int, path: str) -> set[tuple[str, str]]:
        with self.app.app_context(), acting(path, "test", writes=False):
            found = documents.find(document)
            assert found is not None
            return {(m.section, m.field) for m in documents.facts(found).missing}


@pytest.fixture
def house(app: Flask) -> House:
    return House(app)


def test_a_local_profile_comes_into_force_without_the_centre_which_is_told(house: House) -> None:
    profile = house.local_in_force()
    assert house.status(profile) == "in_force"
    assert house.number(profile).startswith("14/10130/")
    with house.app.app_context(), acting(RU, "test", writes=False):
        asked = select(Officer.login).join(Alert, Alert.officer_id == Officer.id)
        told = set(session().scalars(asked.where(Alert.document_id == profile)))
    assert told == {"10000000.registrar.risk", "10000000.unit_head.risk"}


def test_a_suspension_is_not_evaded_by_a_new_version(house: House) -> None:
    first = house.local_in_force()
    second = house.update_of(HOUSE, first)
    house.act(CENTRE, Post.UNIT_HEAD, "risk", first, "suspend", reason="Too broad")
    with pytest.raises(NotAllowedNow) as refused:
        house.local_to_number(second)
    assert refused.value.reasons == ("The version in force is suspended by the centre",)
    house.act(CENTRE, Post.UNIT_HEAD, "risk", first, "resume", reason="Mended")
    house.act(HOUSE, Post.HEAD, "", second, "approve")


def test_a_version_that_waited_for_a_suspension_comes_with_its_end(house: House) -> None:
    first = house.local_in_force()
    second = house.update_of(HOUSE, first)
    tomorrow = now() + timedelta(days=1)
    house.change(
        HOUSE,
        second,
        "header",
        house.document(second)["text"]["header"] | {"valid_from": f"{today() + timedelta(days=1)}"},
    )
    house.local_to_force(second)
    assert house.status(second) == "awaiting_force"
    house.act(CENTRE, Post.UNIT_HEAD, "risk", first, "suspend", reason="Too broad")
    with time_machine.travel(tomorrow + timedelta(hours=1), tick=False):
        assert not _entered(house, second)
        house.act(CENTRE, Post.UNIT_HEAD, "risk", first, "resume", reason="Mended")
    assert (house.status(first), house.status(second)) == ("superseded", "in_force")


def _entered(house: House, profile: int) -> bool:
    with house.app.app_context(), acting(HOUSE, "test"):
        found = procedure.load(profile)
        assert isinstance(found, Profile)
        return procedure.enter_force_if_due(found, now())


def cancelled(house: House, profile: int) -> None:
    house.act(CENTRE, Post.OFFICER, "goods", profile, "propose_cancellation", reason="It finds nothing")
    house.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "sign_cancellation")
    house.act(CENTRE, Post.HEAD, "", profile, "cancel")


def national_in_force(house: House) -> int:
    profile = house.prepared_profile(text=texts.complete(scope="national", territory=(RU,)))
    house.profile_to_force(profile, Post.HEAD, "")
    assert house.status(profile, CENTRE) == "in_force"
    return profile


def test_a_cancelled_profile_takes_its_new_version_with_it(house: House) -> None:
    first = national_in_force(house)
    second = house.update_of(CENTRE, first)
    cancelled(house, first)
    assert (house.status(first, CENTRE), house.status(second, CENTRE)) == ("cancelled", "abandoned")
    assert house.document(second, CENTRE)["number"] is None


def test_a_registered_profile_is_cancelled_before_its_first_day(house: House) -> None:
    later = f"{now() + timedelta(days=30):%Y-%m-%d}"
    profile = house.prepared_profile(text=texts.complete(scope="national", territory=(RU,), valid_from=later))
    house.profile_to_force(profile, Post.HEAD, "")
    assert house.status(profile, CENTRE) == "awaiting_force"
    cancelled(house, profile)
    assert house.status(profile, CENTRE) == "cancelled"


def test_a_declined_cancellation_leaves_nothing_behind(house: House) -> None:
    profile = national_in_force(house)
    for decline in (("unit_head", "goods", "decline_cancellation"), ("head", "", "refuse_cancellation")):
        house.act(CENTRE, Post.OFFICER, "goods", profile, "propose_cancellation", reason="first")
        house.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "sign_cancellation")
        house.act(CENTRE, Post(decline[0]), decline[1], profile, decline[2], reason="No")
    assert house.document(profile, CENTRE)["cancellation_reason"] is None
    cancelled(house, profile)
    with house.app.app_context(), acting(RU, "test", writes=False):
        notes = session().execute(select(RegisterNote.event, RegisterNote.words)).all()
        live = session().scalars(
            select(Signature.role).where(Signature.lapsed_at.is_(None), Signature.on_what != "text")
        )
        assert ("cancel", "It finds nothing") in [tuple(note) for note in notes]
        assert sorted(live) == ["approval", "cancellation", "cancellation_head"]


def test_an_expired_profile_does_not_wear_a_reason_never_agreed(house: House) -> None:
    profile = national_in_force(house)
    house.act(CENTRE, Post.OFFICER, "goods", profile, "propose_cancellation", reason="never agreed")
    with house.app.app_context(), acting(RU, "test"):
        procedure.by_portal(procedure.load(profile), "expire")
    with house.app.app_context(), acting(RU, "test", writes=False):
        assert "never agreed" not in list(session().scalars(select(RegisterNote.words)))
    assert house.document(profile, CENTRE)["cancellation"] is None


def test_a_profile_whose_last_day_is_past_is_not_signed_nor_put_in_force(house: House) -> None:
    first = national_in_force(house)
    second = house.update_of(CENTRE, first)
    house.change(
        CENTRE,
        second,
        "header",
        house.document(second, CENTRE)["text"]["header"] | {"valid_to": "2026-01-31"},
    )
    with (
        time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False),
        pytest.raises(NotAllowedNow) as refused,
    ):
        house.act(CENTRE, Post.OFFICER, "goods", second, "sign_as_executor")
    assert refused.value.reasons == ("The last day of validity has passed",)
    assert house.status(first, CENTRE) == "in_force"


@pytest.mark.parametrize("territory", [("eeu.am.",), ("eeu.",), (RU,), ("eeu.ru.10110000.",), (HOUSE, HOUSE)])
def test_a_house_orders_controls_in_its_own_territory_alone(house: House, territory: tuple[str, ...]) -> None:
    draft = house.registered_draft(text=texts.complete(scope="local", territory=(HOUSE,)))
    house.act(HOUSE, Post.OFFICER, "goods", draft, "prepare_profile")
    profile = house.profile_of(HOUSE, draft)
    house.change(HOUSE, profile, "territory", list(territory))
    assert ("area", "territory") in house.missing(profile, HOUSE)
    with house.app.app_context(), acting(HOUSE, "test") as mine:
        with pytest.raises(ValueError, match="not its owner's to order"):
            publication.publish(mine.get_one(Profile, profile), now())
        assert mine.scalars(select(Publication)).all() == []


@pytest.mark.parametrize(
    ("scope", "owner", "territory", "fit"),
    [
        ("national", RU, [RU], True),
        ("national", HOUSE, [RU], True),
        ("national", RU, ["eeu.am."], False),
        ("national", RU, [RU, HOUSE], False),
        ("regional", HOUSE, ["eeu.ru.10100000."], True),
        ("regional", HOUSE, [RU], False),
        ("regional", HOUSE, ["eeu.am.05100000."], False),
        ("regional", HOUSE, ["eeu.ru.10100000.", "eeu.ru.10110000."], False),
        ("zonal", HOUSE, ["eeu.ru.10100000.", "eeu.ru.10110000."], True),
        ("zonal", HOUSE, ["eeu.ru.10100000."], False),
        ("zonal", HOUSE, ["eeu.ru.10100000.", "eeu.am.05100000."], False),
        ("zonal", HOUSE, ["eeu.ru.10100000.", "eeu.ru.10100000."], False),
        ("local", HOUSE, [HOUSE], True),
        ("local", HOUSE, ["eeu.ru.10100000."], False),
        ("local", HOUSE, [], False),
        ("national", "eeu.", ["eeu."], False),
    ],
)
def test_territories_that_fit(scope: str, owner: str, territory: list[str], fit: bool) -> None:
    assert fits(scope, owner, territory) is fit


def test_two_units_that_endorse_at_once_are_decided_one_after_the_other(house: House) -> None:
    """The second to decide reads what the first has done; it is told, and nothing is stuck."""
    draft = house.draft(text=texts.complete(fields=("hs_code", "value_per_kg")))
    house.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    acts = house.acts(HOUSE, Post.UNIT_HEAD, "value")
    with house.app.app_context(), acting(HOUSE, "test", writes=False):
        stale = procedure.load(draft)
        session().commit()
        read = stale.row_version
        session().rollback()
        house.act(HOUSE, Post.UNIT_HEAD, "value", draft, "endorse")
        assert house.document(draft)["row_version"] > read
        stale = procedure.load(draft)
        with pytest.raises(NotAllowedNow):
            procedure.advance(stale, acts, "endorse", {})
    assert house.status(draft) == "head_signing"


def test_every_act_counts_as_a_change(house: House) -> None:
    """An act that leaves the status as it is still makes a rival's form stale."""
    draft = house.reviewed_draft()
    acts = house.acts(CENTRE, Post.UNIT_HEAD, "goods")
    with house.app.app_context(), acting(CENTRE, "test", writes=False):
        version = procedure.load(draft).row_version
    house.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")
    house.act(CENTRE, Post.OFFICER, "goods", draft, "take_back_proposal")
    with house.app.app_context(), acting(CENTRE, "test", writes=False), pytest.raises(Stale):
        procedure.advance(procedure.load(draft, version=version), acts, "replace_executor", {"executor": 1})


def test_a_draft_has_one_profile(house: House) -> None:
    house.prepared_profile()
    with house.app.app_context(), acting(CENTRE, "test", writes=False):
        draft = session().scalar(select(Profile.draft_id))
        assert draft is not None
    with pytest.raises(NotAllowedNow):
        house.act(CENTRE, Post.OFFICER, "goods", draft, "prepare_profile")


@pytest.mark.parametrize(
    ("move", "field", "chosen"),
    [
        ("receive", "competent_unit", "coordination"),
        ("receive", "competent_unit", "house"),
        ("receive", "competent_unit", "foreign"),
    ],
)
def test_a_unit_that_was_not_offered_is_refused(house: House, move: str, field: str, chosen: str) -> None:
    units = {
        "coordination": house.unit(CENTRE, "Risk unit"),
        "house": house.unit(HOUSE, "Goods unit"),
        "foreign": house.unit("eeu.am.", "Goods unit"),
    }
    draft = house.registered_draft()
    house.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    with pytest.raises(Invalid):
        house.act(CENTRE, Post.REGISTRAR, "risk", draft, move, **{field: units[chosen]})


def test_an_officer_who_may_not_execute_is_refused(house: House) -> None:
    draft = house.registered_draft()
    house.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    house.act(
        CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=house.unit(CENTRE, "Goods unit")
    )
    for login in (login_of(HOUSE, Post.OFFICER, "goods"), login_of(CENTRE, Post.OFFICER, "value")):
        with pytest.raises(Invalid):
            house.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "name_executor", executor=house.officer(login))


def test_the_competent_unit_is_named_anew(house: House) -> None:
    draft = house.reviewed_draft()
    value = house.unit(CENTRE, "Value unit")
    house.act(CENTRE, Post.REGISTRAR, "risk", draft, "reassign", competent_unit=value)
    now_there = house.document(draft)
    assert (now_there["competent_unit_id"], now_there["executor_id"]) == (value, None)


def test_wrong_details_go_back_to_the_executor(house: House) -> None:
    draft = house.registered_draft(text=texts.complete(scope="local", territory=(HOUSE,)))
    house.act(HOUSE, Post.OFFICER, "goods", draft, "prepare_profile")
    profile = house.profile_of(HOUSE, draft)
    house.local_to_number(profile)
    house.act(HOUSE, Post.REGISTRAR, "risk", profile, "return_details", reason="No such memorandum")
    assert house.status(profile) == "approved"


def test_a_profile_once_signed_is_not_abandoned(house: House) -> None:
    profile = house.prepared_profile()
    house.act(CENTRE, Post.OFFICER, "goods", profile, "sign_as_executor")
    house.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "return", reason="Mend it")
    with pytest.raises(NotAllowedNow):
        house.act(CENTRE, Post.OFFICER, "goods", profile, "abandon", reason="Tired")


def test_only_the_head_of_department_agrees_a_proposal(house: House) -> None:
    draft = house.reviewed_draft()
    house.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")
    with pytest.raises(NotYours):
        house.act(CENTRE, Post.OFFICER, "goods", draft, "agree_expedient")


def test_an_estimate_stands_on_a_run_of_the_same_indicators(house: House) -> None:
    draft = house.draft()
    note = house.document(draft)["text"]["note"] | {"estimate_run": 999, "estimate_reason": ""}
    house.change(HOUSE, draft, "note", note)
    assert ("note", "estimate") in house.missing(draft, HOUSE)
    with pytest.raises(NotAllowedNow):
        house.act(HOUSE, Post.OFFICER, "goods", draft, "submit")

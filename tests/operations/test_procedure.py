"""The whole path of a draft and its profile through the operations, on both databases."""

from __future__ import annotations

from flask import Flask

from portal.levels.roles import Post
from portal.operations import procedure
from portal.operations import texts as kept_texts
from portal.store.documents import signatures
from portal.store.session import acting
from portal.workflow.clock import now
from tests.cast import CENTRE, HOUSE, login_of
from tests.office import Office


def test_a_draft_becomes_a_profile_in_force(app: Flask) -> None:
    office = Office(app)
    draft = office.registered_draft()
    assert office.number(draft).startswith("00/10130/")
    office.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    office.act(
        CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=office.unit(CENTRE, "Goods unit")
    )
    executor = office.officer(login_of(CENTRE, Post.OFFICER, "goods"))
    office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "name_executor", executor=executor)
    office.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "agree_expedient")
    office.act(CENTRE, Post.OFFICER, "goods", draft, "prepare_profile")
    profile = office.profile_of(CENTRE, draft)
    office.profile_to_force(profile)
    assert office.status(draft) == "embodied"
    assert office.status(profile, CENTRE) == "in_force"
    assert office.number(profile, CENTRE).startswith("12/10000/")


def test_no_signature_outlives_the_text_that_it_stands_under(app: Flask) -> None:
    """Whatever changes a text, in whatever status: the signatures lapse, and stay to be read (procedure §5)."""
    office = Office(app)
    draft = office.agreed_draft()
    with app.app_context(), acting(HOUSE, "test"):
        signed = signatures(draft)
        assert {one.role for one in signed} >= {"unit_head"}
        document = procedure.load(draft)
        assert not kept_texts.put(document, document.text, "Somebody", now())
        assert len(signatures(draft)) == len(signed)
        changed = {**document.text, "header": {**document.text["header"], "title": "Another title"}}
        assert kept_texts.put(document, changed, "Somebody", now())
        assert signatures(draft) == []
        assert len(signatures(draft, lapsed=True)) == len(signed)

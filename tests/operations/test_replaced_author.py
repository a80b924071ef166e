"""Another author takes a draft over: who names him, whom, when; whoever wrote the text before never signs it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import Invalid, NotAllowedNow, NotYours
from portal.levels.roles import Post
from portal.models import JournalEntry, Profile, Signature, Unit
from portal.operations import administration, administration_officers, choices, drafting, procedure
from portal.store import documents
from portal.store.session import acting, session
from portal.workflow import engine
from portal.workflow.moves import DRAFT_MOVES
from portal.workflow.statuses import MEANINGS, D
from tests import texts
from tests.administrators import HOUSE, at, one, place, today
from tests.cast import CENTRE, login_of
from tests.office import Office

AUTHOR, OTHER = "10130000.officer.goods", "10130000.officer.goods2"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def replaced(office: Office, draft: int, login: str = OTHER) -> None:
    new = office.officer(login)
    office.act(HOUSE, Post.UNIT_HEAD, "goods", draft, "replace_author", author=new, reason="Left the service")


def offered(office: Office, path: str, post: Post, unit: str, document: int) -> dict[str, tuple[str, ...]]:
    """The moves that stand open to the holder of a post, each with what hinders it."""
    acts = office.acts(path, post, unit)
    with office.app.app_context(), acting(path, "test", writes=False):
        facts = documents.facts(procedure.load(document))
        return {one.move.name: one.hindrances for one in engine.available(facts, acts.actor)}


def made_head(office: Office, login: str, unit: str = "Goods unit", path: str = HOUSE) -> None:
    """An officer becomes head of his unit too."""
    key = office.unit(path, unit)
    with office.app.app_context(), acting(path, "test"):
        administration.appoint(
            one(login), place(path), Post.UNIT_HEAD, today(), unit=session().get_one(Unit, key)
        )


def test_a_draft_whose_author_left_goes_on_with_another(office: Office) -> None:
    draft = office.draft()
    with at(office, HOUSE) as acts:
        administration_officers.close(one(AUTHOR), acts, None, "Left the service")
    replaced(office, draft)
    row = office.document(draft)
    assert row["status"] == "drafting"
    assert (row["author_id"], len(row["earlier_writers"])) == (office.officer(OTHER), 1)
    with office.app.app_context(), acting(HOUSE, "test", writes=False):
        entry = session().scalars(select(JournalEntry).where(JournalEntry.event == "replace_author")).one()
        assert entry.carried["reason"] == "Left the service"
        assert entry.carried["author"] == office.officer(OTHER)
    office.act(HOUSE, Post.OFFICER, "goods2", draft, "submit")
    assert office.status(draft) == "head_signing"


def test_the_earlier_author_writes_it_no_more_and_the_new_one_does(office: Office) -> None:
    draft = office.draft()
    replaced(office, draft)
    old, new = (office.acts(HOUSE, Post.OFFICER, unit) for unit in ("goods", "goods2"))
    with office.app.app_context(), acting(HOUSE, "test"):
        row = procedure.load(draft)
        note = row.text["note"] | {"sources": "Seen"}
        with pytest.raises(NotYours):
            drafting.change(row, old, "note", note)
        assert drafting.change(row, new, "note", note)


def test_whoever_wrote_the_text_never_signs_it_as_head(office: Office) -> None:
    """Both the author of now and the one before are barred; the head who wrote nothing is not."""
    draft = office.draft()
    replaced(office, draft)
    office.act(HOUSE, Post.OFFICER, "goods2", draft, "submit")
    made_head(office, AUTHOR)
    made_head(office, OTHER)
    assert offered(office, HOUSE, Post.OFFICER, "goods", draft)["sign"] == (engine.OWN_DOCUMENT,)
    assert offered(office, HOUSE, Post.OFFICER, "goods2", draft)["sign"] == (engine.OWN_DOCUMENT,)
    assert offered(office, HOUSE, Post.UNIT_HEAD, "goods", draft)["sign"] == ()
    with pytest.raises(NotAllowedNow):
        office.act(HOUSE, Post.OFFICER, "goods", draft, "sign")


def test_the_profile_knows_who_wrote_its_draft(office: Office) -> None:
    draft = office.registered_draft(text=texts.complete(scope="local", territory=(HOUSE,)))
    replaced(office, draft)
    office.act(HOUSE, Post.OFFICER, "goods2", draft, "prepare_profile")
    profile = office.profile_of(HOUSE, draft)
    first = office.officer(AUTHOR)
    with office.app.app_context(), acting(HOUSE, "test", writes=False):
        assert first in documents.facts(session().get_one(Profile, profile)).authors


def test_a_replaced_executor_who_wrote_the_profile_never_signs_it_as_head(office: Office) -> None:
    profile = office.prepared_profile()
    earlier, later = (office.officer(login_of(CENTRE, Post.OFFICER, unit)) for unit in ("goods", "goods2"))
    office.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "replace_executor", executor=later)
    office.act(CENTRE, Post.OFFICER, "goods2", profile, "sign_as_executor")
    made_head(office, login_of(CENTRE, Post.OFFICER, "goods"), path=CENTRE)
    assert offered(office, CENTRE, Post.OFFICER, "goods", profile)["sign"] == (engine.OWN_DOCUMENT,)
    assert earlier in office.document(profile, CENTRE)["earlier_writers"]


def test_only_an_officer_of_the_unit_is_named_and_nobody_who_signed_it(office: Office) -> None:
    draft = office.draft()
    for login in (AUTHOR, "10130000.officer.value", "10130000.unit_head.goods", "10000000.officer.goods"):
        with pytest.raises(Invalid):
            replaced(office, draft, login)
    new = office.officer(OTHER)
    with pytest.raises(Invalid):
        office.act(HOUSE, Post.UNIT_HEAD, "goods", draft, "replace_author", author=new, reason="")
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    made_head(office, OTHER)
    office.act(HOUSE, Post.OFFICER, "goods2", draft, "sign")
    with office.app.app_context(), acting(HOUSE, "test", writes=False):
        assert session().scalars(select(Signature.officer_id)).all() == [office.officer(OTHER)]
        assert choices.officers_for(procedure.load(draft), "author") == []
    with pytest.raises(Invalid):
        replaced(office, draft)


@pytest.mark.parametrize(
    ("post", "unit"),
    [
        (Post.OFFICER, "goods"),
        (Post.UNIT_HEAD, "value"),
        (Post.UNIT_HEAD, "risk"),
        (Post.FIRST_DEPUTY, ""),
        (Post.HEAD, ""),
        (Post.REGISTRAR, "risk"),
    ],
)
def test_the_head_of_the_unit_alone_names_him(office: Office, post: Post, unit: str) -> None:
    draft = office.draft()
    new = office.officer(OTHER)
    with pytest.raises(NotYours):
        office.act(HOUSE, post, unit, draft, "replace_author", author=new, reason="So be it")


def test_it_stands_open_wherever_the_draft_is_at_its_house() -> None:
    (line,) = (move for move in DRAFT_MOVES if move.name == "replace_author")
    elsewhere = {
        D.SENT, D.UNDER_REVIEW, D.WORKSHOP, D.INFORMATION, D.REWORK_CENTRAL, D.RTU_REQUEST, D.RTU_OPINION, D.EXPEDIENT,
    }  # fmt: skip
    assert set(line.sources) == {status for status in D if not MEANINGS[status].final} - elsewhere


def test_signatures_stay_for_the_text_is_the_same(office: Office) -> None:
    draft = office.agreed_draft()
    replaced(office, draft)
    with office.app.app_context(), acting(HOUSE, "test", writes=False):
        assert len(documents.signatures(draft)) == 3
    assert office.status(draft) == "agreed"
    office.act(HOUSE, Post.REGISTRAR, "risk", draft, "register")

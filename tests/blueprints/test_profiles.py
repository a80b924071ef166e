"""The pages of profiles: the list, the carrier, the publication, prints, versions, local ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from portal.levels.roles import Post
from portal.models import Publication, ReadReceipt
from portal.store.session import acting, session
from portal.workflow.clock import now
from tests import texts
from tests.browser import Browser, Page
from tests.cast import CENTRE, HOUSE, PASSWORD
from tests.office import Office

EXECUTOR = "10000000.officer.goods"
DEPARTMENT_HEAD = "10000000.unit_head.goods"
RISK_HEAD = "10000000.unit_head.risk"
RTU = "eeu.ru.10100000."
Browse = Callable[[str], Browser]


def act(browse: Browse, login: str, document: int, move: str, **typed: str) -> Page:
    page = browse(login).get(f"/{login.split('.')[0]}/documents/{document}/{move}")
    assert page.status == 200, page.words
    form = page.form(f"/{move}")
    if any(name == "password" for name, _ in form.values):
        typed.setdefault("password", PASSWORD)
    return form.submit(**typed)


def local_profile_in_force(office: Office) -> int:
    """A local profile of the house, from its draft to force, without the centre."""
    draft = office.registered_draft(text=texts.complete(scope="local", territory=(HOUSE,)))
    office.act(HOUSE, Post.OFFICER, "goods", draft, "prepare_profile")
    profile = office.profile_of(HOUSE, draft)
    for post, unit, move in (
        (Post.OFFICER, "goods", "sign_as_executor"),
        (Post.UNIT_HEAD, "goods", "sign"),
        (Post.OFFICER, "goods", "put_on_carrier"),
        (Post.HEAD, "", "approve"),
    ):
        office.act(HOUSE, post, unit, profile, move)
    details = {"carrier_number": "M-1", "carrier_date": "2026-11-20"}
    office.act(HOUSE, Post.OFFICER, "goods", profile, "give_details", **details)
    office.act(HOUSE, Post.REGISTRAR, "risk", profile, "register")
    return profile


TABS = (
    "",
    "/note",
    "/remarks",
    "/signatures",
    "/versions",
    "/history",
    "/carrier",
    "/publication",
    "/print/text",
)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_a_profile_is_shown_at_the_centre_and_nowhere_else(
    app: Flask, browse: Browse, tab: str
) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    page = browse(EXECUTOR).get(f"/10000000/profiles/{profile}{tab}")
    assert page.status == 200, page.words
    assert "Footwear from third countries" in page.words
    assert browse(EXECUTOR).get(f"/10000000/drafts/{profile}{tab}").status == 404
    for stranger in ("10130000", "05000000"):
        assert browse(f"{stranger}.officer.goods").get(f"/{stranger}/profiles/{profile}{tab}").status == 404


def test_profiles_are_listed_apart_from_drafts(app: Flask, browse: Browse) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    page = browse(EXECUTOR).get("/10000000/profiles")
    assert [a["href"] for a in page.soup.select("tbody th a")] == [f"/10000000/profiles/{profile}"]
    assert "Being prepared" in page.words
    assert "No profiles yet" in browse("10130000.officer.goods").get("/10130000/profiles").words
    exported = browse(EXECUTOR).client.get("/10000000/profiles.csv")
    assert "Footwear from third countries" in exported.get_data(as_text=True)


def test_the_executor_writes_the_profile_while_it_is_prepared(app: Flask, browse: Browse) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    section = f"/10000000/profiles/{profile}/sections/contact"
    assert browse(DEPARTMENT_HEAD).get(section).status == 403
    page = browse(EXECUTOR).get(section).form("/contact").submit(telephone="+7 499 222")
    assert page.response.request.path == f"/10000000/profiles/{profile}"
    assert "+7 499 222" in page.words
    assert office.document(profile, CENTRE)["text"]["contact"]["telephone"] == "+7 499 222"
    header = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/sections/header")
    values = {control["value"] for control in header.soup.find_all("input", attrs={"name": "scope"})}
    assert values == {"national", "zonal", "regional"}


def test_the_carrier_is_a_letter_when_the_officer_finds_the_risk(app: Flask, browse: Browse) -> None:
    office = Office(app)
    text = texts.complete(scope="national", territory=(CENTRE,), formalisation="non_formalised")
    profile = office.prepared_profile(text=text)
    page = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/carrier")
    assert "Letter" in page.words
    assert "To: Head of the service (Head of the authority 10000000.head)" in page.words
    assert "Number given by the records office" in page.words


def test_the_file_holds_the_opinion_that_was_asked_for(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.reviewed_draft()
    asked = {"question": "Is it known?", "rtu_unit": office.unit(RTU, "Goods unit")}
    office.act(CENTRE, Post.OFFICER, "goods", draft, "ask_rtu", **asked)
    office.act(RTU, Post.OFFICER, "goods", draft, "write_opinion", opinion="It is known.")
    office.act(RTU, Post.REGISTRAR, "risk", draft, "agree_opinion")
    office.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "agree_expedient")
    office.act(CENTRE, Post.OFFICER, "goods", draft, "prepare_profile")
    profile = office.profile_of(CENTRE, draft)
    page = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/carrier")
    papers = [li.get_text(" ", strip=True) for li in page.soup.select(".rp-columns > div .rp-checklist li")]
    assert papers[-1].startswith("done: Opinion of the directorate")
    assert len(papers) == 5
    printed = browse(EXECUTOR).get(f"/10000000/drafts/{draft}/print/opinion")
    assert "It is known." in printed.words
    assert browse(EXECUTOR).get(f"/10000000/profiles/{profile}/print/opinion").status == 404


def test_the_publication_shows_who_has_read_it_and_the_legal_act(app: Flask, browse: Browse) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    with app.app_context(), acting(CENTRE, "test", writes=False):
        published = session().query(Publication.id).filter_by(document_id=profile).one().id
    with app.app_context(), acting(RTU, "test"):
        receipt = {"officer_id": 1, "officer_name": "R. Reader", "at": now()}
        session().add(ReadReceipt(publication_id=published, authority_path=RTU, **receipt))
    act(
        browse, "10000000.registrar.risk", profile, "record_act", act_number="Order 77", act_date="2026-11-21"
    )
    page = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/publication")
    for words in ("Central directorate (10100000)", "R. Reader", "In force", "Order 77", "21 Nov 2026, Sat"):
        assert words in page.words


def test_the_centre_suspends_a_local_profile_and_lifts_the_suspension(app: Flask, browse: Browse) -> None:
    office = Office(app)
    profile = local_profile_in_force(office)
    assert office.status(profile) == "in_force"
    page = act(browse, RISK_HEAD, profile, "suspend", reason="It repeats a national profile")
    assert "Suspended" in page.words
    assert office.status(profile) == "suspended"
    seen = browse("10130000.officer.goods").get(f"/10130000/profiles/{profile}/history")
    assert "It repeats a national profile" in seen.words
    act(browse, RISK_HEAD, profile, "resume", reason="The national one has ended")
    assert office.status(profile) == "in_force"
    stranger = browse("05000000.unit_head.risk").get(f"/05000000/documents/{profile}/suspend")
    assert stranger.status == 404


def test_a_cancellation_goes_through_the_same_signatures(app: Flask, browse: Browse) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    check = browse(EXECUTOR).get(f"/10000000/documents/{profile}/propose_cancellation")
    assert check.soup.select("button.rp-danger")
    act(browse, EXECUTOR, profile, "propose_cancellation", reason="The risk is gone")
    act(browse, DEPARTMENT_HEAD, profile, "sign_cancellation")
    last = browse(DEPARTMENT_HEAD).get(f"/10000000/documents/{profile}/cancel")
    assert "This ends the document. It cannot be undone." in last.words
    act(browse, DEPARTMENT_HEAD, profile, "cancel")
    assert office.status(profile, CENTRE) == "cancelled"
    signatures = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/signatures").words
    assert "Approval of the cancellation" in signatures


def test_an_update_takes_the_place_of_the_version_in_force(app: Flask, browse: Browse) -> None:
    office = Office(app)
    first = office.prepared_profile()
    office.profile_to_force(first)
    begun = act(browse, EXECUTOR, first, "begin_update")
    second = int(str(begun.response.request.path).rsplit("/", 1)[1])
    page = browse(EXECUTOR).get(f"/10000000/profiles/{second}/sections/header")
    page.form("/header").submit(valid_to=date(2028, 6, 30).isoformat())
    office.profile_to_force(second)
    assert (office.status(first, CENTRE), office.status(second, CENTRE)) == ("superseded", "in_force")
    shown = browse(EXECUTOR).get(f"/10000000/profiles/{first}/versions").words
    assert "Version 2" in shown
    assert "Superseded" in shown
    assert "30 Jun 2028, Fri" in shown
